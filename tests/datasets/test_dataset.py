import numpy as np
import pytest

from mmteach.datasets import Dataset, Row
from mmteach.datasets.dataset import natural_key


def test_it_is_a_sequence_of_samples(make_set):
    dataset = make_set(("a", "g", None), ("b", None, None), (None, None, None))
    assert len(dataset) == 3
    assert [sample.id for sample in dataset] == ["0", "1", "2"]
    assert dataset[-1].id == "2"
    assert dataset[np.int64(1)].label == "b"
    with pytest.raises(IndexError):
        dataset[3]
    with pytest.raises(TypeError):
        dataset["0"]


def test_what_is_known_without_reading_a_file(tmp_path):
    rows = [Row(str(i), {"image": tmp_path / "gone.png"}, label="a", group=None) for i in range(2)]
    dataset = Dataset(rows, "unread")
    assert dataset.labels.dtype.kind == "U"
    assert dataset.groups.tolist() == [None, None]
    assert dataset.groups.dtype == object
    assert dataset.modalities == ("image",)
    assert dataset[:1].ids.tolist() == ["0"]
    assert repr(dataset) == "Dataset('unread': 2 samples, 1 classes, image)"


def test_a_subset_keeps_order_and_description(make_set):
    dataset = make_set(("a", None, None), ("b", None, None), ("c", None, None)).described("# card", True, "rendered")
    few = dataset.subset(np.array([2, 0]))
    assert few.ids.tolist() == ["2", "0"]
    assert (few.name, few.card, few.synthetic, few.note) == ("made", "# card", True, "rendered")
    assert few.classes == ("a", "c")


def test_natural_order():
    names = ["s10", "s2", "S1", "s02", "x²", "7", "img12b", "img2", "²"]
    assert sorted(names, key=natural_key) == ["7", "img2", "img12b", "S1", "s02", "s2", "s10", "x²", "²"]
