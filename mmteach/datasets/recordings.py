"""Any sound file -> a Waveform: one channel, at most five minutes and 48 kHz, or one sentence that says why not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal
from weakref import WeakValueDictionary

import numpy as np

from mmteach.datasets.sources import require_file
from mmteach.errors import DataError
from mmteach.types import Waveform

if TYPE_CHECKING:
    from soundfile import SoundFile

MAX_SECONDS = 300
MAX_RATE = 48_000  # Hz; what is above is for bats, and is taken out while the file is read
RATES = (1_000, 768_000)  # Hz; what a header outside of these says is a mistake
BLOCK = 2**20  # numbers that are decoded at once, all channels together: 4 MB

# Recordings that are in use somewhere: a set in which one stands in many rows holds it once.
_in_use: WeakValueDictionary[tuple[str, int, int], Waveform] = WeakValueDictionary()


def read_audio(source: Path | str | bytes | BinaryIO) -> Waveform:
    """Read a recording in any format that libsndfile knows: WAV, FLAC, Ogg, MP3, AIFF and more.

    Several channels become their mean, a rate above 48 kHz becomes 48 kHz, and fractions beyond [-1, 1] are scaled
    until they fit. While a recording is in use, reading the same unchanged file again gives the same object.

    Returns
    -------
    Waveform : samples at the file's own rate, up to 48 kHz.

    Raises
    ------
    DataError : the file is missing, empty, not a recording, truncated, without samples, or longer than five minutes.
    """
    if not isinstance(source, (str, Path)):
        content = bytes(source) if isinstance(source, (bytes, bytearray, memoryview)) else source.read()
        if not content:
            raise DataError("the recording is empty, 0 bytes: choose the file again or record once more")
        return _read(io.BytesIO(content), content[:12], len(content), "the recording")
    path = Path(source)
    require_file(path)
    stat = path.stat()
    key = (str(path.resolve()), stat.st_mtime_ns, stat.st_size)
    waveform = _in_use.get(key)
    if waveform is None:
        with path.open("rb") as file:
            start = file.read(12)
        _in_use[key] = waveform = _read(path, start, stat.st_size, str(source))
    return waveform


def _read(source: Path | BinaryIO, start: bytes, n_bytes: int, name: str) -> Waveform:
    with _opened(source, name) as file:
        _require_sensible(file, name)
        if _claims_more(start, n_bytes):
            raise _truncated(name)
        mono, n_read = _mono(file, name)
        if n_read < file.frames and file.format in ("WAV", "WAVEX", "AIFF", "FLAC"):
            raise _truncated(name)
        if n_read == 0:
            raise DataError(f"{name} holds no sound, 0 samples: record it again")
        if not np.isfinite(mono).all():
            raise DataError(f"{name} holds samples that are not numbers: save the recording again")
        peak = float(np.abs(mono).max(initial=0))
        samples = mono / np.float32(peak) if peak > 1 else mono
        return Waveform(np.clip(samples, -1, 1), min(int(file.samplerate), MAX_RATE))


@contextmanager
def _opened(source: Path | BinaryIO, name: str) -> Iterator[SoundFile]:
    """A file that libsndfile understands, open; its complaints become sentences."""
    import soundfile

    try:
        file = soundfile.SoundFile(source)
    except (soundfile.SoundFileError, OSError, RuntimeError, ValueError, TypeError) as error:
        raise DataError(f"{name} is not a recording that can be read: save it as WAV, FLAC, Ogg or MP3") from error
    try:
        with file:
            yield file
    except (soundfile.SoundFileError, OSError, RuntimeError, ValueError) as error:
        raise _truncated(name) from error


def _truncated(name: str) -> DataError:
    return DataError(f"{name} is a damaged recording, it ends early or was altered: copy or save it again")


def _require_sensible(file: SoundFile, name: str) -> None:
    low, high = RATES
    if not low <= file.samplerate <= high:
        raise DataError(f"{name} says {file.samplerate} samples a second; {low} to {high} are read: save it at 16000")
    _require_short(file.frames, file.samplerate, name)


def _require_short(n: int, sample_rate: int, name: str) -> None:
    if n > MAX_SECONDS * sample_rate:
        minutes = n / sample_rate / 60
        raise DataError(
            f"{name} lasts {minutes:,.1f} minutes, {MAX_SECONDS // 60} are the most: cut out the part that matters"
        )


def _claims_more(start: bytes, n_bytes: int) -> bool:
    """Whether the header of a WAV or AIFF file speaks of more bytes than came, which libsndfile does not mind."""
    order: Literal["little", "big"] | None = {b"RIFF": "little", b"FORM": "big"}.get(start[:4])  # type: ignore[assignment]
    said = int.from_bytes(start[4:8], order or "little")
    streamed = said >= 0xFFFFFF00  # whoever wrote it did not know the length yet
    return order is not None and not streamed and said + 8 > n_bytes + 1


def _mono(file: SoundFile, name: str) -> tuple[np.ndarray, int]:
    """Decode block by block, so that eight channels never lie in memory whole: (n,) float32, and the frames read."""
    import soxr

    reducing = soxr.ResampleStream(file.samplerate, MAX_RATE, 1) if file.samplerate > MAX_RATE else None
    found, n_read = [], 0
    while len(block := file.read(BLOCK // file.channels, dtype="float32", always_2d=True)):  # (n, channels)
        n_read += len(block)
        _require_short(n_read, file.samplerate, name)
        mono = block.mean(axis=1)
        found.append(mono if reducing is None else reducing.resample_chunk(mono))
    if reducing is not None and n_read:
        found.append(reducing.resample_chunk(np.zeros(0, np.float32), last=True))
    return (np.concatenate(found) if found else np.zeros(0, np.float32)), n_read
