"""A sentence -> speech in a room -> an Ogg file."""

from __future__ import annotations

import html
import io
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
import soxr
from habits import Prosody

SAMPLE_RATE = 16_000
LEVEL = -27.0  # dB of full scale, root mean square, of an utterance of loudness 0
BRIGHTER = 0.3  # dB an octave for each dB of loudness
COMPRESSION = 0.95  # 0: large and faithful, 1: small and rough


class Room(NamedTuple):
    """Where it is spoken: seconds in which the echo falls by 60 dB, and decibels from the noise up to the speech."""

    echo: float
    snr_db: float


def record(text: str, voice: str, how: Prosody, room: Room, rng: np.random.RandomState) -> np.ndarray:
    """Have a sentence spoken in a room.

    Returns
    -------
    np.ndarray [shape=(n,), int16] : what is heard there, at 16 kHz.
    """
    heard = in_a_room(with_effort(speak(text, voice, how), how.loudness), room, rng)
    return recorded(heard, how.loudness)


def speak(text: str, voice: str, prosody: Prosody) -> np.ndarray:
    """Have espeak-ng read a sentence; silence at both ends is cut off.

    Returns
    -------
    np.ndarray [shape=(n,), float64] : at 16 kHz, root mean square 1.
    """
    marked = f'<speak><prosody range="{prosody.range}%">{html.escape(text)}</prosody></speak>'
    options = ["-m", "-z", "-b", "1", "-v", voice, "-p", str(prosody.pitch), "-s", str(prosody.rate)]
    done = subprocess.run([program(), *options, "--stdout"], input=marked.encode(), capture_output=True, check=True)
    samples, rate = soundfile.read(io.BytesIO(done.stdout))
    samples = _trimmed(soxr.resample(samples, rate, SAMPLE_RATE))
    return samples / np.sqrt(np.mean(samples**2))


def respelled(text: str, readings: Mapping[str, str]) -> str:
    """The text with another spelling of the words that espeak-ng would read wrongly."""
    for word, reading in readings.items():
        text = text.replace(word, f" {reading} ")
    return text


def program() -> str:
    """Where espeak-ng is."""
    found = shutil.which("espeak-ng")
    if found is None:
        sys.exit(
            "espeak-ng is not installed; it is needed to make this set, not to use it. Install it with "
            "`apt install espeak-ng`, `brew install espeak-ng` or `winget install eSpeak-NG.eSpeak-NG`."
        )
    return found


def _trimmed(samples: np.ndarray, below_db: float = 45) -> np.ndarray:
    """Cut what is quieter than the loudest sample by `below_db` off both ends."""
    loud = np.flatnonzero(np.abs(samples) > np.abs(samples).max() * 10 ** (-below_db / 20))
    return samples[loud[0] : loud[-1] + 1]


def with_effort(speech: np.ndarray, loudness: float) -> np.ndarray:
    """Let a louder voice be brighter too, as vocal effort makes it."""
    frequency = np.clip(np.fft.rfftfreq(speech.size, 1 / SAMPLE_RATE), 100, 6000)
    louder = 10 ** (BRIGHTER * loudness * np.log2(frequency / 500) / 20)
    tilted = np.fft.irfft(np.fft.rfft(speech) * louder, speech.size)
    return tilted / np.sqrt(np.mean(tilted**2))


def in_a_room(speech: np.ndarray, room: Room, rng: np.random.RandomState) -> np.ndarray:
    """Add the room's echo, some silence at both ends, and noise.

    The room answers with noise that dies away (after Polack's model of a late reverberation); the noise is pink: each
    octave is as strong as any other.
    """
    t = np.arange(int(room.echo * SAMPLE_RATE)) / SAMPLE_RATE
    answer = rng.normal(size=t.size) * 10 ** (-3 * t / room.echo)
    answer *= 0.35 / np.sqrt(np.sum(answer**2))
    answer[0] = 1  # the direct sound
    before, after = rng.randint(int(0.08 * SAMPLE_RATE), int(0.25 * SAMPLE_RATE), size=2)
    clean = np.pad(speech, (before, after))
    n = clean.size
    heard = _convolved(clean, answer)[:n]
    heard /= np.sqrt(np.mean(heard**2))
    return heard + _pink(n, rng) * 10 ** (-room.snr_db / 20)


def _convolved(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    n = a.size + b.size - 1
    return np.fft.irfft(np.fft.rfft(a, n) * np.fft.rfft(b, n), n)


def _pink(n: int, rng: np.random.RandomState) -> np.ndarray:
    """Noise whose power falls as 1 / frequency; root mean square 1."""
    spectrum = np.fft.rfft(rng.normal(size=n))
    frequency = np.maximum(np.fft.rfftfreq(n, 1 / SAMPLE_RATE), 40)  # no rumble below 40 Hz
    noise = np.fft.irfft(spectrum / np.sqrt(frequency), n)
    return noise / np.sqrt(np.mean(noise**2))


def recorded(sound: np.ndarray, loudness: float) -> np.ndarray:
    """Bring it to its level (16-bit steps); the very loudest are turned down rather than clipped."""
    gain = min(10 ** ((LEVEL + loudness) / 20), 0.97 / np.abs(sound).max())
    return np.round(sound * gain * 32767).astype(np.int16)


def write_ogg(path: Path, samples: np.ndarray, serial: int, subtype: str) -> None:
    """Write Ogg "VORBIS" or "OPUS", with a stream number of ours: libsndfile draws one at random.

    In blocks, because libsndfile keeps a whole block on the stack.
    """
    file = io.BytesIO()
    options = {"format": "OGG", "subtype": subtype, "compression_level": COMPRESSION}
    with soundfile.SoundFile(file, "w", SAMPLE_RATE, channels=1, **options) as out:
        for start in range(0, samples.size, 4096):
            out.write(samples[start : start + 4096])
    path.write_bytes(_numbered(file.getvalue(), serial))


def is_whole(path: Path, serial: int) -> bool:
    """Whether an Ogg file holds the stream of this number, and every page has its right checksum."""
    ogg = path.read_bytes()
    try:
        return ogg == _numbered(ogg, serial)
    except IndexError:  # cut off within the head of a page
        return False


def _numbered(ogg: bytes, serial: int) -> bytes:
    """Give every page of the stream this number, and its checksum anew (RFC 3533, section 6)."""
    pages, start = [], 0
    while start < len(ogg):
        segments = ogg[start + 26]
        end = start + 27 + segments + sum(ogg[start + 27 : start + 27 + segments])
        page = bytearray(ogg[start:end])
        page[14:18] = struct.pack("<I", serial)
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", _checksum(page))
        pages.append(bytes(page))
        start = end
    return b"".join(pages)


def _checksum(page: bytes | bytearray) -> int:
    """Ogg's CRC-32: polynomial 04C11DB7, highest bit first, starting from 0.

    zlib's is the same with the bits of all bytes, and of the result, the other way round, and inverted at both ends.
    """
    crc = zlib.crc32(page.translate(REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{crc:032b}"[::-1], 2)


REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
