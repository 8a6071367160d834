"""Strings of digits, made by joining recordings of single ones: always of one speaker, with pauses between.

Where a word begins and ends in a string is thrown away: the network is told only which digits were said.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypeAlias

import numpy as np
import torch

from mmteach.datasets import Dataset
from mmteach.errors import DataError
from mmteach.features import level_frames, log_mel
from mmteach.features.audio_frames import Framing
from mmteach.features.audio_level import TOP_DB
from mmteach.preprocess import Resample
from mmteach.preprocess.augment import SpecAugment
from mmteach.preprocess.augment.warp import warp
from mmteach.train.ctc import Strings, padded
from mmteach.types import Waveform

RATE = 8000  # Hz, of every recording: FSDD has no more
FRAMING = Framing(200, 256, 128)  # 25 ms every 16 ms at 8 kHz
N_MELS = 24  # few: finer bands would show the pitch, which is the speaker's and not the word's
PAUSE = 20  # frames; longest pause, 0.32 s
N_VIEWS = 8  # warped copies of each training recording
SPEEDS, SCALES = (0.8, 1.25), (0.83, 1.2)
Source: TypeAlias = Literal["any", "counting"]


class Clips(NamedTuple):
    """Single digits.

    Parameters
    ----------
    waveforms : N recordings at 8 kHz.
    frames : N log-mel spectrograms (T, 24), dB.
    y : (N,) int64, 0 to 9.
    groups : (N,) str, the speakers.
    """

    waveforms: list[Waveform]
    frames: list[np.ndarray]
    y: np.ndarray
    groups: np.ndarray


class Said(NamedTuple):
    """A string of digits.

    Parameters
    ----------
    digits : what is said.
    rows : the clips that it is made of.
    pauses : frames of silence before, between and after them.
    """

    digits: tuple[int, ...]
    rows: tuple[int, ...]
    pauses: tuple[int, ...]


def clips(dataset: Dataset) -> Clips:
    """Read a set of spoken digits, and compute the frames of each clip once.

    Raises
    ------
    DataError : it has no recordings, its labels are no digits, or a speaker is unknown.
    """
    if "audio" not in dataset.modalities or not set(dataset.classes) <= set("0123456789"):
        raise DataError(
            f"'{dataset.name}' has {', '.join(dataset.modalities)} with classes such as "
            f"{dataset.classes[0] if dataset.classes else 'none'!r}; needs recordings labelled 0 to 9, as in fsdd"
        )
    if None in dataset.groups.tolist():
        raise DataError(f"'{dataset.name}' does not say who speaks: add a column group, so that strings have one voice")
    resample = Resample(RATE)
    waveforms = []
    for i in range(len(dataset)):
        audio = dataset[i].media["audio"]
        assert isinstance(audio, Waveform)
        waveforms.append(resample(audio))
    return Clips(waveforms, log_mel(waveforms, N_MELS, FRAMING), dataset.labels.astype(np.int64), dataset.groups)


def join(parts: Sequence[np.ndarray], pauses: Sequence[int]) -> np.ndarray:
    """Frames of clips with silence before, between and after: list of (T, D) -> (T', D), dB."""
    silent = [np.full((n, parts[0].shape[1]), -100, np.float32) for n in pauses]
    return np.concatenate([silent[0], *(x for pair in zip(parts, silent[1:], strict=True) for x in pair)])


def waveform(said: Said, c: Clips) -> Waveform:
    """Join the recordings themselves, to be heard, or for a test that knows no shortcut."""
    hop = FRAMING.hop_length
    silent = [np.zeros(n * hop, np.float32) for n in said.pauses]
    sounds = [x for i, s in zip(said.rows, silent[1:], strict=True) for x in (c.waveforms[i].samples, s)]
    return Waveform(np.concatenate([silent[0], *sounds]), RATE)


def frames(recording: Waveform) -> np.ndarray:
    """What the network gets of a recording: (T, 24) float32."""
    return level_frames(log_mel([Resample(RATE)(recording)], N_MELS, FRAMING)[0])


def digits_from(source: Source, n: int, length: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """Draw strings of digits.

    Parameters
    ----------
    source : "any" draws every digit by itself. "counting" goes on from the digit before by 0, 1 or 2, and begins
        again after 9: somebody who counts, for whom a language model is made.
    """
    if source == "any":
        return [tuple(map(int, row)) for row in rng.integers(0, 10, (n, length))]
    steps = np.concatenate([rng.integers(0, 10, (n, 1)), rng.integers(0, 3, (n, length - 1))], axis=1)
    return [tuple(map(int, row)) for row in steps.cumsum(axis=1) % 10]


def strings_of(
    c: Clips, rows: np.ndarray, n: int, rng: np.random.Generator, source: Source = "any", length: int = 4
) -> list[Said]:
    """Let the speakers of some clips say n strings, all speakers about equally often."""
    speakers = sorted(set(c.groups[rows]))
    made = []
    for k, wanted in enumerate(digits_from(source, n, length, rng)):
        own = rows[c.groups[rows] == speakers[k % len(speakers)]]
        said = tuple(d if (c.y[own] == d).any() else int(c.y[rng.choice(own)]) for d in wanted)
        chosen = tuple(int(rng.choice(own[c.y[own] == d])) for d in said)
        made.append(Said(said, chosen, tuple(int(p) for p in rng.integers(0, PAUSE, length + 1))))
    return made


class Drawing:
    """Draws training batches: other speakers, digits, warps, pauses, noise and masks every time.

    Parameters
    ----------
    rows : the clips of the training part.
    """

    def __init__(self, c: Clips, rows: np.ndarray, seed: int = 0) -> None:
        self.rng, self.generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
        self.y = c.y
        self.of_speaker = [rows[c.groups[rows] == speaker] for speaker in sorted(set(c.groups[rows]))]
        self.views = {int(i): [c.frames[i], *(self._warped(c.frames[i]) for _ in range(N_VIEWS))] for i in rows}
        self.cover = SpecAugment(time_masks=1, time_width=6, frequency_masks=1, frequency_width=6)

    def _warped(self, x: np.ndarray) -> np.ndarray:
        return warp(x, self.rng.uniform(*SPEEDS), self.rng.uniform(*SCALES))

    def __call__(self, single: bool) -> Strings:
        """Return 32 strings of three to five digits, or 96 single words that were cut out of such strings.

        A string is normalised as a whole: of one word alone the mean of a band would be the word's, not the speaker's.
        """
        made: list[np.ndarray] = []
        targets: list[np.ndarray] = []
        for _ in range(32):
            own = self.of_speaker[self.rng.integers(len(self.of_speaker))]
            rows = self.rng.choice(own, self.rng.integers(3, 6))
            x, starts, ends = self._string(rows)
            if single:
                made += [x[a:b] for a, b in zip(starts[:3], ends[:3], strict=True)]
                targets += [self.y[rows[k : k + 1]] + 1 for k in range(3)]
            else:
                made.append(x)
                targets.append(self.y[rows] + 1)
        found = padded(made, targets)
        real = torch.arange(found.x.shape[1]) < found.n_frames[:, None]
        return found._replace(x=self.cover(found.x, self.generator, real))

    def _string(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """One string (T, D) of some clips, and where each of them starts and ends, with some of the pause."""
        rng, k = self.rng, self.rng.integers(N_VIEWS + 1)
        parts = [self.views[int(i)][k] + np.float32(rng.uniform(-3, 3)) for i in rows]
        pauses = rng.integers(0, PAUSE, len(rows) + 1)
        x = level_frames(join(parts, pauses.tolist()), rng.uniform(TOP_DB - 15, TOP_DB + 10))
        x += rng.standard_normal(x.shape, np.float32) * np.float32(rng.uniform(0, 0.4))
        ends = np.cumsum([len(part) for part in parts]) + np.cumsum(pauses[:-1])
        starts = ends - [len(part) for part in parts]
        return x, starts - pauses[:-1] // 2, ends + pauses[1:] // 2
