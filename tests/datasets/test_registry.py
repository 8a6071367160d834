import os
from pathlib import Path

import pytest

from mmteach.datasets import embedded_folder, load
from mmteach.datasets import folders as module
from mmteach.errors import DataError, ParameterError


@pytest.fixture
def orl(write_picture):
    """Write a small set in ORL's layout and return its folder."""

    def write(folder: Path, n_people: int = 2) -> Path:
        for person in range(1, n_people + 1):
            for i in range(1, 4):
                write_picture(folder / f"s{person}" / f"{i}.pgm")
        return folder

    return write


def own(folder: Path, write_picture, label: str) -> Path:
    write_picture(folder / "a.png")
    (folder / "manifest.csv").write_text(f"id,label,image\n1,{label},a.png\n", encoding="utf-8")
    return folder


def test_the_order_of_the_search(tmp_path, alone, monkeypatch, write_picture):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("mmteach.datasets.registry.embedded_folder", lambda: tmp_path / "embedded")
    places = [tmp_path / "mine", tmp_path / "one" / "mine", tmp_path / "two" / "mine", alone / "user" / "data" / "mine",
              tmp_path / "embedded" / "mine"]  # fmt: skip
    monkeypatch.setenv(
        "MMTEACH_DATA", os.pathsep.join(map(str, (tmp_path / "one", tmp_path / "two", tmp_path / "gone")))
    )
    for i, place in reversed(list(enumerate(places))):
        own(place, write_picture, f"place {i}")
        assert load("mine").classes == (f"place {i}",)


def test_orl_is_found_by_name_with_its_card(tmp_path, monkeypatch, orl):
    orl(tmp_path / "orl")
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    dataset = load("orl")
    assert (dataset.name, len(dataset), dataset.synthetic) == ("orl", 6, False)
    assert "AT&T" in dataset.card
    assert dataset.note


def test_a_known_set_is_known_by_its_path_too(tmp_path, orl):
    assert load(orl(tmp_path / "orl")).card.startswith("# ORL")
    assert load(orl(tmp_path / "others")).card == ""


def test_a_folder_that_does_not_hold_the_known_set_is_passed_over(tmp_path, alone, monkeypatch, orl):
    (tmp_path / "orl" / "half a download").mkdir(parents=True)
    orl(alone / "user" / "data" / "orl")
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    assert len(load("orl")) == 6


def test_a_card_of_ones_own(tmp_path, write_picture):
    own(tmp_path, write_picture, "x")
    (tmp_path / "CARD.md").write_text("# My friends\n", encoding="utf-8")
    assert load(tmp_path).card == "# My friends\n"


def test_an_absent_set_gets_one_sentence(tmp_path, alone, monkeypatch):
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    for name, words in (
        ("orl", ["put the folders s1 to s40", str(alone / "user" / "data" / "orl")]),
        ("lfw", ["run `mmteach data get lfw`", "lfw_funneled"]),
        ("olivetti", ["run `mmteach data get olivetti`", "olivettifaces.mat"]),
    ):
        with pytest.raises(DataError) as caught:
            load(name)
        for word in [*words, str(tmp_path), "embedded"]:
            assert word in str(caught.value)
        assert "\n" not in str(caught.value)


def test_an_unknown_name_gets_the_known_ones(tmp_path):
    with pytest.raises(DataError, match="did you mean 'orl'"):
        load("orll")
    with pytest.raises(DataError, match="known sets are commands, digit_images, faces, fsdd, lfw, mosi, olivetti, orl"):
        load("something else")


@pytest.mark.parametrize("wrong", ["", "  ", "gone.csv", "/gone/away", Path("gone")])
def test_a_path_that_is_not_there(wrong):
    with pytest.raises(DataError, match=r"neither a file nor a folder|is empty"):
        load(wrong)


def test_an_option_that_the_set_does_not_have(tmp_path, orl):
    with pytest.raises(ParameterError, match="no option 'min_images'; its options: none"):
        load(orl(tmp_path / "orl"), min_images=3)


def test_a_folder_of_ones_own_called_faces_is_not_the_embedded_set(tmp_path, write_picture):
    dataset = load(own(tmp_path / "faces", write_picture, "me"))
    assert not dataset.synthetic
    assert dataset.note == ""


def test_embedded_sets_lie_in_the_checkout_or_in_the_wheel(tmp_path, monkeypatch):
    checkout = Path(__file__).parents[2]
    assert embedded_folder() == checkout / "datasets"
    package = tmp_path / "site-packages" / "mmteach" / "datasets"
    (package / "embedded").mkdir(parents=True)
    (tmp_path / "site-packages" / "datasets").mkdir()  # another package of this name
    monkeypatch.setattr(module, "__file__", str(package / "folders.py"))
    assert embedded_folder() == package / "embedded"
    (package / "embedded").rmdir()
    assert embedded_folder() == package / "embedded"


def test_nothing_heavy_is_imported():
    import subprocess
    import sys

    code = (
        "import sys, mmteach.datasets as d; d.names_with_state(); heavy = {'torch', 'sklearn', 'scipy', 'soundfile', "
        "'requests', 'pooch', 'PIL', 'tqdm', 'pandas'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
