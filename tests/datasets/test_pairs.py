import pytest

from mmteach.datasets import read_pairs
from mmteach.errors import DataError


@pytest.fixture
def dataset(make_set):
    return make_set(("a", None, None), ("a", None, None), ("b", None, None))


def written(tmp_path, text):
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_pairs_are_read(tmp_path, dataset):
    path = written(tmp_path, "id_a,id_b,same,fold\n0,1,1,1\n0,2,False,2\n")
    assert read_pairs(path, dataset) == [("0", "1", True, "1"), ("0", "2", False, "2")]


def test_bad_lines_are_listed(tmp_path, dataset):
    path = written(tmp_path, "id_a,id_b,same,fold\n0,1,1,1\n0,9,1,1\n0,1,maybe,1\n,1,1,1\n0\n")
    with pytest.raises(DataError) as caught:
        read_pairs(path, dataset)
    said = caught.value.problems
    assert [line[:6] for line in said] == ["line 3", "line 4", "line 5", "line 6"]
    assert "no sample '9' (its ids look like 0)" in said[0]
    assert "'maybe'" in said[1]


def test_a_missing_column_or_file(tmp_path, dataset):
    with pytest.raises(DataError, match="no column 'same'"):
        read_pairs(written(tmp_path, "id_a,id_b,fold\n0,1,1\n"), dataset)
    with pytest.raises(DataError, match="not a file"):
        read_pairs(tmp_path / "gone.csv", dataset)
