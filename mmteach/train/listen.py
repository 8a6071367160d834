"""Teach an encoder to write down what is said, before it is asked what is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from mmteach.errors import DataError, ParameterError
from mmteach.features import cached, tokenise
from mmteach.models.ctc import Recogniser
from mmteach.models.listener import ListenerEncoder
from mmteach.preprocess.augment import SpecAugment, warp
from mmteach.train.ctc import Strings, fit_ctc, padded
from mmteach.train.loop import seed_everything

BATCH_SIZE = 32
N_VIEWS = 6  # warped copies of each training recording
SPEEDS, SCALES = (0.8, 1.25), (0.83, 1.2)
NOISE = 0.4  # standard deviations of a band, at most


@dataclass(frozen=True)
class Listening:
    """How an encoder learns words.

    Parameters
    ----------
    column : of a sample's meta, what is said in it; looked at in training alone.
    n_steps : of training.
    """

    column: str
    n_steps: int = 900

    def __post_init__(self) -> None:
        if not (self.column and self.n_steps >= 1):
            raise ParameterError(f"column is {self.column!r}, n_steps {self.n_steps}; needs a name, and 1 step or more")


def words_of(said: Sequence[str]) -> tuple[str, ...]:
    """Every token of some texts, in alphabetical order: what a listener is to know.

    Raises
    ------
    DataError : there is none.
    """
    words = tuple(sorted({token for text in said for token in tokenise(text.lower())}))
    if not words:
        raise DataError("no training sample says what is said in it: fill the column, or do without listening")
    return words


def learn_to_listen(
    encoder: ListenerEncoder, x: Tensor, mask: Tensor | None, said: Sequence[str], n_steps: int, seed: int = 0
) -> list[float]:
    """Train the encoder's recogniser by CTC on recordings of which it is known what is said, and not when; freeze it.

    What was learnt is kept on disk: the same recordings are listened to once, though several models need it.

    Parameters
    ----------
    x, mask : (N, T, D) frames, levelled, and (N, T) which are real.
    said : N texts; a recording without one takes no part.

    Returns
    -------
    The loss of every step.
    """
    number = {word: i for i, word in enumerate(encoder.words, start=1)}
    strings = [[number[t] for t in tokenise(text.lower()) if t in number] for text in said]
    real = np.full(len(x), x.shape[1]) if mask is None else mask.sum(dim=1).numpy()
    known = [i for i, string in enumerate(strings) if string and real[i]]
    if not known:
        raise DataError("no recording says a word that the encoder knows: fill the column with what is said")
    recogniser = encoder.recogniser
    width, depth = recogniser.output.in_features, len(recogniser.convolutions) - 2
    targets = np.zeros((len(known), max(len(strings[i]) for i in known)), np.int64)  # 0, the blank, behind the end
    for row, i in zip(targets, known, strict=True):
        row[: len(strings[i])] = strings[i]
    state, losses = _learnt(
        x[known].numpy(), real[known], targets, len(number) + 1, width, depth, recogniser.dropout.p, n_steps, seed
    )
    recogniser.load_state_dict({k: torch.from_numpy(v) for k, v in state.items()})
    encoder.freeze()
    return losses


@cached
def _learnt(
    x: np.ndarray, n_frames: np.ndarray, targets: np.ndarray, n_symbols: int, channels: int, depth: int,
    dropout: float, n_steps: int, seed: int,
) -> tuple[dict[str, np.ndarray], list[float]]:  # fmt: skip
    """Make a recogniser and train it; return its weights and the loss of every step."""
    seed_everything(seed)
    recogniser = Recogniser(x.shape[2], n_symbols, channels, depth, dropout)
    frames = [one[:n] for one, n in zip(x, n_frames, strict=True)]
    losses = fit_ctc(recogniser, Recordings(frames, [row[row > 0] for row in targets], seed), 0, n_steps)
    return {k: v.numpy() for k, v in recogniser.state_dict().items()}, losses


class Recordings:
    """Draws training batches: each time other recordings, warped, in noise, with covered stripes.

    Parameters
    ----------
    frames : N arrays (T, D), levelled.
    strings : the symbols that are said in each.
    """

    def __init__(self, frames: Sequence[np.ndarray], strings: Sequence[Sequence[int]], seed: int = 0) -> None:
        self.rng, self.generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
        self.strings = [np.asarray(s, np.int64) for s in strings]
        self.views = [[x, *(self._warped(x) for _ in range(N_VIEWS))] for x in frames]
        self.cover = SpecAugment(time_masks=1, time_width=6, frequency_masks=1, frequency_width=6)

    def _warped(self, x: np.ndarray) -> np.ndarray:
        return warp(x, self.rng.uniform(*SPEEDS), self.rng.uniform(*SCALES))

    def __call__(self, single: bool) -> Strings:
        """Return a batch of whole recordings; of single words nobody knows where they stand."""
        rng, made = self.rng, []
        rows = rng.integers(len(self.views), size=BATCH_SIZE)
        for i in rows:
            x = self.views[i][rng.integers(N_VIEWS + 1)]
            made.append(x + rng.standard_normal(x.shape, np.float32) * np.float32(rng.uniform(0, NOISE)))
        found = padded(made, [self.strings[i] for i in rows])
        real = torch.arange(found.x.shape[1]) < found.n_frames[:, None]
        return found._replace(x=self.cover(found.x, self.generator, real))
