"""What the voices' tab shows of a recording: one class a feature, each with the statistics that it is compared by."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np

from mmteach.features.audio_statistics import PARTS, VoiceStatistics
from mmteach.features.audio_tracks import BANDS, DELTA, MFCC, SOUNDING, TRACKS, VOICED, Tracks
from mmteach.widgets.audio_views import LOUD, on_mel_axis
from mmteach.widgets.figure import BLUE, GREY, MAP, ORANGE, VERMILION, Plot, plain

HOP = 0.01  # seconds from frame to frame
MARKS = (250, 500, 1000, 2000, 4000)  # Hz
N_BARS = 10


class Heard(NamedTuple):
    """A test recording as the views take it.

    tracks : its frames, one row a measure.
    unusual : [(name, deviations from the mean that is taken out)], furthest first; empty before there is one.
    """

    tracks: Tracks
    unusual: list[tuple[str, float]]

    def rows(self, names: tuple[str, ...]) -> np.ndarray:
        """Measures by their names: (len(names), T)."""
        return self.tracks.values[[TRACKS.index(name) for name in names]]

    @property
    def times(self) -> np.ndarray:
        """Middle of each frame in seconds: (T,)."""
        return HOP * np.arange(self.tracks.values.shape[1])


class VoiceView(Protocol):
    """One feature on the page."""

    title: ClassVar[str]
    parts: ClassVar[tuple[str, ...]]
    n_rows: ClassVar[int]

    def make(self, plot: Plot) -> None:
        """Make the artists, once."""

    def draw(self, heard: Heard) -> str:
        """Give the artists this recording's data; return what can be seen, for the text alternative."""


class LogMelView:
    """How loud each band is, frame by frame."""

    title, parts, n_rows = "Log-mel", ("bands",), 1

    def make(self, plot: Plot) -> None:
        """A picture on an axis that is even to the ear."""
        ax = plain(plot.axes[0], "loudness of each band (bright: loud)", "seconds", "frequency (Hz)")
        self.picture = _heat(ax)
        ax.set_yticks(on_mel_axis(MARKS), [str(hz) for hz in MARKS])

    def draw(self, heard: Heard) -> str:
        """Show the 64 bands."""
        x = heard.rows(BANDS)
        _fill(self.picture, x, heard.times, (0, float(on_mel_axis(8000))))
        self.picture.set_clim(x.max() - LOUD, x.max())
        loudest = x.mean(axis=1).argmax()
        return f"64 bands, {x.shape[1]} frames, loudest on average is band {loudest + 1}"


class MFCCView:
    """The shape of the spectrum, frame by frame."""

    title, n_rows = "MFCC", 1
    parts: ClassVar[tuple[str, ...]] = ("mfcc",)
    rows: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (("MFCC 1 to 19", MFCC[1:]),)

    def make(self, plot: Plot) -> None:
        """A picture a row of axes."""
        self.pictures = []
        for ax, (name, tracks) in zip(plot.axes, self.rows, strict=True):
            plain(ax, f"{name}, each in its own deviations from its mean (bright: above)", y="number")
            self.pictures.append(_heat(ax))
            marks = [k for k in (1, 5, 10, 15, 19) if k >= 20 - len(tracks)]
            ax.set_yticks([k + 0.5 - (20 - len(tracks)) for k in marks], [str(k) for k in marks])
        _only_last_has_seconds(plot)

    def draw(self, heard: Heard) -> str:
        """Show the coefficients without number 0, the loudness."""
        said = []
        for picture, (name, tracks) in zip(self.pictures, self.rows, strict=True):
            x = heard.rows(tracks)
            z = (x - x.mean(axis=1, keepdims=True)) / (x.std(axis=1, keepdims=True) + 1e-6)
            _fill(picture, z, heard.times, (0, len(tracks)))
            picture.set_clim(-2.5, 2.5)
            said.append(f"{name}, {x.shape[1]} frames")
        return "; ".join(said)


class DeltasView(MFCCView):
    """The same, and how it changes."""

    title, n_rows = "MFCC + deltas", 2
    parts: ClassVar[tuple[str, ...]] = ("mfcc", "delta")
    rows: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("MFCC 1 to 19", MFCC[1:]),
        ("slopes of MFCC 1 to 19", DELTA[1:20]),
    )


class PitchView:
    """How high the voice is, where there is a voice."""

    title, parts, n_rows = "Pitch", ("pitch",), 2

    def make(self, plot: Plot) -> None:
        """Pitch above, below how little the sound repeats itself."""
        above, below = plot.axes
        plain(above, "pitch where voiced", y="Hz").set_yscale("log")
        above.set_yticks([75, 100, 150, 200, 300, 400], ["75", "100", "150", "200", "300", "400"], minor=False)
        above.set_yticks([], minor=True)
        above.set_ylim(60, 500)
        (self.pitch,) = above.plot([], [], ".", color=BLUE, ms=4)
        plain(below, y="aperiodicity").set_ylim(0, 1.05)
        (self.voiced,) = below.plot([], [], ".", color=BLUE, ms=4, label="voiced")
        (self.unvoiced,) = below.plot([], [], "x", color=VERMILION, ms=3, label="sounds, but unvoiced")
        (self.quiet,) = below.plot([], [], "_", color=GREY, ms=3, label="quiet")
        below.axhline(VOICED, color=ORANGE, lw=1)
        below.legend(fontsize=7, ncols=3, loc="lower right", bbox_to_anchor=(1, 0.97), frameon=False)
        self.axes = plot.axes
        _only_last_has_seconds(plot)

    def draw(self, heard: Heard) -> str:
        """Show both; Hz, since the tracks hold semitones above 100 Hz."""
        semitones, aperiodicity = heard.rows(("pitch", "aperiodicity"))
        voiced, sounding, times = heard.tracks.voiced, heard.tracks.sounding, heard.times
        hz = 100 * 2 ** (semitones[voiced] / 12)
        self.pitch.set_data(times[voiced], hz)
        for line, where in ((self.voiced, voiced), (self.unvoiced, sounding & ~voiced), (self.quiet, ~sounding)):
            line.set_data(times[where], aperiodicity[where])
        for ax in self.axes:
            ax.set_xlim(0, times[-1] or HOP)
        share = voiced.sum() / max(int(sounding.sum()), 1)
        found = f"median {np.median(hz):.0f} Hz, from {hz.min():.0f} to {hz.max():.0f}" if len(hz) else "no pitch"
        return f"{found}; {share:.0%} of the sounding frames are voiced"


class EnergyView:
    """How loud it is, frame by frame."""

    title, parts, n_rows = "Energy", ("energy",), 1

    def make(self, plot: Plot) -> None:
        """A curve, and the line below which a frame counts as quiet."""
        self.axes = plain(plot.axes[0], "loudness; what lies below the line counts as quiet", "seconds", "RMS (dB)")
        (self.curve,) = self.axes.plot([], [], color=BLUE, lw=1.2)
        self.line = self.axes.axhline(0, color=ORANGE, lw=1)

    def draw(self, heard: Heard) -> str:
        """Show the energy."""
        (x,) = heard.rows(("energy",))
        self.curve.set_data(heard.times, x)
        self.line.set_ydata([x.max() - SOUNDING] * 2)
        self.axes.set_xlim(0, heard.times[-1] or HOP)
        self.axes.set_ylim(max(x.min(), -100) - 3, x.max() + 3)
        quiet = 1 - heard.tracks.sounding.mean()
        return f"from {x.min():.0f} to {x.max():.0f} dB; {quiet:.0%} of the frames are quiet"


class EverythingView:
    """All statistics: those in which this recording is furthest from the training part, or from others of its voice."""

    title, parts, n_rows = "All statistics", tuple(PARTS), 1

    def make(self, plot: Plot) -> None:
        """Bars; the axes leave room for the longest name."""
        self.axes = plain(plot.axes[0], " ", "standard deviations from the mean")
        self.bars = self.axes.barh(np.arange(N_BARS), np.zeros(N_BARS), color=BLUE)
        self.axes.axvline(0, color=GREY, lw=0.8)
        self.axes.set_yticks(np.arange(N_BARS), [max(VoiceStatistics().names(), key=len)] * N_BARS)
        self.axes.invert_yaxis()
        plot.redraw("")

    def draw(self, heard: Heard) -> str:
        """Show the ten furthest, so far as there is something to compare with."""
        shown = [*heard.unusual[:N_BARS], *[("", 0.0)] * N_BARS][:N_BARS]
        for bar, (_, value) in zip(self.bars, shown, strict=True):
            bar.set_width(value)
            bar.set_color(BLUE if value >= 0 else VERMILION)
        widest = max([abs(value) for _, value in shown] + [1.0])
        self.axes.set_xlim(-1.1 * widest, 1.1 * widest)
        self.axes.set_yticks(np.arange(N_BARS), [name for name, _ in shown])
        if not heard.unusual:
            self.axes.set_title("press Compare to see what is unusual about it", fontsize=10)
            return "nothing to compare with yet"
        self.axes.set_title("what is most unusual about it", fontsize=10)
        return ", ".join(f"{name} {value:+.1f}" for name, value in shown[:3])


VIEWS: tuple[Any, ...] = (LogMelView, MFCCView, DeltasView, PitchView, EnergyView, EverythingView)


def _heat(ax: Any) -> Any:
    return ax.imshow(np.zeros((2, 2)), cmap=MAP, origin="lower", aspect="auto")


def _fill(picture: Any, x: np.ndarray, times: np.ndarray, ends: tuple[float, float]) -> None:
    """Give a picture its rows, and the axes their seconds."""
    picture.set_data(x)
    picture.set_extent((0, max(float(times[-1]), HOP), *ends))


def _only_last_has_seconds(plot: Plot) -> None:
    for ax in plot.axes[:-1]:
        ax.set_xticks([])
    plot.axes[-1].set_xlabel("seconds", fontsize=9)
