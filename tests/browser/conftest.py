"""One JupyterLab and one Chromium for all tests of this folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # jupyter_page and measure, which are no tests


@pytest.fixture(scope="session")
def lab(tmp_path_factory, chromium):
    from jupyter_page import serve

    with serve(tmp_path_factory.mktemp("lab"), chromium) as running:
        yield running
