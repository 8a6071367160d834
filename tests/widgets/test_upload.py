"""Whatever is dropped on the page becomes a picture or a sentence."""

import io

import numpy as np
import pytest
import soundfile
from PIL import Image as Pillow

from mmteach.errors import DataError
from mmteach.widgets import read_upload
from mmteach.widgets.upload import FileButton, read_audio_upload, upload_button


def encoded(picture: Pillow.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def grey(side: int = 16) -> Pillow.Image:
    return Pillow.fromarray(np.arange(side * side, dtype=np.uint8).reshape(side, side))


def dropped(content: bytes, name: str = "me.png") -> tuple:
    """What ipywidgets.FileUpload holds."""
    return ({"name": name, "type": "image/png", "size": len(content), "content": memoryview(content)},)


PNG = encoded(grey(64), "PNG")
FRAMES = [Pillow.new("P", (8, 8), n) for n in range(3)]

BAD = {
    "not a picture": (b"just some words", "me.png is not a picture"),
    "truncated": (PNG[: len(PNG) // 2], "me.png is a damaged picture"),
    "empty": (b"", "me.png is empty"),
}
GOOD = {
    "animated GIF": (encoded(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:]), (8, 8, 3)),
    "CMYK": (encoded(Pillow.new("CMYK", (6, 4), (0, 255, 255, 0)), "JPEG"), (4, 6, 3)),
    "16 bits": (encoded(Pillow.fromarray(np.full((5, 5), 65535, np.uint16)), "PNG"), (5, 5)),
    "60 megapixels": (encoded(Pillow.new("L", (10_000, 6_000), 200), "JPEG"), (2458, 4096)),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_a_sentence_with_its_name(case):
    content, said = BAD[case]
    with pytest.raises(DataError, match=said):
        read_upload(dropped(content))


@pytest.mark.parametrize("case", GOOD)
def test_odd_picture_is_read(case):
    content, shape = GOOD[case]
    image = read_upload(dropped(content))
    assert image.pixels.shape == shape
    assert image.pixels.dtype == np.uint8


def test_cmyk_is_red_and_sixteen_bits_are_white():
    assert read_upload(GOOD["CMYK"][0]).pixels[0, 0].tolist() == pytest.approx([254, 0, 0], abs=4)
    assert read_upload(GOOD["16 bits"][0]).pixels.min() == 255


def test_nothing_chosen_is_nothing():
    assert read_upload(()) is None


def test_a_file_too_large_is_not_read(monkeypatch):
    monkeypatch.setattr("mmteach.widgets.upload.MAX_BYTES", 10)
    with pytest.raises(DataError, match="save it smaller"):
        read_upload(dropped(PNG))


def test_button_takes_one_picture():
    button = upload_button()
    assert (button.accept, button.multiple) == ("image/*", False)


def sound(seconds: float = 1.0, rate: int = 16_000, channels: int = 1, kind: str = "WAV", **options) -> bytes:
    """A quiet tone as a file."""
    tone = 0.3 * np.sin(2 * np.pi * 220 * np.arange(int(seconds * rate)) / rate)
    out = io.BytesIO()
    soundfile.write(out, np.repeat(tone[:, None], channels, axis=1), rate, format=kind, **options)
    return out.getvalue()


WAV = sound()
BAD_SOUND = {
    "not a recording": (b"just some words", "me.wav is not a recording"),
    "truncated": (WAV[: len(WAV) // 2], "me.wav is a damaged recording"),
    "empty": (b"", "me.wav is empty"),
    "no samples": (sound(0), "me.wav holds no sound"),
    "ten minutes": (sound(600, 2_000, subtype="PCM_U8"), "me.wav lasts 10.0 minutes"),
}


@pytest.mark.parametrize("case", BAD_SOUND)
def test_bad_recording_is_a_sentence_with_its_name(case):
    content, said = BAD_SOUND[case]
    with pytest.raises(DataError, match=said):
        read_audio_upload(dropped(content, "me.wav"))


ODD_SOUND = {
    "192 kHz": (sound(rate=192_000), 48_000),
    "8 channels": (sound(channels=8), 16_000),
    "Ogg": (sound(kind="OGG"), 16_000),
    "FLAC": (sound(kind="FLAC"), 16_000),
}


@pytest.mark.parametrize(("content", "rate"), ODD_SOUND.values(), ids=ODD_SOUND)
def test_odd_recording_is_read(content, rate):
    waveform = read_audio_upload(dropped(content, "me.bin"))
    assert waveform.sample_rate == rate
    assert len(waveform.samples) == pytest.approx(rate, abs=2)
    assert np.abs(waveform.samples).max() == pytest.approx(0.3, abs=0.05)


def test_no_recording_chosen_is_nothing_and_bytes_will_do():
    assert read_audio_upload(()) is None
    assert read_audio_upload(WAV).sample_rate == 16_000


@pytest.fixture
def chosen():
    """A button, and what it gave."""
    files = []
    return FileButton("Upload", "audio/*", files.append), files


def choose(button, name, content, size=None):
    """What the page does."""
    came = {"name": name, "size": len(content) if size is None else size, "content": memoryview(content)}
    button.set_state({**came, "n_chosen": button.n_chosen + 1})


def test_a_file_that_is_chosen_is_read(chosen):
    button, files = chosen
    choose(button, "me.wav", WAV)
    choose(button, "me.wav", WAV)
    assert [read_audio_upload(file).sample_rate for file in files] == [16_000, 16_000]


def test_a_file_that_was_too_large_to_send_is_a_sentence(chosen):
    button, files = chosen
    choose(button, "me.wav", b"", 105_000_000)
    with pytest.raises(DataError, match="has 105 MB; at most 10 are read"):
        read_audio_upload(files[0])


def test_an_empty_file_that_is_chosen_is_a_sentence(chosen):
    button, files = chosen
    choose(button, "me.wav", b"")
    with pytest.raises(DataError, match="is empty"):
        read_audio_upload(files[0])
