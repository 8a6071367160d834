"""An encoder that hears words: it says which of those it knows occur in a recording, however faintly."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mmteach.errors import ParameterError
from mmteach.models.ctc import Recogniser, n_steps
from mmteach.models.sequences import everywhere


class ListenerEncoder(nn.Module):
    """Log-mel frames -> embedding, by way of words: a recogniser, the best moment of each word, a linear layer.

    Of each word the highest probability that any step gives it is kept: a word that was almost heard counts a little.
    The recogniser is taught to write words down first (`train.learn_to_listen`), and then stays as it is: a few hundred
    recordings say much about how words sound, and of what somebody wants so little that they would only spoil it.

    Parameters
    ----------
    shape : (-1, D), D mel bands.
    dim : E.
    words : those it knows, in the order of the recogniser's symbols 1, 2, ...
    channels, depth : of the recogniser.
    dropout : share of words that go unheard in training; on new voices more do than on those that taught.

    References
    ----------
    Lugosch et al. 2019, Interspeech: learning words before intents.
    """

    def __init__(
        self, shape: Sequence[int], dim: int = 64, words: Sequence[str] = (), channels: int = 96, depth: int = 3,
        dropout: float = 0.3,
    ) -> None:  # fmt: skip
        super().__init__()
        if not words or isinstance(words, str):
            raise ParameterError(f"words are {words!r}; a listener must know some words: give a list of one or more")
        self.dim, self.words = dim, tuple(words)
        self.recogniser = Recogniser(shape[-1], len(self.words) + 1, channels, depth)
        linear = nn.Linear(len(self.words), dim)
        nn.init.normal_(linear.weight, std=dim**-0.5)  # few words are heard at a time: usual weights would be faint
        self.project = nn.Sequential(nn.Dropout(dropout), linear)

    def freeze(self) -> None:
        """Let the recogniser stay as it is; the layer behind it goes on learning."""
        self.recogniser.requires_grad_(False)
        self.recogniser.eval()

    def train(self, mode: bool = True) -> ListenerEncoder:
        """Go into training; what is frozen does not go along, nor do its running means."""
        super().train(mode)
        if not self.recogniser.output.weight.requires_grad:
            self.recogniser.eval()
        return self

    def log_probs(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Say what is heard when: (B, T, D) -> (B, T', S) logarithms of probabilities, and (B, T') real steps."""
        n = n_steps(everywhere(x, mask).sum(dim=1))
        scores = self.recogniser(x, mask).log_softmax(dim=2)
        return scores, torch.arange(scores.shape[1], device=x.device) < n[:, None]

    def heard(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """How likely each word is at its best moment: (B, T, D) -> (B, V), in [0, 1]; 0 where there are no steps."""
        scores, real = self.log_probs(x, mask)
        return (scores[..., 1:].exp() * real[..., None]).amax(dim=1)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """(B, T, D) -> (B, E)."""
        return self.project(self.heard(x, mask))
