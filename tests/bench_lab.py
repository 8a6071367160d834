"""The part `lab` of bench.py: what the course panel costs JupyterLab, in the server and in the page."""

import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import quantiles

ROOT = Path(__file__).resolve().parents[1]
LOAD = """
import time
import jupyter_server.serverapp
start = time.perf_counter()
import mmteach.lab
from pathlib import Path
from mmteach.lab.desk import Desk
from mmteach.lab.routes import handlers
handlers("/", Desk(Path(".")))
print(1000 * (time.perf_counter() - start))
"""
# The launcher's cards are there, and the frame that shows them has been painted.
READY = """() => document.querySelector('.jp-LauncherCard') && document.querySelector('#jp-main-statusbar')
    && new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))"""


def server_import(spread, n=11):
    """Milliseconds until the routes stand in a fresh process that has loaded Jupyter's server."""
    with tempfile.TemporaryDirectory() as folder:  # compiled once, as in an installed package
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        environment |= {"PYTHONPYCACHEPREFIX": folder}
        run = [sys.executable, "-c", LOAD]
        more = {"cwd": ROOT, "env": environment, "check": True, "capture_output": True, "text": True}
        times = [float(subprocess.run(run, **more).stdout) for _ in range(n + 1)][1:]
    print(f"loading the server's part of the panel: {spread(times)} ms; less than 100 is wanted")


def answer_after_an_event(spread, n=60, before=2000):
    """Milliseconds from an event to the answer of the route `course`, without the network."""
    from mmteach.course.copies import hand_out
    from mmteach.exercises.progress import Event, Progress
    from mmteach.lab.desk import Desk

    with tempfile.TemporaryDirectory() as folder:
        os.environ["JUPYTER_DATA_DIR"] = str(Path(folder) / "data")
        hand_out(Path(folder) / "mmteach-course")
        desk, book, times = Desk(Path(folder)), Progress(), []
        book.add_all(Event(float(i), f"a.{i % 90}", 1, "check", "partly", 1, 3) for i in range(before))
        desk.course()
        for i in range(n):
            start = time.perf_counter()
            book.add(Event(float(i), "a.b", 1, "check", "passed", 3, 3))
            desk.course()
            times.append(1000 * (time.perf_counter() - start))
    print(f"an event written and the whole course told: {said(spread, times)}")
    print(f"  without the network; {before} synthetic events before it")


def check_to_panel(spread):
    """Milliseconds from the outcome's card in the notebook to the exercise's line in the panel, and from the press."""
    found = chromium()
    if found is None:
        print("a check until the panel shows it: not measured, for there is no Chromium")
        return
    from jupyter_page import browser_of, serve
    from measure_panel import check_times

    with tempfile.TemporaryDirectory() as folder, browser_of(found) as browser, serve(Path(folder), browser) as lab:
        times = check_times(lab)
    card, line = ([each[name] for each in times] for name in ("card", "line"))
    later = [b - a for a, b in zip(card, line, strict=True)]
    print(f"from a check's outcome in the notebook to the panel: {said(spread, later)}; at most 300 is wanted")
    print(f"  from the press of Check to the outcome: {said(spread, card)}")
    print(f"  from the press of Check to the panel: {said(spread, line)}")


def said(spread, times):
    """The spread, and what 95 % stay below."""
    return f"{spread(times)} ms, 95 % within {quantiles(times, n=20, method='inclusive')[-1]:.3g} ms"


def chromium():
    """The browser, or None; and what the browser tests share can be imported."""
    sys.path.insert(0, str(ROOT / "tests" / "browser"))
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def start_up(spread, rounds=15):
    """Milliseconds from the address to JupyterLab's launcher, with and without the panel in turn, one server."""
    found = chromium()
    if found is None:
        print("JupyterLab's start with and without the panel: not measured, for there is no Chromium")
        return
    from jupyter_page import browser_of, serve

    with tempfile.TemporaryDirectory() as folder, browser_of(found) as browser, serve(Path(folder), browser) as lab:
        switch = Path(folder) / "jupyter_config_dir" / "labconfig" / "page_config.json"
        times = {True: [], False: []}
        for number in range(rounds + 1):
            for on in (True, False) if number % 2 else (False, True):
                value = load(lab, switch, on)
                if value is None:
                    print("JupyterLab's start with and without the panel: not measured, for the panel is not installed")
                    return
                times[on] += [value] * (number > 0)  # the first round fills the disk's cache
    ratios = [a / b for a, b in zip(times[True], times[False], strict=True)]
    print(f"JupyterLab's start with the panel: {spread(times[True])} ms, without: {spread(times[False])} ms")
    print(f"  with the panel / without, measured in turn: {spread(ratios)}; at most 1.05 is wanted")


def load(lab, switch, on):
    """Open JupyterLab in a browser that has nothing cached; None where there is no panel to switch."""
    switch.parent.mkdir(parents=True, exist_ok=True)
    switch.write_text(json.dumps({"disabledExtensions": {"mmteach": not on}}), encoding="utf-8")
    context = lab.browser.new_context(viewport={"width": 1400, "height": 1000})
    try:
        page = context.new_page()
        page.goto(f"{lab.url}/lab/workspaces/{secrets.token_hex(4)}?token={lab.token}", timeout=90_000)
        value = page.wait_for_function(READY, timeout=90_000).json_value()
        config = json.loads(page.locator("#jupyter-config-data").text_content())
    finally:
        context.close()
    if "mmteach" not in [extension["name"] for extension in config["federated_extensions"]]:
        return None
    assert ("mmteach" in config["disabledExtensions"]) is not on, "the switch had no effect"
    return value


def main(spread):
    """Print all four."""
    server_import(spread)
    answer_after_an_event(spread)
    check_to_panel(spread)
    start_up(spread)
