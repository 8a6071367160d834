"""A voice in one vector: how its pitch, loudness and sound are distributed over the whole recording."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

import numpy as np

from mmteach.errors import ParameterError
from mmteach.features import audio, audio_frames, audio_pitch, audio_spectrum, audio_tracks
from mmteach.features.audio_frames import SPEECH, tapes
from mmteach.features.audio_pitch import FRAME
from mmteach.features.audio_tracks import BANDS, DELTA, ENERGY, MFCC, PITCH, SPECTRUM, TRACKS, Tracks, follow
from mmteach.features.cache import per_item
from mmteach.features.extractor import Stateless, register
from mmteach.types import Waveform

STATISTICS = ("mean", "std", "p5", "p10", "median", "p90", "p95", "range", "slope")
WHERE = ("sounding", "voiced", "span")
RATES = (
    "seconds of speech",
    "seconds voiced",
    "share voiced",
    "share of pauses",
    "voiced stretches per second",
    "seconds of a voiced stretch",
    "loudness peaks per second",
)


class Group(NamedTuple):
    """Which statistics of which tracks are taken over which frames."""

    tracks: Sequence[str]
    where: str
    statistics: Sequence[str]


USUAL = ("mean", "std", "p10", "median", "p90", "range", "slope")
PARTS = {
    "mfcc": (Group(MFCC, "sounding", USUAL), Group(MFCC, "voiced", ("mean", "std"))),
    "delta": (Group(DELTA, "sounding", ("std", "p10", "p90")),),
    "pitch": (
        Group(PITCH[:1], "voiced", STATISTICS),
        Group(PITCH[1:2], "voiced", ("mean", "std", "p10", "p90")),
        Group(PITCH[2:], "voiced", USUAL),
        Group(PITCH[2:], "sounding", ("mean", "std")),
    ),
    "energy": (
        Group(ENERGY[:1], "span", STATISTICS),
        Group(ENERGY[:1], "voiced", ("mean", "std")),
        Group(ENERGY[1:], "span", ("std", "p10", "p90")),
    ),
    "spectrum": (Group(SPECTRUM, "sounding", USUAL), Group(SPECTRUM, "voiced", USUAL)),
    "bands": (Group(BANDS, "sounding", ("mean", "std")),),
    "rate": (),
}


@functools.cache
def columns(part: str) -> list[tuple[int, int, int]]:
    """Where each number of a part stands in the table that `describe` makes: (where, statistic, track)."""
    return [
        (WHERE.index(group.where), STATISTICS.index(statistic), TRACKS.index(track))
        for group in PARTS[part]
        for statistic in group.statistics
        for track in group.tracks
    ]


def names_of(part: str) -> list[str]:
    """Return a readable name for each number of a part, for example "pitch, median where voiced"."""
    if part == "rate":
        return list(RATES)
    ends = {"sounding": "", "voiced": " where voiced", "span": " from first to last sound"}
    return [f"{TRACKS[track]}, {STATISTICS[s]}{ends[WHERE[where]]}" for where, s, track in columns(part)]


def summarise(x: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Statistics over time: (D, T) at `times` in seconds -> (len(STATISTICS), D). Slopes are per second."""
    ordered = np.sort(x, axis=1)
    at = np.array([0.05, 0.1, 0.5, 0.9, 0.95]) * (x.shape[1] - 1)
    low = at.astype(int)
    high, part = np.minimum(low + 1, x.shape[1] - 1), (at - low).astype(np.float32)
    p5, p10, median, p90, p95 = (ordered[:, low] * (1 - part) + ordered[:, high] * part).T
    mean = x.mean(axis=1)
    centred, t = x - mean[:, None], (times - times.mean()).astype(np.float32)
    std = np.sqrt(np.einsum("ij,ij->i", centred, centred) / x.shape[1])
    slope = np.einsum("ij,j->i", centred, t) / max(float(t @ t), 1e-6)
    return np.stack([mean, std, p5, p10, median, p90, p95, p90 - p10, slope])


def rates(tracks: Tracks, seconds: float) -> np.ndarray:
    """How fast somebody speaks, and how much of the time: the numbers of RATES, float32.

    Parameters
    ----------
    seconds : from one frame to the next.
    """
    span, voiced = int(tracks.span.sum()), int(tracks.voiced.sum())
    stretches = int((np.diff(tracks.voiced.astype(np.int8), prepend=0) == 1).sum())
    energy = tracks.values[TRACKS.index("energy")][tracks.span]
    smooth = np.convolve(energy, np.ones(9) / 9, "same")  # 90 ms: a syllable is about 200
    peaks = (smooth[1:-1] > smooth[:-2]) & (smooth[1:-1] >= smooth[2:]) & (smooth[1:-1] > energy.max() - 25)
    length = span * seconds
    return np.array(
        [
            length,
            voiced * seconds,
            voiced / tracks.sounding.sum(),
            1 - tracks.sounding.sum() / span,
            stretches / length,
            voiced * seconds / max(stretches, 1),
            peaks.sum() / length,
        ],
        np.float32,
    )


def describe(tracks: Tracks, seconds: float) -> np.ndarray:
    """All numbers of all parts for one recording: (D,) float32."""
    times = seconds * np.arange(tracks.values.shape[1])
    voiced = tracks.voiced if tracks.voiced.any() else tracks.sounding
    table = np.stack([summarise(tracks.values[:, m], times[m]) for m in (tracks.sounding, voiced, tracks.span)])
    where = np.array([place for part in PARTS for place in columns(part)]).T
    return np.concatenate([table[tuple(where)], rates(tracks, seconds)])


@per_item(audio, audio_frames, audio_pitch, audio_spectrum, audio_tracks)
def voice_statistics(clips: Iterable[Waveform]) -> list[np.ndarray]:
    """Describe recordings by the statistics of all parts: one (D,) float32 for each."""
    found = tapes(clips, SPEECH.hop_length, max(SPEECH.n_fft, FRAME))
    return [describe(t, tape.hop_length / tape.sample_rate) for tape in found for t in follow(tape)]


@register
class VoiceStatistics(Stateless):
    """How a voice sounds, in one vector: statistics over time of what changes from frame to frame.

    They are taken over sounding frames (within 35 dB of the loudest), some over voiced ones. Silence, a clip shorter
    than a frame and a clip without a voiced frame give finite numbers as well: pitch is then 0 (100 Hz), and "share
    voiced" says so. Energy is absolute, so a `Level` step before this takes the loudness away.

    Parameters
    ----------
    parts : any of mfcc, delta, pitch, energy, spectrum, bands, rate.
    """

    name: ClassVar[str] = "voice_statistics"

    def __init__(self, parts: Sequence[str] = tuple(PARTS)) -> None:
        strange = [part for part in parts if part not in PARTS]
        if strange or not parts or isinstance(parts, str):
            raise ParameterError(f"parts are {parts!r}; they need to be some of {', '.join(PARTS)}")
        self.parts = list(parts)

    def names(self) -> list[str]:
        """Return a readable name for each column."""
        return [name for part in self.parts for name in names_of(part)]

    def __call__(self, media: Iterable[Waveform]) -> np.ndarray:
        """N recordings -> (N, D)."""
        every = [part for part in PARTS for _ in names_of(part)]
        chosen = [i for part in self.parts for i, of in enumerate(every) if of == part]
        rows = voice_statistics(media)
        return np.stack(rows)[:, chosen] if rows else np.zeros((0, len(chosen)), np.float32)
