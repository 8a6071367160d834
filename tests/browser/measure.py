"""How long a learner waits from a step of a slider to the picture that it changes, in a real browser."""

import shutil
import statistics
import tempfile
from pathlib import Path

import nbformat
from jupyter_page import Lab, browser_of, run_all, serve
from playwright.sync_api import Locator, Page

# Time from the pointer's move to the first frame after the image has its new source.
_WATCH = """([slider, image]) => {
    window.redraws = []; let began = null;
    const start = () => { began = performance.now(); };
    slider.addEventListener('pointermove', start, true);
    document.addEventListener('pointermove', start, true);
    new MutationObserver(() => {
        const from = began;
        requestAnimationFrame(() => { if (from !== null) window.redraws.push(performance.now() - from); });
    }).observe(image, { attributes: true, attributeFilter: ['src'] });
}"""


def times_of(page: Page, slider: Locator, image: Locator, n: int = 24) -> list[float]:
    """Move a slider's handle by n small steps, each after the picture of the one before; milliseconds of each.

    Parameters
    ----------
    slider : an ipywidgets slider, by its `.noUi-target`.
    image : the img that it changes.
    """
    handle = slider.locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    page.evaluate(_WATCH, [slider.element_handle(), image.element_handle()])
    track, box = slider.bounding_box(), handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    right = track["x"] + track["width"] - x > x - track["x"]
    step = (1 if right else -1) * max(track["width"], 1) / (2 * n + 4)
    page.mouse.move(x, y)
    page.mouse.down()
    for i in range(1, n + 1):
        seen = page.evaluate("window.redraws.length")
        page.mouse.move(x + i * step, y)
        page.wait_for_function(f"window.redraws.length > {seen}", timeout=30_000)
        page.wait_for_timeout(60)  # a second figure may follow; a step is timed from rest
    page.mouse.up()
    return page.evaluate("window.redraws")[:n] if n else []


def slider_named(page: Page, name: str) -> Locator:
    """The slider with this description."""
    return page.locator(".widget-slider").filter(has_text=name).locator(".noUi-target").first


def redraw_times(n: int = 24, chromium: str | None = None) -> list[float]:
    """Start JupyterLab, open ImagePrep, move its rotation n times; milliseconds from step to redrawn picture."""
    chromium = chromium or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, browser_of(chromium) as browser, serve(Path(folder), browser) as lab:
        return redraw_times_in(lab, n)


def redraw_times_in(lab: Lab, n: int = 24) -> list[float]:
    """The same in a JupyterLab that is running."""
    code = "from mmteach.widgets import ImagePrep\n\nprep = ImagePrep()\nprep.on['Rotate'].value = True\nprep"
    cell = nbformat.v4.new_code_cell(code)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}  # without it JupyterLab asks
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), lab.folder / "measure.ipynb")
    page = lab.open("measure.ipynb")
    run_all(page)
    slider = slider_named(page, "Rotate")
    slider.wait_for()
    image = page.locator(".jp-OutputArea img[src^='blob:']").first
    image.wait_for()
    times = times_of(page, slider, image, n + 2)[2:]  # the first are slower: fonts, caches
    page.close()
    return times


if __name__ == "__main__":
    found = redraw_times()
    print(f"median {statistics.median(found):.0f} ms of {len(found)} steps: {', '.join(f'{t:.0f}' for t in found)}")
