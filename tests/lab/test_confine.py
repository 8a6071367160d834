"""Names that a page sends become paths inside the root folder, or a sentence."""

import pytest

from mmteach.errors import ParameterError
from mmteach.lab.confine import find_course, inside, stays_inside


@pytest.mark.parametrize("name", ["..", "a/../b", "a\\..\\b", "/a", "\\a", "C:a", "C:\\a", "//host/share", "a\0b"])
def test_names_that_lead_out_by_what_they_say(tmp_path, name):
    with pytest.raises(ParameterError, match=r"give a path inside it, without '\.\.'"):
        inside(tmp_path, name)


@pytest.mark.parametrize("name", ["", "a", "a/b.ipynb", "课程/02.ipynb", "a..b", "...", "x" * 900])
def test_names_that_stay(tmp_path, name):
    assert inside(tmp_path, name) == tmp_path / name


def test_links_are_followed_before_they_are_believed(tmp_path):
    root = tmp_path / "root"
    (root / "a").mkdir(parents=True)
    (root / "b").symlink_to(root / "a", target_is_directory=True)
    (root / "out").symlink_to(tmp_path, target_is_directory=True)
    assert inside(root, "b/c.ipynb") == root / "b" / "c.ipynb"
    assert not stays_inside(root, root / "out" / "deeper")
    with pytest.raises(ParameterError, match="is a link out of"):
        inside(root, "out/elsewhere")


def test_course_is_not_found_behind_a_link_out(tmp_path, source):
    root, away = tmp_path / "root", tmp_path / "away"
    root.mkdir()
    away.mkdir()
    (away / "00_welcome.ipynb").write_text("{}")
    (root / "mmteach-course").symlink_to(away, target_is_directory=True)
    assert find_course(root, source) is None
