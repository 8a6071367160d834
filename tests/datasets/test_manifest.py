import numpy as np
import pytest
import soundfile

from mmteach.datasets import card, check, drop_duplicates, load, plan
from mmteach.errors import DataError, ParameterError

GOOD = "id,label,group,split,image,text,mood\n1,Ann,a,train,a.png,hello,glad\n2,Bob,b,test,b.png,,\n"


def message(path) -> str:
    with pytest.raises(DataError) as caught:
        load(path)
    return str(caught.value)


def test_a_manifest_becomes_samples(write_manifest):
    dataset = load(write_manifest(GOOD))
    assert dataset.name == "set"
    assert dataset.ids.tolist() == ["1", "2"]
    assert dataset.labels.tolist() == ["Ann", "Bob"]
    assert dataset.groups.tolist() == ["a", "b"]
    assert dataset.splits.tolist() == ["train", "test"]
    assert dataset.modalities == ("image", "text")
    assert dataset.classes == ("Ann", "Bob")
    sample = dataset[0]
    assert sample.media["image"].pixels.shape == (6, 8)
    assert sample.media["text"] == "hello"
    assert sample.meta == {"mood": "glad"}


def test_an_empty_cell_is_an_absent_modality(write_manifest):
    assert set(load(write_manifest(GOOD))[1].media) == {"image"}


def test_a_folder_with_a_manifest_is_the_same_set(write_manifest):
    assert load(write_manifest(GOOD).parent).ids.tolist() == ["1", "2"]


def test_a_manifest_of_another_name_gives_its_name(write_manifest):
    assert load(write_manifest(GOOD, "mine.csv")).name == "mine"


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: text.replace("id,label", "ID, Label").encode(),
        lambda text: (text + "\n,,,,,,\n\n").encode(),
        lambda text: text.rstrip().encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode(),
    ],
    ids=["BOM", "CRLF", "semicolons", "tabs", "capitals", "blank lines", "no last newline", "spreadsheet"],
)
def test_what_spreadsheets_write_is_read_right(write_manifest, change):
    dataset = load(write_manifest(change(GOOD)))
    assert dataset.labels.tolist() == ["Ann", "Bob"]
    assert dataset[0].media["text"] == "hello"
    assert dataset[0].meta == {"mood": "glad"}


def test_chinese_and_commas_in_quotes(write_manifest):
    dataset = load(write_manifest('id,label,text\n1,好,"很好, 非常好"\n'))
    assert dataset[0].media["text"] == "很好, 非常好"
    assert dataset.classes == ("好",)


def test_arrays_are_read_as_float32(write_manifest, tmp_path):
    path = write_manifest("id,landmarks,vector\n1,points.npy,v.npy\n")
    np.save(path.parent / "points.npy", np.arange(10.0).reshape(5, 2))
    np.save(path.parent / "v.npy", np.arange(3))
    media = load(path)[0].media
    assert media["landmarks"].shape == (5, 2)
    assert media["vector"].dtype == np.float32


def test_a_text_cell_may_name_a_file(write_manifest):
    path = write_manifest("id,text\n1,letter.txt\n2,readme.txt\n")
    (path.parent / "letter.txt").write_text("\ufeffGood day\n", encoding="utf-8")
    dataset = load(path)
    assert dataset[0].media["text"] == "Good day"
    assert dataset[1].media["text"] == "readme.txt"  # no such file: the words themselves


def test_paths_may_go_up_be_absolute_or_have_backslashes(write_manifest, write_picture, tmp_path):
    above = write_picture(tmp_path / "above.png")
    write_picture(tmp_path / "set" / "inner" / "x.png")
    path = write_manifest(f"id,image\n1,../above.png\n2,{above}\n3,inner\\x.png\n")
    assert [sample.media["image"].pixels.shape for sample in load(path)] == [(6, 8)] * 3


def test_every_bad_line_is_listed_with_its_number(write_manifest):
    path = write_manifest(
        "id,label,split,image,landmarks\n"
        "1,Ann,train,a.png,\n"
        "2,Ann,train,gone.png,\n"
        "1,Ann,train,b.png,\n"
        "4,Ann,dev,c.png,\n"
        "5,Ann,train,,\n"
        ",Ann,train,d.png,\n"
        "7,Ann,train,d.png,d.png\n"
        "8,Ann,train,../set,\n"
        "9,Ann,train,d.png,,more\n"
        "10,Ann,train,A.PNG,\n"
    )
    with pytest.raises(DataError) as caught:
        load(path)
    said = caught.value.problems
    assert [line.split(":")[0] for line in said] == [f"line {n}" for n in range(3, 12)]
    for line, words in zip(
        said,
        [
            "gone.png",
            "used on line 2",
            "'dev'",
            "no image nor landmarks",
            "id is empty",
            ".npy",
            "folder",
            "more",
            "a.png",
        ],
        strict=True,
    ):
        assert words in line
    assert "9 bad lines" in str(caught.value)


def test_a_line_number_counts_lines_of_the_file(write_manifest):
    path = write_manifest('id,image,note\n\n1,a.png,"two\nlines"\n2,gone.png,\n')
    assert "line 5: image 'gone.png'" in message(path)


def test_only_the_first_twenty_bad_lines_are_listed(write_manifest):
    path = write_manifest("id,image\n" + "".join(f"{i},gone.png\n" for i in range(33)))
    with pytest.raises(DataError) as caught:
        load(path)
    assert len(caught.value.problems) == 21
    assert caught.value.problems[-1] == "... and 13 more"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        ("id,image\n", "no rows"),
        ("name,image\n1,a.png\n", "no id column (its columns: name, image)"),
        ("id,label\n1,Ann\n", "no column of a modality"),
        ("id,image,Image\n1,a.png,a.png\n", "two columns called 'image'"),
        ("id,image\n1,a.png\n".encode("utf-16"), "UTF-16"),
        (b"id,text\n1,ok\n2,caf\xe9\n", "line 3 is not UTF-8"),
        ('id,image\n1,"a.png\n', "double quotes"),
    ],
)
def test_a_table_that_cannot_be_used_gets_its_sentence(write_manifest, content, words):
    assert words in message(write_manifest(content))


def test_another_column_becomes_the_label(write_manifest):
    dataset = load(write_manifest(GOOD)).relabel("mood")
    assert dataset.labels.tolist() == ["glad", None]
    assert dataset[0].meta["label"] == "Ann"
    with pytest.raises(ParameterError, match="further columns: mood"):
        load(write_manifest(GOOD)).relabel("mod")


def test_a_bad_file_is_named_with_its_line_when_it_is_read(write_manifest):
    path = write_manifest("id,image\n1,a.png\n2,b.png\n")
    (path.parent / "b.png").write_bytes(b"not a picture")
    dataset = load(path)
    dataset[0]
    with pytest.raises(DataError, match=r"manifest\.csv line 3: .*b\.png is not a picture"):
        dataset[1]


def test_a_manifest_of_recordings_and_texts_from_end_to_end(tmp_path):
    """Columns that known sets have as well, fold among them, mean the same in one's own table."""
    lines = ["id,label,group,audio,text,valence,fold,language"]
    for i in range(8):
        samples = np.random.default_rng(i).integers(-9000, 9000, 800, dtype=np.int16)
        soundfile.write(tmp_path / f"{i}.wav", samples, 16000)
        mood = ("positive", "negative")[i % 2]
        lines.append(f'u{i},{mood},speaker {i // 2},{i}.wav,"well, {i}",{mood},{i // 4 + 1},en')
    (tmp_path / "manifest.csv").write_text("\n".join(lines), encoding="utf-8")
    dataset = load(tmp_path)
    assert dataset.modalities == ("audio", "text")
    assert dataset.rows[3].meta == {"valence": "negative", "fold": "1", "language": "en"}
    sample = dataset[3]
    assert (sample.media["text"], sample.media["audio"].samples.shape) == ("well, 3", (800,))
    assert check(tmp_path) == (8, [])
    assert drop_duplicates(dataset) == (dataset, "")
    assert [fold.test.tolist() for fold in plan(dataset, "classify").folds] == [[0, 1, 2, 3], [4, 5, 6, 7]]
    composed = load(f"{tmp_path}+{tmp_path}", n_blocks=2)
    assert (len(composed), composed.classes) == (8, ("negative", "positive"))
    assert card(f"{tmp_path}+{tmp_path}").startswith(f"# {tmp_path.name}+{tmp_path.name}: a composed set")
