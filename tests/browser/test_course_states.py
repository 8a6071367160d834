"""The course panel where something is missing or other than usual: each state has its sentence, and nothing breaks."""

import json
import shutil

import nbformat
import pytest
from axe import violations
from jupyter_page import errors, run_all, serve, shoot

pytestmark = pytest.mark.browser
SOON = 60_000
TWO = [
    {
        "number": number, "slug": slug, "title": slug.title(), "minutes": 20, "path": f"0{number}_{slug}.ipynb",
        "state": state, "points": 0, "out_of": 2, "damaged": damaged, "exercises": [],
    }
    for number, slug, state, damaged in ((0, "welcome", "done", False), (1, "multimodal", "untouched", True))
]  # fmt: skip
COURSE = {
    "version": "0.1.0", "folder": "", "writable": True, "chapters": TWO, "points": 1, "out_of": 4, "last": None,
    "sentence": "",
}  # fmt: skip


@pytest.fixture
def panel_with(lab):
    """A page whose server answers so; the panel in it."""
    pages = []

    def opened(course=None, status=200, changes=()):
        page = lab.browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(SOON)
        pages.append(page)
        body = "<html>404</html>" if course is None else json.dumps(course)
        page.route("**/mmteach/course*", lambda route: route.fulfill(status=status, body=body))
        offer = json.dumps({"changes": list(changes)})
        page.route("**/mmteach/updates*", lambda route: route.fulfill(status=200, body=offer))
        page.goto(f"{lab.url}/lab/workspaces/states{len(pages)}?token={lab.token}&reset")
        return page.locator(".mmteach-panel")

    yield opened
    for page in pages:
        page.close()


def test_without_the_server_part(panel_with):
    panel = panel_with(status=404)
    panel.get_by_text("The server part of mmteach does not run").wait_for()
    assert panel.get_by_role("button", name="Try again").is_enabled()


def test_the_servers_own_sentence(panel_with):
    panel = panel_with({"message": "the disk is full: make room"}, status=409)
    panel.get_by_text("the disk is full: make room").wait_for()


def test_no_course_folder_yet(panel_with):
    panel = panel_with({**COURSE, "folder": None, "chapters": []})
    panel.get_by_role("button", name="Make the course folder").wait_for()
    assert panel.get_by_role("button", name="Next exercise").count() == 0
    assert violations(panel.page, ".mmteach-panel") == []


def test_read_only_damaged_and_older(panel_with):
    change = {"name": "00_welcome.ipynb", "action": "updated", "version": "0.2.0", "beside": None, "sentence": "new."}
    course = {**COURSE, "writable": False, "sentence": "Your progress was damaged and set aside."}
    panel = panel_with(course, changes=[change])
    panel.get_by_text("The course folder cannot be written").wait_for()
    panel.get_by_text("01_multimodal.ipynb is damaged").wait_for()
    panel.get_by_text("Your progress was damaged").wait_for()
    shoot(panel.page, "course-states")


def test_an_update_is_shown_before_it_is_done(panel_with):
    change = {"name": "00_welcome.ipynb", "action": "updated", "version": "0.2.0", "beside": None, "sentence": "new."}
    panel = panel_with({**COURSE, "chapters": TWO[:1]}, changes=[change])
    panel.get_by_text("A file of the course has a newer version").wait_for()
    panel.get_by_role("button", name="Bring up to date…").click()
    panel.page.get_by_text("This is what would be done").wait_for()
    panel.page.get_by_role("button", name="Not now").click()


def test_any_other_notebook_is_left_alone(lab):
    cells = [nbformat.v4.new_code_cell("1 + 1", metadata={"mmteach": "not ours"}), nbformat.v4.new_code_cell("2 + 2")]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / "mine.ipynb")
    page = lab.open("mine.ipynb")
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "/mmteach/" in request.url else None)
    run_all(page)
    assert errors(page) == []
    assert page.locator(".mmteach-bar").count() == 0
    assert asked == []
    page.close()


def test_doors_to_the_course(lab):
    """The Help menu, the launcher, and no colour that a theme would not know."""
    page = lab.open("00_welcome.ipynb")
    page.get_by_role("menuitem", name="Help").click()
    page.get_by_role("menuitem", name="Tour of the course panel").wait_for()
    for _ in range(2):  # the menu, and the bar of menus
        page.keyboard.press("Escape")
    page.keyboard.press("ControlOrMeta+Shift+L")
    page.locator(".jp-LauncherCard").filter(has_text="mmteach course").click()
    page.wait_for_function("document.activeElement.closest('.mmteach-panel, .jp-Notebook') !== null")
    page.close()


def test_at_200_per_cent_everything_is_within_reach(lab):
    page = lab.open("02_preprocess.ipynb", width=700, height=500)  # 1400 x 1000 at 200 %
    panel = page.locator(".mmteach-panel")
    panel.locator(".mmteach-exercises li").first.wait_for()
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    panel.locator(".mmteach-chapters li").last.scroll_into_view_if_needed()
    shoot(page, "course-zoom")
    page.close()


def test_in_chinese_and_hidden(lab):
    settings = lab.folder.parent / "settings" / "mmteach" / "panel.jupyterlab-settings"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('{"language": "zh_CN"}', encoding="utf-8")
    try:
        page = lab.open("00_welcome.ipynb")
        page.locator(".mmteach-panel").get_by_text("课程").first.wait_for()
        page.locator(".mmteach-panel").get_by_text("下一个练习").wait_for()
        shoot(page, "course-chinese")
        page.close()
        settings.write_text('{"showPanel": false}', encoding="utf-8")
        page = lab.open("00_welcome.ipynb")
        assert page.locator(".mmteach-panel").count() == 0
        page.close()
    finally:
        settings.unlink()


def test_the_course_is_made_and_brought_up_to_date(tmp_path, shared_browser):
    with serve(tmp_path, shared_browser) as lab:
        for path in lab.folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        page = lab.browser.new_page(viewport={"width": 1200, "height": 900})
        page.set_default_timeout(SOON)
        page.goto(f"{lab.url}/lab?token={lab.token}")
        panel = page.locator(".mmteach-panel")
        panel.get_by_role("button", name="Make the course folder").click()
        panel.locator(".mmteach-chapters [aria-current]").filter(has_text="00 Welcome").wait_for()
        made = lab.folder / "mmteach-course"
        (made / "03_features.ipynb").unlink()
        page.get_by_role("menuitem", name="Help").click()
        page.get_by_role("menuitem", name="Bring the course up to date").click()
        page.locator(".jp-Dialog").get_by_text("03_features.ipynb").wait_for()
        page.locator(".jp-Dialog .jp-mod-accept").click()
        page.locator(".jp-Dialog").get_by_text("a fresh copy is back").wait_for()
        assert (made / "03_features.ipynb").is_file()
        page.close()
