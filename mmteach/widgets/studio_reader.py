"""What a studio computes: what each side of an input says by itself, and what all say together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from mmteach.batch import only
from mmteach.errors import DataError
from mmteach.features import tokenise
from mmteach.features.lexicon import mood_words
from mmteach.infer import modality_shapley, softmax
from mmteach.infer.predict import run
from mmteach.pipeline import Pipeline
from mmteach.preprocess import Resample, apply_steps, require_sound, require_text
from mmteach.types import Batch, Media, Modality, Sample, Waveform

SECONDS = 20  # of a longer recording only so much is heard: what is trained on are sentences


class Reading(NamedTuple):
    """What a model says of one input.

    alone : {modality: probabilities (C,)} of each that is heard.
    both : (C,), of all that are heard; None where nothing is.
    shares : {modality: what it adds to the probability of the answer}; they sum to it less 1 / C.
    """

    classes: tuple[str, ...]
    alone: dict[Modality, np.ndarray]
    both: np.ndarray | None
    shares: dict[Modality, float]

    @property
    def answer(self) -> int:
        """Index of the most probable class; -1 where nothing is heard."""
        return -1 if self.both is None else int(self.both.argmax())


class InputReader:
    """A fitted pipeline, and the input that it is asked about.

    Parameters
    ----------
    pipeline : fitted; its branches may read text, audio and further vectors.

    Attributes
    ----------
    modalities : of the model; text and audio first.
    remarks : {modality: why it says nothing, or what to keep in mind}.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        first = {"text": 0, "audio": 1}
        names = pipeline.fitted()[1].modalities
        self.modalities: tuple[Modality, ...] = tuple(sorted(names, key=lambda m: (first.get(m, 2), m)))
        self.sources = {m: pipeline.branches[m].source for m in self.modalities}
        self.remarks: dict[str, str] = {}
        self._sample = Sample("input", {})
        self._batch: Batch | None = None
        self._vocabularies: dict[Modality, frozenset[str]] = {}

    # the input

    def take(self, media: Mapping[Modality, Media]) -> None:
        """Take a new input: text, recording, vectors. What cannot be used is left out, and `remarks` says why.

        Raises
        ------
        DataError : nothing is left.
        """
        self.remarks, kept = {}, dict[Modality, Media]()
        for source in dict.fromkeys(self.sources.values()):
            medium = media.get(source)
            if medium is None:
                self.remarks[source] = "there is none"
                continue
            try:
                kept[source] = self._usable(source, medium)
            except DataError as error:
                self.remarks[source] = str(error)
        self._sample, self._batch = Sample("input", kept), None
        if not kept:
            raise DataError(_nothing(self.remarks))
        self._batch = self.pipeline.batch([self._sample])

    def _usable(self, source: Modality, medium: Media) -> Media:
        if isinstance(medium, str):
            require_text(medium)
            self._judge_words(medium)
        elif isinstance(medium, Waveform):
            medium = self._cut(medium)
            require_sound(medium)
        return medium

    def _cut(self, waveform: Waveform) -> Waveform:
        most = SECONDS * waveform.sample_rate
        if len(waveform.samples) <= most:
            return waveform
        seconds = len(waveform.samples) / waveform.sample_rate
        self.remarks["audio"] = f"it lasts {seconds:.0f} seconds; only the first {SECONDS} are heard"
        return replace(waveform, samples=waveform.samples[:most])

    def _judge_words(self, text: str) -> None:
        """Say how much of a text occurred in training.

        Raises
        ------
        DataError : nothing did, so that an answer would be the model's prejudice and not the text's.
        """
        m = next(m for m, source in self.sources.items() if source == "text")
        branch = self.pipeline.branches[m]
        cleaned = apply_steps(text, branch.steps)
        known = self._vocabulary(m) | _listed(branch.extractor, cleaned)
        words = [t for t in tokenise(cleaned) if t[0].isalpha()]
        n_known, n = sum(w in known for w in words), len(words)
        if not np.any(branch.extractor([cleaned])[0]):
            what = "none of these words" if n else "nothing of this, no emoji and no mark,"
            raise DataError(f"{what} occurred in training: the text says nothing here")
        if known and n_known < n / 2:
            self.remarks["text"] = f"{n_known} of its {n} words are known to the model: do not lean on what it says"

    def _vocabulary(self, m: Modality) -> frozenset[str]:
        if m not in self._vocabularies:
            self._vocabularies[m] = frozenset(getattr(self.pipeline.branches[m].extractor, "vocabulary", ()))
        return self._vocabularies[m]

    # what is said

    def present(self) -> tuple[Modality, ...]:
        """The modalities that the input has."""
        return () if self._batch is None else tuple(m for m in self.modalities if bool(self._batch.present[m]))

    def read(self, heard: Collection[Modality]) -> Reading:
        """Ask each modality that is heard by itself, and all of them together."""
        present = [m for m in self.present() if m in heard]
        classes = self.pipeline.classes
        if not present or self._batch is None:
            return Reading(classes, {}, None, {})
        batch = only(self._batch, present)
        both = self._probs(batch)
        alone = {m: self._probs(only(batch, [m]))[0] for m in present}
        shares = modality_shapley(self._probs, batch, both.argmax(axis=1))
        return Reading(classes, alone, both[0], {m: float(shares[m][0]) for m in present})

    def _probs(self, batch: Batch) -> np.ndarray:
        return softmax(run(self.pipeline.fitted()[1], batch)["logits"], self.pipeline.temperature)

    def voice(self) -> Waveform | None:
        """The recording as the model is given it, at 16 kHz."""
        voice = self._sample.media.get("audio")
        if not isinstance(voice, Waveform):
            return None
        return Resample(16_000)(voice)


def _listed(extractor: object, text: str) -> frozenset[str]:
    """The words of a text that no training text had, but the list of moods of an extractor that uses it."""
    if not getattr(extractor, "lexicon", False):
        return frozenset()
    return frozenset(token for phrase, _ in mood_words(text) for token in tokenise(phrase))


def _nothing(remarks: Mapping[str, str]) -> str:
    told = [why for why in remarks.values() if why != "there is none"]
    return "; ".join(told) if told else "there is nothing to judge yet: type a sentence, record one, or take an example"
