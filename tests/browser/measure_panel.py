"""How long the panel takes to show what a check found, in a real browser."""

import time

from jupyter_page import Lab, wait_for_idle
from playwright.sync_api import Page
from test_course import CROP, FROM_THE_CORNER, RIGHT, SOON, write

from mmteach.exercises.progress import Event, Progress

CHAPTER = "02_preprocess.ipynb"
# Times from the press of Check to the outcome's card in the notebook and to the exercise's line in the panel.
_WATCH = """title => {
    const line = () => [...document.querySelectorAll('.mmteach-exercises .mmteach-line')]
        .find(line => line.innerText.includes(title));
    const holds = node => node.nodeType === 1
        && (node.matches('.mmteach-outcome') || node.querySelector('.mmteach-outcome') !== null);
    let began = null, before = '';
    document.addEventListener('click', event => {
        if (event.target.closest('[data-command="mmteach:check"]')) {
            window.waited = {};
            before = line().outerHTML;
            began = performance.now();
        }
    }, true);
    new MutationObserver(changes => {
        if (began === null) return;
        const now = performance.now() - began;
        if (changes.some(change => [...change.addedNodes].some(holds))) window.waited.card ??= now;
        if (line().dataset.state !== 'untouched' && line().outerHTML !== before) window.waited.line ??= now;
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def check_times(lab: Lab, n: int = 24, warm: int = 4) -> list[dict[str, float]]:
    """Check wrong and right answers in turn; for each, milliseconds from the press to "card" and to "line".

    Before each check progress is cleared and the panel shows it, so that every check changes the line.
    """
    book = Progress(lab.folder.parent / "jupyter_data_dir" / "mmteach" / "progress.sqlite")
    page = lab.open(CHAPTER)
    page.locator(".jp-CodeCell").filter(has_text="import exercise").first.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    wait_for_idle(page)
    page.evaluate(_WATCH, CROP)
    times = [_checked(page, book, (FROM_THE_CORNER, RIGHT)[i % 2]) for i in range(warm + n)]
    page.close()
    return times[warm:]  # the first are slower: caches, code that is compiled


def _checked(page: Page, book: Progress, answer: str) -> dict[str, float]:
    book.reset()
    book.add(Event(time.time(), "preprocess", 1, "open", detail=CHAPTER))  # as ever, the student is here already
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the panel asks anew
    page.locator(".mmteach-exercises [data-state=untouched]").filter(has_text=CROP).wait_for(timeout=SOON)
    write(page, answer)
    page.wait_for_timeout(300)  # a check is timed from rest
    check = page.get_by_role("group", name=f"Exercise: {CROP}").get_by_role("button", name="Check", exact=True)
    check.click()
    page.wait_for_function("window.waited.card && window.waited.line", timeout=SOON)
    wait_for_idle(page)
    return page.evaluate("window.waited")
