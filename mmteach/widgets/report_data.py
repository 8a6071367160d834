"""What ReportExplorer computes: who was taken for whom, which pairs were told apart, and how sure the answers were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from mmteach.cases.report import FUSED, MAJORITY, Row
from mmteach.errors import DataError
from mmteach.infer import (
    Interval,
    Reliability,
    accuracy,
    all_pairs,
    auc,
    bootstrap_by_person,
    choose_threshold,
    confusion_matrix,
    cosine_matrix,
    eer,
    error_curve,
    error_rates,
    majority_accuracy,
    reliability,
    softmax,
    wilson_interval,
)
from mmteach.infer.predict import run
from mmteach.pipeline import Pipeline
from mmteach.types import Sample

OWN_HEAD = "{} of the fused"  # a modality inside the fused model: trained with the others, judged alone


class Confusion(NamedTuple):
    """A person taken for another, and the positions in the test part of the photos on which it happened."""

    truth: str
    answer: str
    rows: list[int]


class Identification:
    """The answers to "who is it?" on a test part whose people were in training.

    Parameters
    ----------
    pipeline : fitted.
    test : samples; those of people who were not in training are left out.

    Attributes
    ----------
    samples : what was asked about; y : (N,) class index; logits : (N, C).
    """

    def __init__(self, pipeline: Pipeline, test: Iterable[Sample]) -> None:
        self.classes, self.fitted_temperature = pipeline.classes, pipeline.temperature
        self.samples = [s for s in test if s.label in pipeline.classes]
        if not self.samples:
            raise DataError("no test sample is of a person the model was trained on: give photos of those people")
        batch = pipeline.batch(self.samples)
        out = run(pipeline.fitted()[1], batch)
        self.logits = out["logits"]
        self.y = np.array([self.classes.index(str(s.label)) for s in self.samples])
        self._single = {m: (out[f"unimodal.{m}"], batch.present[m].numpy()) for m in sorted(batch.present)}

    @property
    def answers(self) -> np.ndarray:
        """(N,) class index of each answer."""
        return self.logits.argmax(axis=1)

    def confusion(self) -> np.ndarray:
        """(C, C) counts, row the truth, column the answer."""
        names = np.array(self.classes)
        return confusion_matrix(names[self.y].tolist(), names[self.answers].tolist(), self.classes)

    def confused(self) -> list[Confusion]:
        """Every pair that was confused, the most frequent first."""
        wrong: dict[tuple[int, int], list[int]] = {}
        for i in np.flatnonzero(self.answers != self.y):
            wrong.setdefault((int(self.y[i]), int(self.answers[i])), []).append(int(i))
        pairs = [Confusion(self.classes[t], self.classes[a], rows) for (t, a), rows in wrong.items()]
        return sorted(pairs, key=lambda pair: (-len(pair.rows), pair.truth, pair.answer))

    def reliability(self, temperature: float, n_bins: int = 10) -> Reliability:
        """Confidence against accuracy at a temperature."""
        return reliability(softmax(self.logits, temperature), self.y, n_bins)

    def nll(self, temperature: float) -> float:
        """Mean of -log p(truth): small where the truth was given a high probability."""
        p = softmax(self.logits, temperature)[np.arange(len(self.y)), self.y]
        return float(-np.log(np.maximum(p, 1e-12)).mean())

    def rows(self, train_labels: Iterable[str] = ()) -> list[Row]:
        """The majority baseline, each modality by its own head, and all together."""
        names, n = np.array(self.classes), len(self.y)
        labels = list(train_labels) or list(self.classes)
        found = [_share(MAJORITY, round(majority_accuracy(labels, names[self.y]) * n), n)]
        for m, (logits, here) in self._single.items():
            # Where a sample lacks the modality it cannot answer, and that counts as wrong: same n for every row.
            right = (logits.argmax(axis=1) == self.y) & here
            found.append(_share(OWN_HEAD.format(m), int(right.sum()), n))
        return [*found, _share(FUSED, round(accuracy(self.y, self.answers) * n), n)]


class Verification:
    """The answers to "are these two the same?" on people never seen, with a threshold from other people never seen.

    Parameters
    ----------
    pipeline : fitted on neither.
    val, test : samples of people.

    Attributes
    ----------
    chosen : threshold at which FAR and FRR are nearest on the validation people.
    """

    def __init__(self, pipeline: Pipeline, val: Iterable[Sample], test: Iterable[Sample]) -> None:
        val, test = list(val), list(test)
        self._val = _scored(pipeline, val)
        self.chosen = choose_threshold(*self._val)
        self.people = np.array([str(s.label) for s in test])
        self.pairs = all_pairs(self.people)
        self.matrix = cosine_matrix(pipeline.embed(test))
        self.scores = self.matrix[self.pairs.a, self.pairs.b]
        self.curve = error_curve(self.scores, self.pairs.same)
        batch = pipeline.batch(test)
        self._single = {
            m: cosine_matrix(run(pipeline.fitted()[1], batch)[f"embedding.{m}"]) for m in sorted(batch.present)
        }

    def rates(self, threshold: float) -> tuple[tuple[float, float], tuple[float, float]]:
        """(FAR, FRR) on the validation people, and on the test people."""
        return error_rates(*self._val, threshold), error_rates(self.scores, self.pairs.same, threshold)

    def summary(self) -> tuple[float, float, Interval]:
        """AUC, EER, and the interval of the EER, drawn over people."""
        same = self.pairs.same
        return auc(self.scores, same), eer(self.scores, same), self._interval(self.scores)

    def rows(self) -> list[Row]:
        """Each modality's own embedding, and all together; a guess has an EER of one half."""
        n, (a, b, same) = len(self.scores), self.pairs
        found = [Row("guess", "eer", 0.5, (0.5, 0.5), 0.0, {"n": n})]
        named = {OWN_HEAD.format(m): matrix for m, matrix in self._single.items()} | {FUSED: self.matrix}
        for name, matrix in named.items():
            scores = matrix[a, b]
            found.append(Row(name, "eer", eer(scores, same), self._interval(scores), 0.0, {"n": n}))
        return found

    def _interval(self, scores: np.ndarray) -> Interval:
        people = np.stack([self.people[self.pairs.a], self.people[self.pairs.b]], axis=1)
        return bootstrap_by_person(scores, people, self.pairs.same)


def _scored(pipeline: Pipeline, samples: list[Sample]) -> tuple[np.ndarray, np.ndarray]:
    """Cosines of all pairs of samples, and which pairs are of one person."""
    pairs = all_pairs([str(s.label) for s in samples])
    return cosine_matrix(pipeline.embed(samples))[pairs.a, pairs.b], pairs.same


def _share(model: str, n_right: int, n: int) -> Row:
    return Row(model, "accuracy", n_right / n, wilson_interval(n_right, n), 0.0, {"n": n})
