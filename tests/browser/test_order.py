"""What a person does to our widgets reaches the kernel in that order, on one thread."""

import nbformat
import pytest
from jupyter_page import errors, run_all

pytestmark = pytest.mark.browser
WIDGET = "import ipywidgets, time\nipywidgets.Button(description='press')"
THREADS = "time.sleep(1)\nget_ipython().kernel.shell_channel_thread.manager.list_subshell()"


def subshells_of(lab, name, *cells):
    """What the last cell puts out: the threads of the kernel beside the first."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells], metadata=kernel)
    nbformat.write(notebook, lab.folder / name)
    page = lab.open(name)
    run_all(page)
    assert errors(page) == []
    found = page.locator(".jp-OutputArea-executeResult").last.inner_text()
    page.close()
    return found.split(":")[-1].strip()


def test_widgets_beside_mmteach_are_answered_on_one_thread(lab):
    assert subshells_of(lab, "ours.ipynb", "import mmteach", WIDGET, THREADS) == "[]"


def test_a_notebook_without_mmteach_keeps_jupyterlabs_setting(lab):
    assert len(subshells_of(lab, "theirs.ipynb", WIDGET, THREADS)) > len("[]")
