import pytest

from mmteach.datasets import load
from mmteach.errors import DataError


def test_a_folder_for_each_person_in_natural_order(tmp_path, write_picture):
    for person in (10, 2, 1):
        for i in (10, 9, 1):
            write_picture(tmp_path / f"s{person}" / f"{i}.pgm")
    dataset = load(tmp_path)
    assert dataset.ids.tolist() == [f"s{p}/{i}" for p in (1, 2, 10) for i in (1, 9, 10)]
    assert dataset.labels.tolist() == dataset.groups.tolist() == ["s1"] * 3 + ["s2"] * 3 + ["s10"] * 3
    assert dataset.modalities == ("image",)
    assert dataset[4].media["image"].pixels.shape == (6, 8)


def test_files_of_no_known_kind_and_hidden_ones_are_passed_over(tmp_path, write_picture):
    write_picture(tmp_path / "Ann" / "1.JPG".replace("JPG", "jpg"))
    write_picture(tmp_path / "Ann" / "2.png").rename(tmp_path / "Ann" / "2.PNG")
    write_picture(tmp_path / "Bob" / "1.png")
    write_picture(tmp_path / ".cache" / "1.png")
    write_picture(tmp_path / "loose.png")
    (tmp_path / "Ann" / "._1.jpg").write_bytes(b"left by a file manager")
    (tmp_path / "Ann" / "Thumbs.db").write_bytes(b"left by another")
    (tmp_path / "empty").mkdir()
    assert load(tmp_path).ids.tolist() == ["Ann/1", "Ann/2", "Bob/1"]


def test_two_files_of_one_name_keep_their_endings(tmp_path, write_picture):
    for name in ("1.png", "1.jpg", "2.png"):
        write_picture(tmp_path / "Ann" / name)
    assert load(tmp_path).ids.tolist() == ["Ann/1.jpg", "Ann/1.png", "Ann/2"]


def test_sounds_and_texts_are_known_by_their_endings(tmp_path):
    (tmp_path / "glad").mkdir()
    (tmp_path / "glad" / "a.wav").touch()
    (tmp_path / "glad" / "b.txt").write_text("how nice", encoding="utf-8")
    dataset = load(tmp_path)
    assert dataset.modalities == ("audio", "text")
    assert dataset[1].media == {"text": "how nice"}


@pytest.mark.parametrize("name", ["", "nothing.zip", "picture.png"])
def test_what_is_no_set_gets_a_sentence(tmp_path, write_picture, name):
    if name:
        write_picture(tmp_path / "picture.png")
        (tmp_path / "nothing.zip").touch()
    with pytest.raises(DataError, match=r"(neither a manifest\.csv nor folders)|(not a set)"):
        load(tmp_path / name)
