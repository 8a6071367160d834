import numpy as np
import pytest

from mmteach.datasets import check
from mmteach.errors import DataError


def test_every_bad_file_and_line_is_listed(write_manifest):
    path = write_manifest("id,image,vector\n1,a.png,\n2,b.png,v.npy\n3,c.png,w.npy\n4,gone.png,\n1,d.png,\n6,d.png,\n")
    (path.parent / "b.png").write_bytes(b"no picture")
    (path.parent / "d.png").write_bytes((path.parent / "a.png").read_bytes()[:60])
    np.save(path.parent / "v.npy", np.ones(3))
    np.save(path.parent / "w.npy", np.array([np.nan]))
    for place in (path, path.parent):
        report = check(place)
        assert report.n_ok == 1
        assert sorted(problem.split(":")[0] for problem in report.problems) == [
            f"manifest.csv line {n}" for n in range(3, 8)
        ]


def test_a_good_set_has_no_problems(write_manifest):
    assert check(write_manifest("id,image\n1,a.png\n2,b.png\n")) == (2, [])


def test_a_table_that_cannot_be_used_is_a_problem(write_manifest):
    n_ok, problems = check(write_manifest("name,image\n1,a.png\n"))
    assert n_ok == 0
    assert "no id column" in problems[0]


def test_bad_files_in_folders_are_named(tmp_path, write_picture):
    write_picture(tmp_path / "Ann" / "1.png")
    for name in ("2.png", "3.png"):
        (tmp_path / "Ann" / name).write_bytes(b"")
    report = check(str(tmp_path))
    assert report.n_ok == 1
    for name, problem in zip(("2.png", "3.png"), report.problems, strict=True):
        assert str(tmp_path / "Ann" / name) in problem


def test_a_set_that_is_nowhere():
    with pytest.raises(DataError, match="known sets are"):
        check("nothing at all")
