"""The sets of voices and texts, in small copies of their publishers' layouts."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from mmteach.datasets import card, check, drop_duplicates, get, load, names_with_state, plan
from mmteach.errors import DataError, DownloadError, ParameterError

STEMS = (
    "03-01-01-01-01-01-01",  # neutral
    "03-01-08-02-02-02-01",  # surprised
    "03-01-03-01-01-01-04",  # happy
    "03-01-05-02-02-01-04",  # angry
)
MOSI = (("a_1", "a", "GREAT", 1), ("a_2", "a", "DULL, REALLY", 0), ("c_1", "c", "AWFUL", 0), ("b_1", "b", "FINE", 1))


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    return tmp_path


def write_sound(path: Path, seed: int = 0, sample_rate: int = 16000) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = np.random.default_rng(seed).integers(-9000, 9000, 1600, dtype=np.int16)
    soundfile.write(path, samples, sample_rate)


@pytest.fixture
def ravdess(data):
    for i, stem in enumerate(STEMS):
        write_sound(data / "ravdess" / f"Actor_{stem[-2:]}" / f"{stem}{'.wav' if i % 2 else '.flac'}", i, 48000)
    write_sound(data / "ravdess" / "Actor_01" / "03-02-01-01-01-01-01.wav")  # a song
    (data / "ravdess" / "manifest.csv").write_text("audio_id,emotion\nx,calm\n", encoding="utf-8")
    return data / "ravdess"


def write_faces(folder: Path, *stems: str) -> None:
    values = np.arange(len(stems) * 35, dtype=np.float64).reshape(-1, 35)
    np.savez(folder / "face_action_units.npz", keys=np.array([f"01{stem[2:]}" for stem in stems]), au=values)


def test_ravdess_is_read_from_its_file_names(ravdess):
    dataset = load("ravdess")  # the manifest is not one of ours, and not asked
    assert dataset.name == "ravdess"
    assert dataset.ids.tolist() == list(STEMS[:2]) + list(STEMS[2:])
    assert dataset.labels.tolist() == ["neutral", "surprised", "happy", "angry"]
    assert dataset.groups.tolist() == ["actor 01", "actor 01", "actor 04", "actor 04"]
    assert dataset.modalities == ("audio",)
    sample = dataset[3]
    assert sample.media["audio"].sample_rate == 48000
    assert sample.meta == {
        "intensity": "strong", "sentence": "Dogs are sitting by the door", "repetition": "1", "gender": "female",
        "valence": "negative", "fold": "2", "language": "en",
    }  # fmt: skip
    assert [row.meta["valence"] for row in dataset.rows] == ["neutral", "", "positive", "negative"]
    assert [row.meta["fold"] for row in dataset.rows] == ["1", "1", "2", "2"]
    assert load("ravdess", text=True)[0].media["text"] == "Kids are talking by the door"
    assert check("ravdess") == (4, [])
    assert card("ravdess").startswith("# RAVDESS")
    assert ("ravdess", "here") in [one[:2] for one in names_with_state()]


def test_the_faces_of_ravdess_are_joined_to_the_takes(ravdess):
    write_faces(ravdess, STEMS[3], "03-01-04-01-01-02-02", STEMS[0])
    dataset = load("ravdess")
    assert dataset.modalities == ("audio", "face")
    assert [sorted(row.media) for row in dataset.rows] == [["audio", "face"], ["audio"], ["audio"], ["audio", "face"]]
    face = dataset[0].media["face"]
    assert (face.dtype, face.shape, face[0]) == (np.float32, (35,), 70)
    more = load("ravdess", takes="all")
    assert more.ids.tolist() == [*STEMS[:2], "03-01-04-01-01-02-02", *STEMS[2:]]
    assert (sorted(more.rows[2].media), more.rows[2].label, more.rows[2].group) == (["face"], "sad", "actor 02")
    with pytest.raises(ParameterError, match="'audio' or 'all'"):
        load("ravdess", takes="some")


def test_three_actors_make_a_fold_of_ravdess(ravdess):
    write_faces(ravdess, *(f"03-01-02-01-01-01-{actor:02d}" for actor in range(1, 25)))
    calm = [row for row in load("ravdess", takes="all").rows if row.label == "calm"]
    assert [row.meta["fold"] for row in calm] == [str(i // 3 + 1) for i in range(24)]
    assert {row.meta["valence"] for row in calm} == {"positive"}


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def _scrambled(path: Path) -> None:
    np.savez_compressed(path, keys=np.array(["a"] * 500), au=np.random.default_rng(0).random((500, 35)))
    content = bytearray(path.read_bytes())
    start = content.index(b"au.npy") + 26  # the compressed numbers begin here
    content[start : start + 2000] = b"\xff" * 2000
    path.write_bytes(content)


@pytest.mark.parametrize(
    "damage",
    [
        _truncated,
        _scrambled,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"no archive"),
        lambda path: np.savez(path, keys=np.array(["a"])),
        lambda path: np.savez(path, keys=np.array(["a"], dtype=object), au=np.zeros((1, 35))),
        lambda path: np.savez(path, keys=np.array(["a", "b"]), au=np.zeros((1, 35))),
        lambda path: np.savez(path, keys=np.array(["a"]), au=np.zeros((1, 34))),
        lambda path: np.savez(path, keys=np.array(["a"]), au=np.full((1, 35), np.nan)),
    ],
)
def test_damaged_faces_of_ravdess(ravdess, damage):
    write_faces(ravdess, *STEMS)
    damage(ravdess / "face_action_units.npz")
    with pytest.raises(DataError, match=r"face_action_units\.npz") as caught:
        load("ravdess")
    assert "\n" not in str(caught.value)


def test_ravdess_without_a_take(data):
    (data / "ravdess" / "Actor_01").mkdir(parents=True)
    with pytest.raises(DataError, match="holds no take such as"):
        load("ravdess")


def write_parts(folder: Path, **parts: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in parts.items():
        (folder / f"{name}.tsv").write_bytes(text.encode())


def test_sst2(data):
    write_parts(data / "sst2", train='a "fine" film\t1\n"dull\t0\r\n', dev="so\t1\n", test="no\t0\n\n")
    dataset = load("sst2")
    assert dataset.ids.tolist() == ["train/1", "train/2", "dev/1", "test/1"]
    assert [row.media["text"] for row in dataset.rows] == ['a "fine" film', '"dull', "so", "no"]
    assert dataset.labels.tolist() == ["positive", "negative", "positive", "negative"]
    assert dataset.splits.tolist() == ["train", "train", "val", "test"]
    assert dataset[0].meta == {"valence": "positive", "language": "en"}
    assert "GLUE" not in dataset.note


def test_the_sst2_of_glue_is_recognised_and_said(data):
    head = "sentence\tlabel\n"
    write_parts(data / "sst2", train=f"{head}a\t1\nb\t0\n", dev=f"{head}c\t1\n", test="index\tsentence\n0\td\n")
    dataset = load("sst2")
    assert dataset.splits.tolist() == ["train", "train", "test"]
    assert "GLUE's SST-2" in dataset.note
    assert "its dev part is the test" in dataset.note


@pytest.mark.parametrize(
    ("train", "said"),
    [("a\t1\nb\n", "line 2: a sentence, a tab and 0 or 1"), ("a\t2\n", "1 bad line"), ("\t1\n", "line 1"),
     ("a\tb\t1\n", "a | b | 1"), ("", "is empty"), ("sentence\tlabel\n", "holds no sentence")],
)  # fmt: skip
def test_bad_lines_of_sst2(data, train, said):
    head = "sentence\tlabel\n" if "label" in train else ""
    write_parts(data / "sst2", train=train, dev=f"{head}c\t1\n", test="d\t0\n")
    with pytest.raises(DataError) as caught:
        load("sst2")
    assert "train.tsv" in str(caught.value)
    assert said in str(caught.value)


def write_reviews(data: Path, text: str) -> None:
    (data / "waimai").mkdir()
    (data / "waimai" / "waimai_10k.csv").write_bytes(text.encode())


def test_waimai_is_dealt_to_folds_label_by_label(data):
    lines = [f"1,好吃 {i}" for i in range(50)] + [f'0,"太慢, {i}"' for i in range(100)] + ["0,好吃 3", "0,ＯＫ", "1,ok"]
    write_reviews(data, "\ufefflabel,review\n" + "\n".join(lines) + "\n")
    dataset = load("waimai")
    assert len(dataset) == 153
    assert (dataset.rows[0].media["text"], dataset.rows[50].media["text"]) == ("好吃 0", "太慢, 0")
    assert (dataset.rows[0].id, dataset.rows[0].label, dataset.rows[50].label) == ("review 1", "positive", "negative")
    folds = np.array([row.meta.pop("fold") for row in dataset.rows])
    assert dataset.rows[0].meta == {"valence": "positive", "language": "zh"}
    for label, n in (("positive", 10), ("negative", 20)):
        own = folds[:150][dataset.labels[:150] == label].tolist()
        assert all(abs(own.count(fold) - n) <= 1 for fold in "12345")
    assert folds[3] == folds[150]  # copies stand in one part
    assert folds[151] == folds[152]
    assert folds.tolist() == [row.meta["fold"] for row in load("waimai").rows]


@pytest.mark.parametrize(
    ("text", "said"),
    [("label,text\n1,a\n", "label and review are needed"), ("label,review\n2,a\n", "line 2: the label is '2'"),
     ("label,review\n1,\n", "the review is empty"), ("label,review\n1,a,b\n", "more cells than columns")],
)  # fmt: skip
def test_bad_lines_of_waimai(data, text, said):
    write_reviews(data, text)
    with pytest.raises(DataError) as caught:
        load("waimai")
    assert said in str(caught.value)


def write_mosi(folder: Path, labels=(1, 0, 0, 1), n_columns=73, inner="") -> None:
    (folder / inner).mkdir(parents=True, exist_ok=True)
    index = "".join(f'{i},{utt},{video},"{text}",{label}\n' for i, (utt, video, text, label) in enumerate(MOSI))
    (folder / "index.csv").write_text(f"row,utt_id,video_id,text,label\n{index}", encoding="utf-8")
    for name, size in (("audio", n_columns), ("text", 100), ("video", 100)):
        lines = [",".join(f'"{value}"' for value in [*[i / 4] * size, label]) for i, label in enumerate(labels)]
        (folder / inner / f"{name}_train0.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize("inner", ["", "features"])
def test_mosi(data, inner):
    write_mosi(data / "mosi", inner=inner)
    dataset = load("mosi")
    assert dataset.ids.tolist() == ["a_1", "a_2", "c_1", "b_1"]
    assert dataset.labels.tolist() == ["positive", "negative", "negative", "positive"]
    assert dataset.groups.tolist() == ["a", "a", "c", "b"]
    assert dataset.modalities == ("acoustic", "text")
    assert dataset[1].media["text"] == "DULL, REALLY"
    vector = dataset[1].media["acoustic"]
    assert (vector.dtype, vector.shape, vector[0]) == (np.float32, (73,), 0.25)
    assert [row.meta["fold"] for row in dataset.rows] == ["1", "1", "3", "2"]
    assert dataset[0].meta["valence"] == "positive"
    assert "labels" not in dataset.note


def test_the_vectors_of_mosi_that_know_the_labels_come_with_a_warning(data):
    write_mosi(data / "mosi")
    with pytest.warns(UserWarning, match="text_cnn and video_cnn fitted on the labels"):
        dataset = load("mosi", features=("text_cnn", "video_cnn"))
    assert dataset.modalities == ("acoustic", "text", "text_cnn", "video_cnn")
    assert dataset[0].media["text_cnn"].shape == (100,)
    assert "any score with them is inflated" in dataset.note
    with pytest.warns(UserWarning, match="video_cnn fitted"):
        assert load("mosi", features="video_cnn").modalities == ("acoustic", "text", "video_cnn")
    with pytest.raises(ParameterError, match="features names 'audio_cnn'; it can name text_cnn, video_cnn"):
        load("mosi", features=("audio_cnn",))


@pytest.mark.parametrize(
    ("options", "said"),
    [({"labels": (1, 0, 0)}, "has 3 rows of 74 columns; 4 of 74 are needed"), ({"n_columns": 72}, "of 73 columns"),
     ({"labels": (1, 0, 1, 1)}, r"row 2 has the label 1 and index.csv has 0 \(such rows: 1\)"),
     ({"labels": (1, 0, 0, "x")}, "no table of numbers")],
)  # fmt: skip
def test_files_of_mosi_that_do_not_belong_together(data, options, said):
    write_mosi(data / "mosi", **options)
    with pytest.raises(DataError, match=said):
        load("mosi")


def test_fsdd(data):
    for name in ("7_jackson_0", "7_jackson_10", "7_jackson_2", "0_theo_1", "notes"):
        write_sound(data / "fsdd" / "recordings" / f"{name}.wav", sample_rate=8000)
    dataset = load("fsdd")
    assert dataset.ids.tolist() == ["0_theo_1", "7_jackson_0", "7_jackson_2", "7_jackson_10"]
    assert dataset.labels.tolist() == ["0", "7", "7", "7"]
    assert dataset.groups.tolist() == ["theo", "jackson", "jackson", "jackson"]
    assert dataset[0].meta == {"take": "1", "valence": "", "fold": "theo", "language": "en"}
    for file in (data / "fsdd" / "recordings").glob("[07]*"):
        file.unlink()
    with pytest.raises(DataError, match="no recording such as"):
        load("fsdd")


@pytest.mark.parametrize("name", ["ravdess", "sst2", "waimai", "mosi", "fsdd"])
def test_where_no_address_is_certain_it_is_said_what_to_put_where(name, alone):
    with pytest.raises(DownloadError, match=f"no address of '{name}' is certain") as caught:
        get(name)
    assert str(alone / "user" / "data" / name) in str(caught.value)
    for part in ("Terms:", "Cannot teach:", "Reference"):
        assert part in card(name)


def test_two_known_sets_make_one(data, ravdess):
    write_parts(
        data / "sst2",
        **{part: "".join(f"{part} {i}\t{i % 2}\n" for i in range(6)) for part in ("train", "dev", "test")},
    )
    for actor in ("01", "04"):  # each has a happy and an angry take now
        for i, emotion in enumerate(("03", "05")):
            write_sound(ravdess / f"Actor_{actor}" / f"03-01-{emotion}-01-01-02-{actor}.wav", int(actor) * 10 + i)
    dataset = load("sst2+ravdess", n_blocks=2, conflict=0.5, times=9)
    assert dataset.name == "sst2+ravdess"
    assert (len(dataset), dataset.modalities) == (16, ("audio", "text"))
    assert dataset[0].media["audio"].samples.size == 1600
    assert plan(dataset, "classify").name == "folds"
    assert drop_duplicates(dataset) == (dataset, "")  # its clips stand in several pairs on purpose
    assert card("sst2+ravdess") == load("sst2+ravdess", n_blocks=2).card
    assert check("sst2+ravdess") == (len(load("sst2+ravdess")), [])
    with pytest.raises(ParameterError, match="no option 'min_images'; its options: by, conflict, follow"):
        load("sst2+ravdess", min_images=2)
    with pytest.raises(DataError, match="run `mmteach data get` for sst2 and for ravdess"):
        get("sst2+ravdess")


def test_a_composed_set_of_absent_ones():
    with pytest.raises(DataError, match="set 'sst2' is not on this machine"):
        load("sst2+ravdess")
    text = card("sst2+ravdess")
    assert text.startswith("# sst2+ravdess: a composed set\n\n**Composed: texts of sst2 with voices of ravdess")
    assert "## SST-2" in text
    assert "## RAVDESS" in text


def test_a_folder_with_a_plus_in_its_name_wins(data):
    (data / "sst2+ravdess").mkdir()
    (data / "sst2+ravdess" / "manifest.csv").write_text("id,label,text\n1,a,hello\n", encoding="utf-8")
    for name in ("sst2+ravdess", str(data / "sst2+ravdess"), data / "sst2+ravdess"):
        assert load(name).ids.tolist() == ["1"]
