"""The course in a real browser: notebooks run, sliders redraw, photos are matched, bad files get a sentence."""

import nbformat
import numpy as np
import pytest
from jupyter_page import ROOT, errors, picture_bytes, run_all, shoot, wait_for_idle
from measure import redraw_times_in, slider_named, times_of
from PIL import Image as Pillow

pytestmark = pytest.mark.browser
FACES = ROOT / "datasets" / "faces" / "images"
SOON = 60_000


def output_of(page, code):
    """What the cell with this code put out."""
    return page.locator(".jp-CodeCell").filter(has_text=code).locator(".jp-OutputArea").first


def button(where, name):
    """A button of a widget; JupyterLab has some of like names."""
    return where.locator("button.jupyter-button").filter(has_text=name)


def upload(page, studio, path):
    """Choose a file, as a person does."""
    with page.expect_file_chooser() as chooser:
        button(studio, "Upload").click()
    chooser.value.set_files(path)


def drag(page, slider, share):
    """Drag a slider's handle to a share of its length."""
    slider.scroll_into_view_if_needed()
    handle, track = slider.locator(".noUi-handle").first.bounding_box(), slider.bounding_box()
    y = handle["y"] + handle["height"] / 2
    page.mouse.move(handle["x"] + handle["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * share, y, steps=5)
    page.mouse.up()


def wait_for_other_picture(image, before):
    """Wait until the picture's bytes have changed."""
    image.page.wait_for_function(
        """async ([img, before]) => {
            const bytes = new Uint8Array(await (await fetch(img.src)).arrayBuffer());
            return before !== bytes.reduce((h, b) => (Math.imul(h, 31) + b) | 0, bytes.length);
        }""",
        arg=[image.element_handle(), before],
        timeout=SOON,
    )


def test_02_runs_and_its_slider_changes_the_picture(lab):
    page = lab.open("02_preprocess.ipynb")
    run_all(page)
    assert errors(page) == []
    prep = output_of(page, "prep = ImagePrep(")
    image = prep.locator("img[src^='blob:']").first
    image.wait_for()
    before = picture_bytes(image)
    drag(page, slider_named(page, "Picture"), 0.7)
    wait_for_other_picture(image, before)
    shoot(page, "02_preprocess", prep)
    page.close()


@pytest.fixture(scope="module")
def faces_page(lab):
    page = lab.open("06_faces.ipynb", height=1300)
    run_all(page)
    yield page
    page.close()


@pytest.fixture
def studio(faces_page):
    found = output_of(faces_page, "studio = FaceStudio")
    found.locator("img[alt^='cosines']").wait_for(timeout=SOON)
    found.scroll_into_view_if_needed()
    return found


def threshold(studio):
    return studio.locator(".widget-slider").filter(has_text="Threshold").locator(".noUi-target")


def test_06_runs_without_errors(faces_page):
    assert errors(faces_page) == []


def test_the_threshold_redraws_matches_and_curves(faces_page, studio):
    images = [studio.locator(f"img[alt^='{alt}']") for alt in ("cosines", "at threshold")]
    before = [picture_bytes(image) for image in images]
    drag(faces_page, threshold(studio), 0.98)
    for image, old in zip(images, before, strict=True):
        wait_for_other_picture(image, old)
    studio.get_by_text("Nobody in the gallery").wait_for(timeout=SOON)
    shoot(faces_page, "06_faces-threshold", studio)
    drag(faces_page, threshold(studio), 0.4)


def test_an_uploaded_photo_is_matched_and_explained(faces_page, studio, tmp_path):
    photo = tmp_path / "visitor.png"
    pixels = np.asarray(Pillow.open(FACES / "p33_06.png"))
    Pillow.fromarray(np.kron(pixels, np.ones((5, 5), np.uint8))).convert("RGB").save(photo)
    upload(faces_page, studio, photo)
    studio.locator("img[alt^='photo your photo']").wait_for(timeout=SOON)
    drag(faces_page, threshold(studio), 0.4)
    studio.get_by_text("✓ This is p33").wait_for(timeout=SOON)
    button(studio, "Why?").click()
    why = studio.locator("img[alt^='why the photo is like p33']")
    why.wait_for(timeout=SOON)
    shoot(faces_page, "06_faces-upload", studio)


def test_a_bad_upload_is_a_sentence(faces_page, studio, tmp_path):
    whole = (FACES / "p33_06.png").read_bytes()
    for name, content in {"notes.png": b"these are no pixels", "half.png": whole[: len(whole) // 2]}.items():
        (tmp_path / name).write_bytes(content)
        upload(faces_page, studio, tmp_path / name)
        studio.locator("[role=status]").filter(has_text=name).wait_for(timeout=SOON)
    assert errors(faces_page) == []
    shoot(faces_page, "06_faces-bad-upload", studio)
    button(studio, "Back to set").click()


def test_somebody_new_is_enrolled(faces_page, studio):
    studio.get_by_placeholder("name").fill("Ada")
    button(studio, "Enrol the photo").click()
    studio.locator("figcaption").filter(has_text="Ada").wait_for(timeout=SOON)
    studio.get_by_text("✓ This is Ada").wait_for(timeout=SOON)


TRAINING = """
from mmteach import datasets
from mmteach.cases import faces
from mmteach.pipeline import Pipeline
from mmteach.train import Recipe
from mmteach.widgets import TrainingPanel

data = datasets.load("faces")
by_pixels = Pipeline({"image": faces.image_branch()}, recipe=Recipe(epochs=60, schedule="constant"))
panel = TrainingPanel(by_pixels, data.subset(range(0, 96, 2)), data.subset(range(1, 96, 2)))
panel
"""


def test_training_is_watched_paused_and_stopped(lab):
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)"}}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(TRAINING.strip())], metadata=kernel)
    nbformat.write(notebook, lab.folder / "training.ipynb")
    page = lab.open("training.ipynb")
    run_all(page)
    assert errors(page) == []
    button(page, "Start").click()
    curves = page.locator("img[alt^='after epoch']")
    curves.wait_for(timeout=SOON)
    first = picture_bytes(curves)
    wait_for_other_picture(curves, first)
    button(page, "Pause").click()
    page.get_by_text("paused: epoch").wait_for(timeout=SOON)
    drag(page, slider_named(page, "Learning rate"), 0.3)
    button(page, "Go on").click()
    page.get_by_text("running: epoch").wait_for(timeout=SOON)
    button(page, "Stop").click()
    page.get_by_role("cell", name="stopped").wait_for(timeout=SOON)
    wait_for_idle(page)
    shoot(page, "training", page.locator(".jp-OutputArea").first)
    page.close()


def test_every_slider_step_is_drawn(lab, faces_page, studio):
    """How soon, `make bench` measures on a quiet machine."""
    assert len(redraw_times_in(lab)) >= 20
    faces_page.bring_to_front()
    studio.scroll_into_view_if_needed()
    assert len(times_of(faces_page, threshold(studio), studio.locator("img[alt^='at threshold']"))) >= 20
