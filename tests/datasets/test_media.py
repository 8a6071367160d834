import numpy as np
import pytest

from mmteach.datasets.media import READERS, read_array, read_landmarks, read_media, read_text, read_vector
from mmteach.errors import DataError


def saved(tmp_path, values, **options):
    np.save(tmp_path / "values.npy", values, **options)
    return tmp_path / "values.npy"


def test_whole_numbers_and_fractions_become_float32(tmp_path):
    assert read_array(saved(tmp_path, np.arange(3))).tolist() == [0, 1, 2]
    assert read_array(saved(tmp_path, np.ones(2))).dtype == np.float32


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.array(["a"]), "numbers are needed"),
        (np.zeros((0, 2)), "shape"),
        (np.array([1.0, np.nan, np.inf]), "2 values that are not finite"),
        (np.array([1 + 2j]), "complex128"),
    ],
)
def test_arrays_that_are_not_numbers(tmp_path, values, words):
    with pytest.raises(DataError, match=words):
        read_array(saved(tmp_path, values))


class Trap:
    """Unpickling it would create a file."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (str(self.path), "w"))


def test_a_pickle_in_an_array_is_refused_and_not_run(tmp_path):
    mark = tmp_path / "it ran"
    path = saved(tmp_path, np.array([Trap(mark)], dtype=object), allow_pickle=True)
    with pytest.raises(DataError, match="objects instead of numbers"):
        read_array(path)
    assert not mark.exists()


def test_a_bare_pickle_or_an_archive_is_no_npy(tmp_path):
    import pickle

    path = tmp_path / "values.npy"
    path.write_bytes(pickle.dumps([1]))
    with pytest.raises(DataError, match=r"not a \.npy file"):
        read_array(path)


def test_a_truncated_or_boastful_array(tmp_path):
    path = saved(tmp_path, np.arange(100.0))
    content = path.read_bytes()
    path.write_bytes(content[:-50])
    with pytest.raises(DataError, match="damaged"):
        read_array(path)
    path.write_bytes(content.replace(b"(100,), }   ", b"(10**9,), } "))
    with pytest.raises(DataError, match="damaged"):
        read_array(path)
    path.write_bytes(content.replace(b"(100,), }            ", b"(99999999999999,), } "))
    with pytest.raises(DataError, match="damaged"):
        read_array(path)


def test_landmarks_and_vectors_need_their_shapes(tmp_path):
    assert read_landmarks(saved(tmp_path, np.ones((5, 2)))).shape == (5, 2)
    assert read_vector(saved(tmp_path, np.ones((5, 7)))).shape == (5, 7)
    with pytest.raises(DataError, match=r"\(n, 2\)"):
        read_landmarks(saved(tmp_path, np.ones((2, 5))))
    with pytest.raises(DataError, match=r"\(D,\) or \(T, D\)"):
        read_vector(saved(tmp_path, np.ones((1, 2, 3))))


def test_text_is_utf_8(tmp_path):
    path = tmp_path / "note.txt"
    path.write_text("\ufeff你好 \n", encoding="utf-8")
    assert read_text(path) == "你好"
    path.write_bytes(b"caf\xe9")
    with pytest.raises(DataError, match=r"not UTF-8 text \(byte 3\)"):
        read_text(path)


def test_what_is_in_memory_is_taken_as_it_is():
    pixels = np.zeros((2, 2), np.uint8)
    assert read_media("image", pixels).pixels is pixels
    assert read_media("text", "hello") == "hello"
    assert read_media("vector", pixels) is pixels


@pytest.mark.parametrize("modality", sorted(READERS))
def test_a_missing_file_an_empty_one_and_a_folder(tmp_path, modality):
    (tmp_path / "empty").touch()
    for name, words in (("gone", "is missing"), ("empty", "is empty"), (".", "is a folder")):
        with pytest.raises(DataError, match=words):
            READERS[modality](tmp_path / name)
