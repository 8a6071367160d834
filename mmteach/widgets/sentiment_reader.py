"""What SentimentStudio computes: what words and voice say, and which words and which sounds it came from."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mmteach.errors import ParameterError
from mmteach.features.text_tokens import locate
from mmteach.infer import spectrogram_saliency, word_saliency
from mmteach.infer.saliency import MAX_WORDS, WordSaliency
from mmteach.types import Media, Modality, Sample
from mmteach.widgets.studio_reader import InputReader

TOKENS = 200_000  # are read again at most to explain a text
CELLS = {"n_bands": 8, "n_times": 12}  # of the spectrogram's explanation


class MoodReader(InputReader):
    """A reader that also says why: it leaves out words, and mutes sounds."""

    def _judge_words(self, text: str) -> None:
        super()._judge_words(text)
        n_tokens = len(locate(text))
        if "text" not in self.remarks and n_tokens > MAX_WORDS:
            self.remarks["text"] = f"it has {n_tokens:,} words and marks; the first {_n_explained(text)} are explained"

    # Each side is explained by itself: where the other is sure already, nothing that this one loses would be seen.

    def words(self, target: int) -> list[WordSaliency]:
        """What each word did for the probability that the text alone gives a class; none where there is no text."""
        text = self._sample.media.get("text")
        if not isinstance(text, str):
            return []
        return word_saliency(lambda texts: self._asked("text", texts), text, target, _n_explained(text))

    def sounds(self, target: int) -> np.ndarray:
        """What each part of the voice did for the probability that it alone gives a class, (n_bands, n_times).

        Raises
        ------
        ParameterError : there is no voice.
        """
        voice = self.voice()
        if voice is None:
            raise ParameterError("there is no voice to explain: record one, or take an example")
        return spectrogram_saliency(lambda clips: self._asked("audio", clips), voice, target, **CELLS)

    def _asked(self, source: Modality, media: Sequence[Media]) -> np.ndarray:
        """Probabilities (N, C) of N versions of one medium, by itself."""
        return self._probs(self.pipeline.batch([Sample(str(i), {source: medium}) for i, medium in enumerate(media)]))


def _n_explained(text: str) -> int:
    """For how many words the whole text is read again, so that a long one does not keep anybody waiting."""
    return max(1, min(MAX_WORDS, TOKENS // max(1, len(locate(text)))))
