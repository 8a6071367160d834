"""How long a learner waits from a step of a slider to the picture that it changes, in a real browser."""

import shutil
import statistics
import tempfile
from pathlib import Path
from typing import NamedTuple

import nbformat
from jupyter_page import Lab, browser_of, run_all, serve
from playwright.sync_api import Locator, Page

# Time from the key to the first frame after the image has its new source.
_WATCH = """([handle, image]) => {
    window.redraws = []; let began = null;
    handle.addEventListener('keydown', () => { began = performance.now(); }, true);
    new MutationObserver(() => {
        const from = began;
        requestAnimationFrame(() => { if (from !== null) window.redraws.push(performance.now() - from); });
    }).observe(image, { attributes: true, attributeFilter: ['src'] });
}"""
_THERE_AND_BACK = ["ArrowRight"] * 3 + ["ArrowLeft"] * 3


def times_of(page: Page, slider: Locator, image: Locator, n: int = 24) -> list[float]:
    """Move a slider n steps, three up and three down, each after the picture of the one before; milliseconds.

    Parameters
    ----------
    slider : an ipywidgets slider, by its `.noUi-target`.
    image : the img that it changes.
    """
    handle = slider.locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    page.evaluate(_WATCH, [handle.element_handle(), image.element_handle()])
    handle.focus()
    for i in range(n):
        seen = page.evaluate("window.redraws.length")
        page.keyboard.press(_THERE_AND_BACK[i % 6])
        page.wait_for_function(f"window.redraws.length > {seen}", timeout=30_000)
        page.wait_for_timeout(60)  # a second figure may follow; a step is timed from rest
    return page.evaluate("window.redraws")[:n]


def slider_named(page: Page, name: str) -> Locator:
    """The slider with this description."""
    return page.locator(".widget-slider").filter(has_text=name).locator(".noUi-target").first


class Moved(NamedTuple):
    """A widget and the slider of it that is moved; the last line of the code shows the widget."""

    code: str
    slider: str


# One of each kind: many small axes, two pictures, a plot beside which a model trains, a model made anew at every step.
WIDGETS = {
    "ImagePrep": Moved(
        "from mmteach.widgets import ImagePrep\n\nprep = ImagePrep()\nprep.on['Rotate'].value = True\nprep", "Rotate"
    ),
    "AugmentLab": Moved(
        "from mmteach.widgets import AugmentLab\n\nlab = AugmentLab()\nlab.operation.value = 'rotate'\nlab", "Strength"
    ),
    "TransferLab": Moved(
        "from mmteach.widgets import TransferLab\n\nlab = TransferLab()\nlab.wait(120)\nlab", "Temperature T"
    ),
    "CompressionLab": Moved("from mmteach.widgets import CompressionLab\n\nCompressionLab()", "Pruned"),
}


def redraw_times(n: int = 24, chromium: str | None = None) -> dict[str, list[float]]:
    """Start JupyterLab, open each of WIDGETS, move its slider n times; milliseconds from step to redrawn picture."""
    chromium = chromium or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with tempfile.TemporaryDirectory() as folder, browser_of(chromium) as browser, serve(Path(folder), browser) as lab:
        return {name: redraw_times_in(lab, n, *moved) for name, moved in WIDGETS.items()}


def redraw_times_in(lab: Lab, n: int = 24, code: str = WIDGETS["ImagePrep"].code, name: str = "Rotate") -> list[float]:
    """The same of one widget in a JupyterLab that is running."""
    cell = nbformat.v4.new_code_cell(code)
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}  # without it JupyterLab asks
    nbformat.write(nbformat.v4.new_notebook(cells=[cell], metadata=kernel), lab.folder / "measure.ipynb")
    page = lab.open("measure.ipynb")
    run_all(page)
    slider = slider_named(page, name)
    slider.wait_for(timeout=180_000)
    image = page.locator(".jp-OutputArea img[src^='blob:']").first
    image.wait_for()
    times = times_of(page, slider, image, n + 2)[2:]  # the first are slower: fonts, caches
    page.close()
    return times


if __name__ == "__main__":
    for widget, found in redraw_times().items():
        steps = ", ".join(f"{t:.0f}" for t in found)
        print(f"{widget}: median {statistics.median(found):.0f} ms of {len(found)}: {steps}")
