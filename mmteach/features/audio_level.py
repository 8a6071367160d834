"""Log-mel frames in which neither microphone nor loudness counts: what a recogniser of words looks at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import numpy as np

from mmteach.errors import ParameterError
from mmteach.features.audio import kept_log_mel
from mmteach.features.audio_frames import Framing
from mmteach.features.extractor import Stateless, register
from mmteach.types import Waveform

TOP_DB = 50.0  # what is softer than the loudest by more than this is silence


def level_frames(x: np.ndarray, top_db: float = TOP_DB) -> np.ndarray:
    """Give each band mean 0 and deviation 1 over the frames in which somebody speaks: (T, D) -> (T, D).

    Neither microphone nor loudness counts then, nor how long the pauses are.

    Parameters
    ----------
    x : dB; of a recording that is silent throughout, all bands become 0.
    top_db : what lies further below the loudest value is raised to there.
    """
    x = np.maximum(x, x.max() - np.float32(top_db))
    loud = x.max(axis=1)
    spoken = x[loud > loud.max() - np.float32(0.7 * top_db)]
    return ((x - spoken.mean(axis=0)) / (spoken.std(axis=0) + 1)).astype(np.float32)


@register
class LevelLogMel(Stateless):
    """Log-mel spectrograms, each band levelled over the frames of speech; see `level_frames`.

    Parameters
    ----------
    n_mels : bands; few, because fine ones would show the pitch, which is the speaker's and not the word's.
    top_db : dB from the loudest value down to the floor.
    frame_length, n_fft, hop_length : samples; the usual values are 25, 32 and 16 ms at 8 kHz.
    """

    name: ClassVar[str] = "level_log_mel"

    def __init__(
        self, n_mels: int = 24, top_db: float = TOP_DB, frame_length: int = 200, n_fft: int = 256, hop_length: int = 128
    ) -> None:
        if not (1 <= n_mels <= 512 and 0 < top_db <= 200):
            raise ParameterError(f"n_mels is {n_mels}, top_db {top_db}; needs 1 to 512 bands, and above 0 to 200 dB")
        Framing(frame_length, n_fft, hop_length)
        self.n_mels, self.top_db = n_mels, top_db
        self.frame_length, self.n_fft, self.hop_length = frame_length, n_fft, hop_length

    def __call__(self, media: Iterable[Waveform]) -> list[np.ndarray]:
        """N recordings -> N arrays (T, n_mels)."""
        framing = Framing(self.frame_length, self.n_fft, self.hop_length)
        return [level_frames(x, self.top_db) for x in kept_log_mel(media, self.n_mels, framing)]
