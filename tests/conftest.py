"""What every test may count on: folders of its own, the real data where it is, a browser where there is one."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True, scope="session")
def _folders_of_our_own(tmp_path_factory):
    """No test reads or writes the Jupyter, data or cache folders of whoever runs it."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
            patch.setenv(name, str(home / name.lower()))
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        patch.setenv("XDG_CACHE_HOME", str(home / "cache"))
        patch.setenv("MPLBACKEND", "agg")
        patch.delenv("MMTEACH_DATA", raising=False)
        yield


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real data sets (see CONTRIBUTING); a test that asks for it is skipped where there is none."""
    folder = Path(os.environ.get("MMTEACH_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set MMTEACH_TEST_DATA")
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium; without one a test is skipped, but fails where CI says that everything must run."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    if found is None and mac.exists():
        found = str(mac)
    if found is None:
        why = f"no Chromium found under the names {', '.join(names)}: install one to run the browser tests"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
    return found
