"""The voice in SentimentStudio: a player, its spectrogram, and which sounds the answer came from."""

from __future__ import annotations

import io

import ipywidgets
import numpy as np

from mmteach.features import log_mel
from mmteach.infer import band_edges
from mmteach.types import Waveform
from mmteach.widgets.figure import Plot, plain

LOUD = 70  # decibels from the darkest to the brightest that is shown
N_MELS = 64
FAINT = 0.04  # of a probability: the colours are full from here on, so that next to nothing is not painted strongly
LABEL = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}


class VoicePlot(Plot):
    """A log-mel spectrogram; laid over it, what each part did for the answer, with its number where it is strong.

    Attributes
    ----------
    explained : whether an explanation lies over the spectrogram now.
    """

    def __init__(self) -> None:
        super().__init__((8.6, 2.5))
        ax = plain(self.axes[0], x="seconds", y="frequency (Hz)")
        self._picture = ax.imshow(np.zeros((2, 2)), cmap="gray_r", origin="lower", aspect="auto")
        self._heat = ax.imshow(np.zeros((2, 2)), cmap="RdBu", origin="lower", aspect="auto", visible=False)
        self._numbers = [ax.text(0, 0, "", ha="center", va="center", fontsize=8, bbox=LABEL) for _ in range(6)]
        self.explained = False
        self._seconds, self._about = 1.0, "no recording"

    def show_voice(self, voice: Waveform) -> None:
        """Draw another recording (16 kHz); the explanation of the former one goes."""
        frames = log_mel([voice], N_MELS)[0]  # (T, n_mels)
        self._seconds = len(voice.samples) / voice.sample_rate
        extent = (0, self._seconds, 0, N_MELS)
        self._picture.set_data(frames.T)
        for image in (self._picture, self._heat):
            image.set_extent(extent)
        self._picture.set_clim(float(frames.max()) - LOUD, float(frames.max()))
        ax = self.axes[0]
        ax.set_xlim(0, self._seconds)
        ax.set_ylim(0, N_MELS)
        edges = band_edges(N_MELS + 1, voice.sample_rate)[1:]
        marks = (250, 500, 1000, 2000, 4000)
        ax.set_yticks([float(np.interp(hz, edges, np.arange(len(edges)))) for hz in marks], map(str, marks))
        self._about = f"spectrogram of {self._seconds:.1f} seconds"
        self._clear()

    def across(self, seconds: float) -> float:
        """Where a moment stands, as a share of the picture's width, in [0, 1]; known once something is drawn."""
        box = self.axes[0].get_position()
        return float(box.x0 + box.width * seconds / self._seconds)

    def show_nothing(self) -> None:
        """Take the explanation away, if there is one."""
        if self.explained:
            self._clear()

    def _clear(self) -> None:
        self.explained = False
        self._heat.set_visible(False)
        for number in self._numbers:
            number.set_text("")
        self.axes[0].set_title("spectrogram: how loud each frequency is (dark: loud)", fontsize=9)
        self.redraw(self._about)

    def show_why(self, found: np.ndarray, answer: str) -> None:
        """Lay what each part did for the answer, (n_bands, n_times), over the spectrogram."""
        self.explained, (n_bands, n_times) = True, found.shape
        top = max(float(np.abs(found).max()), FAINT)
        self._heat.set_data(found)
        self._heat.set_clim(-top, top)
        self._heat.set_visible(True)
        self._heat.set_alpha((0.15 + 0.6 * np.abs(found) / top) * (np.abs(found) >= 0.1 * FAINT))
        strongest = np.argsort(-np.abs(found), axis=None)[: len(self._numbers)]
        said = []
        for number, cell in zip(self._numbers, strongest.tolist(), strict=False):
            band, time = divmod(cell, n_times)
            value, at = float(found[band, time]), (time + 0.5) * self._seconds / n_times
            strong = abs(value) >= 0.25 * top
            number.set_text(f"{value:+.2f}" if strong else "")
            number.set_position((at, (band + 0.5) * N_MELS / n_bands))
            if strong:
                said.append(f"{value:+.2f} at {at:.1f} s in band {band + 1} of {n_bands}")
        title = "+ without it what the voice alone says would be less probable (blue), − more (red)"
        self.axes[0].set_title(title if said else "no part by itself changes what the voice says", fontsize=9)
        told = ", ".join(said) or "no part by itself changes that"
        self.redraw(f"{self._about}; what each part did for {answer}: {told}")


class Player(ipywidgets.VBox):
    """An audio player with a line that says whose voice it is."""

    def __init__(self) -> None:
        self.audio = ipywidgets.Audio(value=b"", format="wav", autoplay=False, loop=False)
        self.about = ipywidgets.HTML("<i>no recording</i>")
        super().__init__([self.about])

    def show(self, voice: Waveform | None, about: str) -> None:
        """Offer a recording; None takes the player away.

        Parameters
        ----------
        about : harmless HTML.
        """
        self.about.value = about
        if voice is not None:
            self.audio.value = wav_bytes(voice)
        self.children = [self.about] if voice is None else [self.about, self.audio]


def wav_bytes(voice: Waveform) -> bytes:
    """A recording as a 16-bit WAV file."""
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, voice.samples, voice.sample_rate, format="WAV", subtype="PCM_16")
    return out.getvalue()
