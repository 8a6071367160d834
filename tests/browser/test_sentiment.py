"""Chapter 07 in a real browser: type, upload, mute, record; and a microphone that is refused."""

import nbformat
import numpy as np
import pytest
import soundfile
from jupyter_page import Lab, errors, run_all, shoot, wait_for_other

from mmteach.datasets import load

pytestmark = pytest.mark.browser
SOON = 60_000
WIDE, TALL = 1400, 1500
PROBABILITIES = "table.mmteach-bars"


class Visitor:
    """A browser whose pages may use the microphone, or may not."""

    def __init__(self, browser, permissions):
        self.browser, self.permissions = browser, permissions

    def new_page(self, **options):
        return self.browser.new_page(permissions=self.permissions, **options)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """A recording of the embedded set as a WAV file: what the microphone hears, and what is uploaded."""
    reviews = load("spoken_reviews")
    voice = next(s for s in reviews if s.meta["voice_mood"] == "negative" and s.group == "e11").media["audio"]
    path = tmp_path_factory.mktemp("clip") / "low.wav"
    soundfile.write(path, voice.samples, voice.sample_rate, subtype="PCM_16")
    return path


@pytest.fixture(scope="module")
def browser(lab, chromium, clip):
    """Chromium whose microphone plays the clip."""
    flags = ["--no-sandbox", "--use-fake-device-for-media-stream", f"--use-file-for-fake-audio-capture={clip}"]
    made = lab.browser.browser_type.launch(executable_path=chromium, args=flags)
    yield made
    made.close()


def open_as(lab, visitor, notebook):
    return Lab(lab.url, lab.token, lab.folder, visitor).open(notebook, WIDE, TALL)


@pytest.fixture(scope="module")
def page(lab, browser):
    opened = open_as(lab, Visitor(browser, ["microphone"]), "07_sentiment.ipynb")
    run_all(opened)
    yield opened
    opened.close()


@pytest.fixture
def studio(page):
    found = page.locator(".jp-CodeCell").filter(has_text="studio = SentimentStudio").locator(".jp-OutputArea").first
    found.locator(PROBABILITIES).wait_for(timeout=SOON)
    found.scroll_into_view_if_needed()
    return found


def button(studio, name):
    return studio.locator("button").filter(has_text=name)


def show(page, studio, name):
    studio.scroll_into_view_if_needed()
    page.wait_for_timeout(300)
    return shoot(page, name, studio)


def test_07_runs_without_errors(page):
    assert errors(page) == []


def test_it_opens_with_a_conflict_to_listen_to(page, studio):
    studio.get_by_text("they conflict").wait_for(timeout=SOON)
    assert studio.locator("audio").first.evaluate("a => a.src.startsWith('blob:')")
    show(page, studio, "07_sentiment-light")


def test_a_muted_side_moves_the_bars(page, studio):
    before = studio.locator(PROBABILITIES).inner_text()
    studio.get_by_role("checkbox", name="voice", exact=True).uncheck()
    muted = wait_for_other(studio, PROBABILITIES, before)
    assert "muted" in muted
    studio.get_by_role("checkbox", name="voice", exact=True).check()
    assert wait_for_other(studio, PROBABILITIES, muted) == before


def test_a_typed_sentence_moves_the_bars_and_is_coloured(page, studio):
    before = studio.locator(PROBABILITIES).inner_text()
    studio.locator("textarea").fill("What a terrible <b>film</b>, I want my money back.")
    button(studio, "Read").click()
    wait_for_other(studio, PROBABILITIES, before)
    studio.locator(".mmteach-words span").filter(has_text="terrible").wait_for(timeout=SOON)
    assert "<b>film</b>" in studio.locator(".mmteach-words").inner_text()
    studio.locator("textarea").fill("等了四十分钟，味道太差了。")
    button(studio, "Read").click()
    studio.locator(".mmteach-words").filter(has_text="味道太差了").wait_for(timeout=SOON)
    studio.locator("textarea").fill("Zażółć gęślą jaźń")
    button(studio, "Read").click()
    studio.get_by_text("none of these words occurred in training").wait_for(timeout=SOON)
    studio.locator("textarea").fill("Great. Just great.")
    button(studio, "Read").click()
    studio.locator(".mmteach-words").filter(has_text="Just").wait_for(timeout=SOON)


def choose(page, studio, path):
    with page.expect_file_chooser() as chooser:
        button(studio, "Upload a voice").click()
    chooser.value.set_files(path)


def test_an_uploaded_clip_is_heard_and_its_sounds_are_explained(page, studio, clip):
    before = studio.locator(PROBABILITIES).inner_text()
    choose(page, studio, clip)
    studio.get_by_text("your voice, uploaded").wait_for(timeout=SOON)
    wait_for_other(studio, PROBABILITIES, before)
    studio.get_by_text("outside of what it knows").wait_for(timeout=SOON)
    button(studio, "Which sounds?").click()
    studio.locator("img[alt*='what each part did for']").wait_for(timeout=SOON)
    show(page, studio, "07_sentiment-upload")


def test_bad_uploads_are_sentences(page, studio, clip, tmp_path):
    whole = clip.read_bytes()
    silent = tmp_path / "silent.wav"
    soundfile.write(silent, np.zeros(16_000), 16_000)
    files = {"notes.wav": b"no sound at all", "half.wav": whole[: len(whole) // 2], "silent.wav": silent.read_bytes()}
    said = {"silent.wav": "the recording is silent"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        choose(page, studio, tmp_path / name)
        studio.locator("[role=status]").filter(has_text=said.get(name, name)).wait_for(timeout=SOON)
    long = tmp_path / "ten-minutes.wav"
    soundfile.write(long, np.zeros(600 * 16_000, np.int16), 16_000, subtype="PCM_16")
    choose(page, studio, long)
    studio.locator("[role=status]").filter(has_text="ten-minutes.wav has 19 MB").wait_for(timeout=SOON)
    assert errors(page) == []


def test_the_microphone_records(page, studio):
    recorder = studio.locator(".mmteach-recorder")
    recorder.locator("button").focus()
    page.keyboard.press("Enter")
    recorder.locator("[role=status]").filter(has_text="press Stop").wait_for(timeout=SOON)
    page.wait_for_timeout(1_500)
    assert float(recorder.locator(".seconds").inner_text().split()[0]) > 0.5
    show(page, studio, "07_sentiment-recording")
    recorder.locator("button").click()
    recorder.locator("[role=status]").filter(has_text="Recorded").wait_for(timeout=SOON)
    studio.get_by_text("your voice, recorded").wait_for(timeout=SOON)
    assert errors(page) == []


def test_it_stays_readable_in_the_dark(page, studio):
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    for item in ("Theme", "JupyterLab Dark"):
        page.locator(".lm-Menu-item").filter(has_text=item).first.click()
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    button(studio, "Next").click()
    studio.get_by_text("they conflict").wait_for(timeout=SOON)
    show(page, studio, "07_sentiment-dark")


RECORDER = "from mmteach.widgets import Recorder\n\nrecorder = Recorder()\nrecorder"


@pytest.mark.parametrize(
    ("microphone", "said"), [(True, "The microphone was refused"), (False, "No microphone was found")]
)
def test_a_microphone_that_is_refused_or_missing_is_a_sentence(lab, browser, microphone, said):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(RECORDER)], metadata=kernel)
    nbformat.write(notebook, lab.folder / "recorder.ipynb")
    visitor = Visitor(browser, []) if microphone else Visitor(lab.browser, ["microphone"])
    page = open_as(lab, visitor, "recorder.ipynb")
    run_all(page)
    page.locator(".mmteach-recorder button").click()
    page.locator(".mmteach-recorder [role=status]").filter(has_text=said).wait_for(timeout=SOON)
    shoot(page, f"recorder-{'refused' if microphone else 'absent'}", page.locator(".mmteach-recorder"))
    assert errors(page) == []
    page.close()
