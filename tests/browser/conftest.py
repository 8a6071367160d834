"""One JupyterLab and one Chromium for all tests of this folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # jupyter_page and measure, which are no tests


@pytest.fixture(scope="session")
def shared_browser(chromium):
    from jupyter_page import browser_of

    with browser_of(chromium) as running:
        yield running


@pytest.fixture(scope="session")
def lab(tmp_path_factory, shared_browser):
    from jupyter_page import serve

    with serve(tmp_path_factory.mktemp("lab"), shared_browser) as running:
        yield running
