"""CommandStudio in a real browser: an example, a command that is typed, noise, a side that is muted."""

import nbformat
import pytest
from jupyter_page import errors, run_all, shoot, wait_for_other

pytestmark = pytest.mark.browser
SOON = 60_000
BARS = "table.mmteach-bars"
FEW = """from mmteach import datasets
from mmteach.cases import commands
from mmteach.widgets import CommandStudio

commands.N_LISTENING = 20  # it need not hear well
house = datasets.load("commands", language="en")
few = house.subset(i for i, row in enumerate(house.rows) if row.meta["intent"] in ("light_on", "warmer", "stop"))"""


@pytest.fixture(scope="module")
def page(lab):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    cells = [nbformat.v4.new_code_cell(source) for source in (FEW, "studio = CommandStudio(few)\nstudio")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), lab.folder / "commands.ipynb")
    opened = lab.open("commands.ipynb", 1400, 1500)
    run_all(opened)
    yield opened
    opened.close()


@pytest.fixture
def studio(page):
    found = page.locator(".jp-CodeCell").filter(has_text="studio = CommandStudio").locator(".jp-OutputArea").first
    found.get_by_role("checkbox", name="voice", exact=True).wait_for(timeout=SOON)  # until then only the words answer
    found.locator(BARS).first.filter(has_not_text="learning").wait_for(timeout=SOON)
    return found


def test_errors_are_marked_and_the_ear_writes_too(page, studio):
    told = studio.locator("table.mmteach-said")
    assert [row.split()[0] for row in told.locator("th").all_inner_texts()] == ["Said", "Written", "Our"]
    assert told.locator("s, b").count() > 0
    assert studio.get_by_text("real ones differ").count() == 1
    shoot(page, "16_commands", studio)
    assert errors(page) == []


def test_another_example_moves_the_bars(studio):
    before = studio.locator(BARS).first.inner_text()
    studio.locator("button").filter(has_text="Next").click()
    wait_for_other(studio, BARS, before)


def test_a_typed_command_moves_the_bars(studio):
    before = studio.locator(BARS).first.inner_text()
    studio.locator("textarea").fill("make it <b>warmer</b> in the hall please")
    studio.locator("button").filter(has_text="Read").click()
    wait_for_other(studio, BARS, before)
    assert "<b>warmer</b>" in studio.locator("table.mmteach-said").inner_text()


def test_noise_and_a_mute_move_the_bars(page, studio):
    before = studio.locator(BARS).first.inner_text()
    studio.locator(".noUi-handle").first.focus()
    page.keyboard.press("End")
    noisy = wait_for_other(studio, BARS, before)
    studio.get_by_text("the text stays as it is").wait_for(timeout=SOON)
    studio.get_by_role("checkbox", name="voice", exact=True).uncheck()
    assert "muted" in wait_for_other(studio, BARS, noisy)
    assert errors(page) == []
