"""A JupyterLab of its own and a page in Chromium, for tests and for measuring.

The server gets folders of its own, a random token, and no news; nobody's settings are read or written.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SHOTS = ROOT / ".screenshots"
SLOW = 240_000  # ms for a whole notebook on a machine that is busy with something else
_ERROR = '.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"], .jupyter-widgets-error-widget'
_SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},  # cells out of sight are in the page as well
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
}


class Lab:
    """A running server; `open` gives a notebook in a page of its own."""

    def __init__(self, url: str, token: str, folder: Path, browser) -> None:
        self.url, self.token, self.folder, self.browser = url, token, folder, browser

    def open(self, notebook: str, width: int = 1400, height: int = 1000) -> Page:
        """Open a notebook and wait until its kernel is idle."""
        page = self.browser.new_page(viewport={"width": width, "height": height})
        page.set_default_timeout(60_000)
        page.goto(f"{self.url}/lab/workspaces/{secrets.token_hex(4)}/tree/{notebook}?token={self.token}")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=90_000)
        wait_for_idle(page, 90_000)
        return page


@contextmanager
def browser_of(chromium: str) -> Iterator[Browser]:
    """Start Chromium and end it. Playwright runs once in a thread: whoever needs two servers shares the browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def serve(folder: Path, browser: Browser, theme: str = "JupyterLab Light") -> Iterator[Lab]:
    """Start JupyterLab on a copy of the notebooks in `folder`, and end it."""
    work, port, token = folder / "course", _free_port(), secrets.token_hex(16)
    shutil.copytree(ROOT / "notebooks", work, ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    environment = _environment(folder, theme)
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", f"--ServerApp.port={port}", "--ServerApp.port_retries=0",
        "--ServerApp.ip=127.0.0.1", f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={work}",
        "--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--allow-root",
    ]  # fmt: skip
    with (folder / "server.log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=work, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for_server(url, token, server, folder / "server.log")
            yield Lab(url, token, work, browser)
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()


def _environment(folder: Path, theme: str) -> dict[str, str]:
    """The variables of a fresh user; one thread for torch, since the browser shares the cores."""
    settings = folder / "settings"
    chosen = {**_SETTINGS, "apputils-extension/themes": {"theme": theme}}
    for name, values in chosen.items():
        path = settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    own = {
        name: str(folder / name.lower())
        for name in ("HOME", "JUPYTER_DATA_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    for path in own.values():
        Path(path).mkdir(parents=True, exist_ok=True)
    paths = {
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "OMP_NUM_THREADS": "1",
    }
    return {**os.environ, **own, **paths}


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def _wait_for_server(url: str, token: str, server: subprocess.Popen, log: Path, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/api/status?token={token}", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start within {seconds:.0f} s:\n{log.read_text(encoding='utf-8')[-2000:]}")


def wait_for_idle(page: Page, timeout: float = SLOW) -> None:
    """Wait until the kernel has nothing to do and no cell is waiting."""
    page.wait_for_function(
        """() => document.querySelector('#jp-main-statusbar')?.innerText.includes('| Idle')
            && ![...document.querySelectorAll('.jp-InputPrompt')].some(p => p.innerText.includes('[*]'))""",
        timeout=timeout,
    )


def run_all(page: Page) -> None:
    """Run > Run All Cells, and wait for the last of them."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.wait_for_function(
        """error => {
            const prompts = [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map(p => p.textContent);
            const ran = prompts.filter(p => /\\[\\d+\\]/.test(p)).length;  // hidden sources: none
            return document.querySelector(error) || (ran && prompts.every(p => !/\\[[ *]\\]/.test(p)));
        }""",
        arg=_ERROR,
        timeout=SLOW,
    )
    wait_for_idle(page)


def errors(page: Page) -> list[str]:
    """What cells put out as errors, and widgets that could not be shown."""
    found = page.locator(
        '.jp-RenderedText[data-mime-type="application/vnd.jupyter.error"], .jupyter-widgets-error-widget'
    )
    return found.all_inner_texts()


def wait_for_other(part: Locator, what: str, before: str) -> str:
    """Wait until what a selector finds in a part of the page says something else; return that."""
    part.page.wait_for_function(
        "([el, what, before]) => (el.querySelector(what)?.innerText ?? before) !== before",
        arg=[part.element_handle(), what, before],
        timeout=60_000,
    )
    return part.locator(what).first.inner_text()


def picture_bytes(image: Locator) -> int:
    """A digest of the picture's bytes, as the page holds them."""
    return image.evaluate(
        """async img => {
            const bytes = new Uint8Array(await (await fetch(img.src)).arrayBuffer());
            return bytes.reduce((h, b) => (Math.imul(h, 31) + b) | 0, bytes.length);
        }"""
    )


def shoot(page: Page, name: str, target: Locator | None = None) -> Path:
    """Save a picture of the page, or of a part of it, in .screenshots/."""
    SHOTS.mkdir(exist_ok=True)
    path = SHOTS / f"{name}.png"
    try:
        (target or page).screenshot(path=path)
    except Error:  # a part that is taller than the page can stand still for
        page.screenshot(path=path)
    return path
