"""What ReportExplorer computes: who was taken for whom, which pairs were told apart, and how sure the answers were."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

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


class ReportRow(NamedTuple):
    """One line of the table: a model, a measure, its value with 95 % interval, and of how many."""

    model: str
    metric: str
    value: float
    interval: Interval | None
    n: int


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

    def rows(self, train_labels: Iterable[str] = ()) -> list[ReportRow]:
        """The majority baseline, each modality by its own head, and all together."""
        names = np.array(self.classes)
        labels = list(train_labels) or list(self.classes)
        majority = majority_accuracy(labels, names[self.y])
        found = [_share("majority", round(majority * len(self.y)), len(self.y))]
        for m, (logits, here) in self._single.items():
            # Where a sample lacks the modality it cannot answer, and that counts as wrong: same N for every row.
            right = (logits.argmax(axis=1) == self.y) & here
            found.append(_share(m, int(right.sum()), len(self.y)))
        return [*found, _share("fused", round(accuracy(self.y, self.answers) * len(self.y)), len(self.y))]


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
        return (
            auc(self.scores, self.pairs.same), eer(self.scores, self.pairs.same),
            bootstrap_by_person(self.matrix, self.people),
        )  # fmt: skip

    def rows(self) -> list[ReportRow]:
        """Each modality's own embedding, and all together; a guess has an EER of one half."""
        n, (a, b, same) = len(self.scores), self.pairs
        found = [ReportRow("guess", "EER", 0.5, None, n)]
        for name, matrix in (*self._single.items(), ("fused", self.matrix)):
            interval = bootstrap_by_person(matrix, self.people)
            found.append(ReportRow(name, "EER", eer(matrix[a, b], same), interval, n))
        return found


def _scored(pipeline: Pipeline, samples: list[Sample]) -> tuple[np.ndarray, np.ndarray]:
    """Cosines of all pairs of samples, and which pairs are of one person."""
    pairs = all_pairs([str(s.label) for s in samples])
    return cosine_matrix(pipeline.embed(samples))[pairs.a, pairs.b], pairs.same


def _share(model: str, n_right: int, n: int) -> ReportRow:
    return ReportRow(model, "accuracy", n_right / n, wilson_interval(n_right, n), n)
