"""The real sets themselves, where they are."""

import time
from collections import Counter

import numpy as np
import pytest

from mmteach.datasets import check, drop_duplicates, load, names_with_state, plan, read_audio

pytestmark = pytest.mark.real


@pytest.fixture
def orl(real_data, monkeypatch):
    if not (real_data / "orl").is_dir():
        pytest.skip(f"real data is absent: {real_data / 'orl'}")
    monkeypatch.setenv("MMTEACH_DATA", str(real_data))
    return load("orl")


def test_orl_has_forty_people_of_ten_photos(orl):
    assert len(orl) == 400
    assert orl.labels.tolist() == [f"s{p}" for p in range(1, 41) for _ in range(10)]
    assert orl.ids[:10].tolist() == [f"s1/{i}" for i in range(1, 11)]
    image = orl[0].media["image"]
    assert image.pixels.shape == (112, 92)
    assert image.pixels.dtype == np.uint8
    assert image.orientation == 1


def test_every_photo_of_orl_can_be_read(orl):
    assert check("orl") == (400, [])


def test_the_published_protocols_of_orl(orl):
    (fold,) = plan(orl, "identify", "first5").folds
    assert {name.split("/")[1] for name in orl.ids[fold.train]} == set("12345")
    assert len(fold.test) == 200
    (fold,) = plan(orl, "verify", "heldout10").folds
    assert set(orl.labels[fold.test]) == {f"s{p}" for p in range(31, 41)}
    assert set(orl.labels[np.concatenate([fold.train, fold.val])]) == {f"s{p}" for p in range(1, 31)}


def test_a_real_recording_is_read(real_data):
    path = real_data / "fsdd" / "recordings" / "0_george_0.wav"
    if not path.is_file():
        pytest.skip(f"real data is absent: {path}")
    waveform = read_audio(path)
    assert waveform.sample_rate == 8000
    assert 0.1 < len(waveform.samples) / 8000 < 1.5


@pytest.fixture
def load_real(real_data, monkeypatch):
    """Load a real set, or two as one, by name."""
    monkeypatch.setenv("MMTEACH_DATA", str(real_data))

    def load_here(name, **options):
        for side in name.split("+"):
            if not (real_data / side).is_dir():
                pytest.skip(f"real data is absent: {real_data / side}")
        return load(name, **options)

    return load_here


@pytest.mark.parametrize(
    ("name", "n", "n_classes", "n_groups", "modalities"),
    [
        ("ravdess", 540, 8, 18, ("audio", "face")),
        ("mosi", 1447, 2, 62, ("acoustic", "text")),
        ("sst2", 9613, 2, 0, ("text",)),
        ("waimai", 11987, 2, 0, ("text",)),
        ("fsdd", 1250, 10, 5, ("audio",)),
    ],
)
def test_a_real_set_is_as_its_publisher_counts_it(load_real, name, n, n_classes, n_groups, modalities):
    dataset = load_real(name)
    assert (len(dataset), len(dataset.classes), dataset.modalities) == (n, n_classes, modalities)
    assert len(set(dataset.groups.tolist()) - {None}) == n_groups
    assert len(set(dataset.ids.tolist())) == n
    assert {row.meta["language"] for row in dataset.rows} == {"zh" if name == "waimai" else "en"}
    assert list(dataset[n // 2].media)


def test_loading_by_name_is_quick(load_real):
    names_with_state()  # the first look imports what knows the sets
    for name in ("ravdess", "mosi", "sst2", "waimai", "fsdd"):
        taken = []
        for _ in range(3):
            start = time.process_time()
            load_real(name)
            taken.append(time.process_time() - start)
        assert min(taken) < 1, name  # of the processor, on a slow machine; reading every recording would take more


def test_ravdess_in_six_folds_of_three_actors(load_real):
    dataset = load_real("ravdess")
    assert Counter(row.meta["valence"] for row in dataset.rows) == {
        "negative": 288, "positive": 144, "": 72, "neutral": 36
    }  # fmt: skip
    assert all("face" in row.media for row in dataset.rows)
    made = plan(dataset, "classify")
    assert [len(fold.test) for fold in made.folds] == [90] * 6
    assert set(dataset.groups[made.folds[5].test]) == {"actor 16", "actor 17", "actor 18"}
    everyone = load_real("ravdess", takes="all", text=True)
    assert len(everyone) == 1080
    assert Counter("audio" in row.media for row in everyone.rows) == {True: 540, False: 540}
    faces = {row.id: row.media["face"] for row in everyone.rows}
    np.testing.assert_array_equal(faces["03-01-03-01-02-01-07"], faces["03-01-03-01-02-02-07"])  # one recording


def test_mosi_in_five_folds_of_videos(load_real):
    dataset = load_real("mosi")
    assert Counter(dataset.labels.tolist()) == {"negative": 738, "positive": 709}
    assert [len(fold.test) for fold in plan(dataset, "classify").folds] == [274, 311, 288, 291, 283]
    with pytest.warns(UserWarning, match="fitted on the labels"):
        assert load_real("mosi", features=("text_cnn", "video_cnn"))[0].media["video_cnn"].shape == (100,)


def test_published_splits(load_real):
    (fold,) = plan(load_real("sst2"), "classify").folds
    assert tuple(map(len, fold[1:])) == (6920, 872, 1821)


def test_waimai_in_five_folds(load_real):
    left, _ = drop_duplicates(load_real("waimai"))
    assert all(abs(len(fold.test) - 2394) <= 5 for fold in plan(left, "classify").folds)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ravdess", ""),
        ("mosi", ""),
        ("fsdd", ""),
        ("sst2", "11 of 9,613 texts dropped: 10 texts stand more than once with the same label, 2 of them in "
         "two parts"),
        ("waimai", "18 of 11,987 texts dropped: 4 texts stand twice with the same label, and one copy is kept, "
         "7 texts stand twice with opposite labels"),
    ],
)  # fmt: skip
def test_copies_in_real_sets(load_real, name, said):
    dataset = load_real(name)
    start = time.process_time()
    left, sentence = drop_duplicates(dataset)
    assert time.process_time() - start < 4
    assert sentence.startswith(said)
    assert bool(sentence) == bool(said)
    if name == "sst2":  # what is reported on stays as it was published
        assert [int((left.splits == part).sum()) for part in ("val", "test")] == [872, 1821]


def test_texts_of_one_real_set_with_voices_of_another(load_real):
    dataset = load_real("sst2+ravdess", conflict=0.1, keep=("face",))
    assert (len(dataset), dataset.modalities) == (864, ("audio", "face", "text"))
    assert dataset.note.startswith("composed: texts of sst2 with voices of ravdess that share their valence")
    made = plan(dataset, "classify")
    assert len(made.folds) == 6
    for fold in made.folds:
        trained, tested = ({dataset.rows[i].meta["speaker"] for i in part} for part in (fold.train, fold.test))
        assert not trained & tested
        assert len(tested) == 3
    assert Counter(row.meta["conflict"] for row in dataset.rows)["yes"] == 84
    assert max(Counter(row.meta["audio_id"] for row in dataset.rows).values()) >= 3
