"""The drop-down offers what is here, and survives what cannot be opened."""

import csv

import numpy as np
import pytest
from PIL import Image as Pillow

from mmteach.widgets import DataPicker
from mmteach.widgets.panel import follow


@pytest.fixture
def own_set(tmp_path, monkeypatch):
    folder = tmp_path / "mine"
    folder.mkdir()
    Pillow.fromarray(np.zeros((8, 8), np.uint8)).save(folder / "a.png")
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["id", "label", "group", "image"], ["a", "anna", "anna", "a.png"]])
    monkeypatch.setenv("MMTEACH_DATA", str(tmp_path))
    return folder


def test_embedded_set_comes_first_and_its_note_is_shown(own_set):
    picker = DataPicker()
    assert picker.choice.options == ("faces", "mine")
    assert picker.dataset.synthetic
    assert picker.dataset.note in picker.about.value


def test_what_lacks_the_modality_is_not_offered(own_set):
    assert DataPicker(modalities=("image", "landmarks")).choice.options == ("faces",)


def test_picking_tells_who_listens(own_set):
    picker, seen = DataPicker(), []
    follow(picker, lambda d: seen.append(d.name))
    picker.choice.value = "mine"
    assert seen == ["faces", "mine"]
    assert picker.dataset.name == "mine"


def test_a_set_that_breaks_leaves_the_former(own_set):
    picker = DataPicker()
    (own_set / "manifest.csv").write_text("id,label\n", encoding="utf-8")
    picker.choice.value = "mine"
    assert picker.dataset.name == "faces"
    assert "has a header and no rows" in picker.about.value


def test_real_faces_are_offered_where_they_are(real_data, monkeypatch):
    monkeypatch.setenv("MMTEACH_DATA", str(real_data))
    picker = DataPicker()
    assert "orl" in picker.choice.options
    picker.pick("orl")
    assert (len(picker.dataset), picker.dataset.synthetic) == (400, False)
