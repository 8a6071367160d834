import numpy as np
import pytest
import soundfile

from mmteach.datasets import Dataset, Row, drop_duplicates


def texts(*rows, **further):
    """A set of texts from (text, label, split) of each."""
    made = [Row(str(i), {"text": text}, label, None, split) for i, (text, label, split) in enumerate(rows)]
    return Dataset(made, "made", **further)


@pytest.fixture
def recordings(tmp_path):
    """A set of recordings from (seed, label, split, name) of each: one seed is one sound."""

    def make(*rows):
        made = []
        for i, (seed, label, split, name) in enumerate(rows):
            samples = np.random.default_rng(seed).integers(-9000, 9000, 2000, dtype=np.int16)
            soundfile.write(tmp_path / name, samples, 16000)
            made.append(Row(str(i), {"audio": tmp_path / name, "text": "door"}, label, f"voice {i}", split))
        return Dataset(made, "made")

    return make


def test_texts_are_equal_after_width_capitals_and_blanks():
    dataset = texts(("Ｇｏｏｄ\u3000film", "a", None), ("bad", "b", None), (" good  FILM ", "a", None))
    kept, said = drop_duplicates(dataset)
    assert kept.ids.tolist() == ["0", "1"]
    assert said == "1 of 3 texts dropped: 1 text stands twice with the same label, and one copy is kept"


def test_without_copies_the_set_is_itself():
    dataset = texts(("good", "a", None), ("goods", "a", None))
    assert drop_duplicates(dataset) == (dataset, "")


def test_the_copy_in_the_test_stays():
    rows = [("x", "a", "train"), ("x", "a", "test"), ("y", "a", "train"), ("y", "a", "val"), ("z", "b", "train")]
    assert drop_duplicates(texts(*rows, ("z", "b", None)))[0].ids.tolist() == ["1", "3", "4"]


@pytest.mark.parametrize(
    ("splits", "kept"),
    [((None, None), []), (("train", "train"), []), (("test", "test"), []), (("train", "test"), ["1"]),
     (("test", "val"), ["0"]), (("val", "train"), ["0"])],
)  # fmt: skip
def test_opposite_labels(splits, kept):
    dataset = texts(("x", "a", splits[0]), ("x", "b", splits[1]), ("y", "b", "train"))
    left, said = drop_duplicates(dataset)
    assert left.ids.tolist() == [*kept, "2"]
    assert "1 text stands twice with opposite labels" in said
    assert said.startswith(f"{2 - len(kept)} of 3 texts dropped")


def test_two_opposite_copies_in_the_test_take_the_one_in_training_with_them():
    rows = [("x", "a", "test"), ("x", "b", "test"), ("x", "a", "train"), ("y", "a", "train")]
    left, said = drop_duplicates(texts(*rows))
    assert left.ids.tolist() == ["3"]
    assert said == "3 of 4 texts dropped: 1 text stands more than once with opposite labels"


def test_the_note_says_it_and_the_rest_of_the_description_stays():
    left, said = drop_duplicates(texts(("x", "a", None), ("x", "a", None), card="# Card", note="by hand"))
    assert left.note == f"by hand; {said}"
    assert (left.card, left.name) == ("# Card", "made")


def test_equal_recordings_in_two_formats(recordings):
    dataset = recordings((1, "a", "train", "a.wav"), (2, "b", "train", "b.wav"), (1, "a", "test", "c.flac"))
    left, said = drop_duplicates(dataset)
    assert left.ids.tolist() == ["1", "2"]
    assert said.startswith(
        "1 of 3 recordings dropped: 1 recording stands twice with the same label, 1 of them in two parts"
    )


def test_recordings_that_differ_at_one_end_only(tmp_path):
    samples = np.random.default_rng(0).normal(0, 0.1, 2000)
    rows = []
    for i in range(2):
        soundfile.write(tmp_path / f"{i}.wav", samples, 16000)
        rows.append(Row(str(i), {"audio": tmp_path / f"{i}.wav"}, "a"))
        samples[-1] += 0.5
    assert drop_duplicates(Dataset(rows, "made"))[1] == ""


def test_a_sentence_said_twice_is_no_copy(recordings):
    assert drop_duplicates(recordings((1, "a", None, "a.wav"), (2, "a", None, "b.wav")))[1] == ""


def test_a_text_beside_a_vector_is_no_copy():
    rows = [Row(str(i), {"text": "yes", "acoustic": np.array([float(i)])}, "a") for i in range(2)]
    assert drop_duplicates(Dataset(rows, "made"))[1] == ""


def test_what_cannot_be_read_is_left_for_the_reader_to_name(recordings, tmp_path):
    dataset = recordings(
        (1, "a", None, "a.wav"), (1, "a", None, "b.wav"), (2, "a", None, "c.wav"), (3, "a", None, "d.wav")
    )
    for name in "cd":
        (tmp_path / f"{name}.wav").write_bytes(b"no sound")
    assert drop_duplicates(dataset)[0].ids.tolist() == ["0", "2", "3"]


def test_texts_in_files(tmp_path):
    rows = []
    for i in range(2):
        (tmp_path / f"{i}.txt").write_text("Good" + "\n" * i, encoding="utf-8")
        rows.append(Row(str(i), {"text": tmp_path / f"{i}.txt"}, "a"))
    assert len(drop_duplicates(Dataset(rows, "made"))[0]) == 1
