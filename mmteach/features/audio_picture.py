"""A short recording as a picture of one size: what a word looks like, however fast it was said."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import numpy as np

from mmteach.errors import ParameterError
from mmteach.features import audio, audio_frames
from mmteach.features.audio import log_mel
from mmteach.features.audio_frames import Framing
from mmteach.features.cache import per_item
from mmteach.features.extractor import Stateless, register
from mmteach.types import Waveform


def stretched(x: np.ndarray, n_steps: int) -> np.ndarray:
    """Read a sequence at n_steps evenly spaced moments from its first step to its last, (T, D) -> (n_steps, D).

    >>> stretched(np.array([[0.0], [2.0], [4.0]]), 5)[:, 0].tolist()
    [0.0, 1.0, 2.0, 3.0, 4.0]
    """
    at = np.linspace(0, len(x) - 1, n_steps)
    below = np.minimum(at.astype(int), max(len(x) - 2, 0))
    above = np.minimum(below + 1, len(x) - 1)
    share = (at - below)[:, None].astype(x.dtype)
    return (1 - share) * x[below] + share * x[above]


def word_picture(x: np.ndarray, n_steps: int, top_db: float) -> np.ndarray:
    """Look at a log-mel spectrogram (T, D) in two ways, as two channels of one picture.

    The first keeps the balance of high and low, without which vowels cannot be told; the second takes from each band
    its mean over the clip, and with it what microphone and room do to all sounds alike.

    Parameters
    ----------
    x : dB.
    top_db : what lies further below the loudest value is raised to there.

    Returns
    -------
    np.ndarray [shape=(2, D, n_steps), float32], each channel of mean 0 and deviation 1; silence gives 0.
    """
    x = np.maximum(x, x.max() - np.float32(top_db))
    ways = np.stack([x - x.mean(), x - x.mean(axis=0)])
    ways /= np.maximum(ways.std(axis=(1, 2), keepdims=True), 1e-3)
    return np.stack([stretched(way, n_steps).T for way in ways]).astype(np.float32)


@per_item(audio, audio_frames)
def kept_word_pictures(
    clips: Iterable[Waveform], n_mels: int, n_steps: int, top_db: float, framing: Framing
) -> list[np.ndarray]:
    """Word pictures of recordings, (2, n_mels, n_steps) each; see `word_picture`."""
    return [word_picture(x, n_steps, top_db) for x in log_mel(clips, n_mels, framing)]


@register
class WordPicture(Stateless):
    """Log-mel spectrograms stretched to one length: pictures for a convolutional network; see `word_picture`.

    Parameters
    ----------
    n_mels : height of the picture.
    n_steps : width of the picture.
    top_db : dB from the loudest value down to the floor.
    frame_length, n_fft, hop_length : samples; the usual values are 25, 32 and 10 ms at 8 kHz.
    """

    name: ClassVar[str] = "word_picture"

    def __init__(
        self,
        n_mels: int = 32,
        n_steps: int = 24,
        top_db: float = 60.0,
        frame_length: int = 200,
        n_fft: int = 256,
        hop_length: int = 80,
    ) -> None:
        if not (1 <= n_mels <= 512 and 2 <= n_steps <= 4096 and 0 < top_db <= 200):
            raise ParameterError(
                f"n_mels is {n_mels}, n_steps {n_steps}, top_db {top_db}; needs n_mels from 1 to 512, n_steps from 2 "
                "to 4096, and top_db above 0 and at most 200"
            )
        Framing(frame_length, n_fft, hop_length)
        self.n_mels, self.n_steps, self.top_db = n_mels, n_steps, top_db
        self.frame_length, self.n_fft, self.hop_length = frame_length, n_fft, hop_length

    def __call__(self, media: Iterable[Waveform]) -> np.ndarray:
        """N recordings -> (N, 2, n_mels, n_steps)."""
        framing = Framing(self.frame_length, self.n_fft, self.hop_length)
        return np.stack(kept_word_pictures(media, self.n_mels, self.n_steps, self.top_db, framing))
