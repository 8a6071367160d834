"""FaceStudio: enrol, crop, upload whatever a learner may upload, move the threshold."""

import io

import numpy as np
import pytest
from PIL import Image as Pillow

from mmteach.widgets.face_studio import FaceStudio


@pytest.fixture
def studio(fitted, faces_of):
    return FaceStudio(fitted, faces_of("abcde", without={("b", 3)}), faces_of("stuv"), enrolled=3, n_photos=2)


def file(pixels, kind="PNG", mode=None, **options):
    """What FileUpload gives for a picture."""
    picture = Pillow.fromarray(pixels, mode) if mode else Pillow.fromarray(pixels)
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return upload(out.getvalue())


def upload(content, name="mine.png"):
    return ({"name": name, "content": memoryview(content), "type": "image/png"},)


def face(studio, index=3):
    return studio.photo.people[index].media["image"].pixels


def test_it_opens_with_an_answer(studio):
    assert studio.verdict.matches[0].name == "a"
    assert "✓ This is a" in studio.answer.value
    assert "in truth a: right" in studio.answer.value
    assert studio.match_plot.png.startswith(b"\x89PNG")
    assert "patterns, no people" in studio.source.value


def test_the_threshold_redraws_both_figures_and_turns_the_verdict(studio):
    before = studio.match_plot.png, studio.error_plot.png
    studio.threshold.value = 1.0
    assert studio.match_plot.png != before[0]
    assert studio.error_plot.png != before[1]
    assert "Nobody in the gallery" in studio.answer.value
    assert "in truth a: wrong" in studio.answer.value
    assert "false rejection 100.0%" in studio.error_plot.alt


def test_a_stranger_is_rejected_and_that_is_right(studio):
    studio.photo.person.value = "e"
    studio.threshold.value = 0.999
    assert "in truth e, not enrolled: right" in studio.answer.value


def test_an_enrolled_person_is_found_and_forgotten(studio):
    studio.photo.person.value = "e"
    studio.gallery.name.value = "Eve"
    studio.gallery.enrol_button.click()
    assert studio.matcher.n_photos("Eve") == 1
    assert studio.verdict.matches[0].name == "Eve"
    assert "Eve is enrolled with 1 photo" in studio.message.value
    studio.gallery.enrol_button.click()
    assert "with 2 photos" in studio.message.value
    assert studio.gallery.cards.value.count("<figure") == 4
    studio.gallery.forget.value = "Eve"
    studio.gallery.forget_button.click()
    assert "Eve" not in studio.matcher.names
    assert "Eve" not in studio.gallery.cards.value


def test_several_photos_are_enrolled_at_once(studio):
    studio.photo.photos.value = studio.photo.photos.options[0][1], studio.photo.photos.options[1][1]
    studio.enrol("both")
    assert studio.matcher.n_photos("both") == 2


def test_a_name_with_markup_stays_text(studio):
    studio.enrol("<b>x</b>")
    assert "<b>x</b>" not in studio.gallery.cards.value.replace("<b>&lt;b&gt;x&lt;/b&gt;</b>", "")


def test_enrolling_without_a_name_or_a_photo_is_a_sentence(studio):
    studio.gallery.enrol_button.click()
    assert "type a name" in studio.message.value
    studio.photo.photos.value = ()
    studio.enrol("nobody")
    assert "choose at least one" in studio.message.value
    assert "nobody" not in studio.matcher.names


def test_an_empty_gallery_is_a_sentence_and_fills_again(studio):
    for name in studio.matcher.names:
        studio.forget(name)
    assert "nobody is enrolled yet" in studio.message.value
    assert "No answer" in studio.answer.value
    studio.why()
    studio.threshold.value = 0.3
    studio.forget("")
    studio.enrol("first")
    assert studio.verdict.matches[0].name == "first"


def test_an_empty_gallery_can_be_the_beginning(fitted, faces_of):
    studio = FaceStudio(fitted, faces_of("ab"), faces_of("stuv"), enrolled=0)
    assert "nobody is enrolled yet" in studio.message.value


def test_a_crop_changes_the_photo_and_the_cosine(studio):
    before = studio.verdict.matches[0].cosine, studio.photo.picture.png
    studio.photo.columns.value = (40, 100)
    assert studio.photo.current()[0].media["image"].pixels.shape == (16, 10)
    assert studio.verdict.matches[0].cosine != before[0]
    assert studio.photo.picture.png != before[1]
    studio.photo.lines.value = (50, 50)
    assert studio.photo.current()[0].media["image"].pixels.shape == (1, 10)
    studio.photo.person.value = "b"
    assert studio.photo.columns.value == studio.photo.lines.value == (0, 100)
    assert studio.verdict.matches[0].name == "b"


def test_why_shows_where_and_by_what(studio):
    studio.why()
    assert studio.why_plot.layout.display == ""
    assert "image" in studio.why_plot.alt
    assert "vector" in studio.why_plot.alt
    studio.use["image"].value = False
    assert studio.why_plot.layout.display == "none", "an old reason must not stand beside a new answer"
    studio.why()
    assert "image" not in studio.why_plot.alt.split("made of")[1]


def test_nothing_to_compare_by_is_a_sentence(studio):
    for box in studio.use.values():
        box.value = False
    assert "tick another" in studio.message.value
    studio.use["image"].value = True
    assert studio.message.value == ""
    assert studio.verdict.modalities == ("image",)


def test_a_photo_without_a_modality_gets_the_threshold_that_goes_with_it(studio):
    both = studio.threshold.value
    studio.photo.person.value = "b"
    studio.photo.photos.value = (studio.photo.photos.options[3][1],)
    assert studio.verdict.left_out == ("vector",)
    assert studio.threshold.value == pytest.approx(studio.matcher.curve(("image",))[1], abs=0.006)
    assert studio.threshold.value != both


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP"])
def test_ones_own_photo_is_matched(studio, kind):
    studio.take_upload(file(np.kron(face(studio), np.ones((8, 8), np.uint8)), kind))
    assert studio.message.value == ""
    assert studio.verdict.matches[0].name == "a"
    assert studio.verdict.modalities == ("image",)
    assert "in truth" not in studio.answer.value


def test_an_upload_can_be_enrolled_and_a_photo_of_the_set_comes_back(studio):
    studio.take_upload(file(face(studio)))
    studio.enrol("me")
    assert studio.verdict.matches[0].name == "me"
    studio.photo.person.value = "b"
    assert studio.photo.uploaded is None
    assert studio.photo.truth == "b"


def test_the_same_photo_can_be_chosen_again_after_an_upload(studio):
    chosen = studio.photo.photos.value
    studio.take_upload(file(face(studio)))
    studio.photo.back.click()
    assert studio.photo.uploaded is None
    assert studio.photo.photos.value == chosen
    assert studio.photo.truth == "a"


BAD = {
    "text": b"I am not a picture",
    "empty": b"",
    "truncated": bytes(file(np.random.default_rng(0).integers(0, 255, (64, 64), np.uint8))[0]["content"])[:900],
    "zip": b"PK\x03\x04" + bytes(200),
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
def test_what_is_no_picture_is_a_sentence_and_the_photo_stays(studio, content):
    before = studio.answer.value
    studio.take_upload(upload(content, "holiday.png"))
    assert "error-color1" in studio.message.value
    assert "Traceback" not in studio.message.value
    assert studio.photo.uploaded is None
    assert studio.answer.value == before
    studio.take_upload(file(face(studio)))
    assert studio.message.value == ""


def test_sixty_megapixels_are_taken_smaller(studio):
    studio.take_upload(file(np.kron(face(studio), np.ones((485, 485), np.uint8)), compress_level=1))
    assert studio.message.value == ""
    assert max(studio.photo.uploaded.media["image"].pixels.shape) <= 640
    assert studio.verdict.matches[0].name == "a"


def test_odd_pictures_are_understood(studio):
    pixels = np.kron(face(studio), np.ones((4, 4), np.uint8))
    frames = [Pillow.fromarray(p) for p in (pixels, 255 - pixels)]
    gif = io.BytesIO()
    frames[0].save(gif, "GIF", save_all=True, append_images=frames[1:])
    cmyk = io.BytesIO()
    Pillow.fromarray(pixels).convert("RGB").convert("CMYK").save(cmyk, "JPEG", quality=95)
    for content in (gif.getvalue(), cmyk.getvalue()):
        studio.take_upload(upload(content))
        assert studio.message.value == ""
        assert studio.verdict.matches[0].name == "a"
    studio.take_upload(file(pixels.astype(np.uint16) * 257))
    assert studio.verdict.matches[0].name == "a"


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 1), (3, 700)])
def test_a_sliver_is_no_stack_trace(studio, shape):
    studio.take_upload(file(np.full(shape, 90, np.uint8)))
    assert "please report" not in studio.message.value
    studio.photo.columns.value = (10, 12)
    assert "please report" not in studio.message.value
