"""The report of making a model small: bytes, answers, confidence, harm to each class, and milliseconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from mmteach.cases.report import MAJORITY, Report, Row
from mmteach.infer import Interval, mcnemar, reliability, wilson_interval


class Judged(NamedTuple):
    """What one model said of one test part.

    probs : (N, C); truth : (N,) labels; classes : in the order of probs; n_bytes : of the saved file.
    """

    probs: np.ndarray
    truth: np.ndarray
    classes: tuple[str, ...]
    n_bytes: int

    @property
    def said(self) -> np.ndarray:
        """(N,) labels."""
        return np.array(self.classes)[self.probs.argmax(axis=1)]

    @property
    def right(self) -> np.ndarray:
        """(N,) bool."""
        return self.said == self.truth


def paired_interval(a_right: np.ndarray, b_right: np.ndarray) -> Interval:
    """95 % interval of how much more often b is right than a on the same samples, as a difference of shares.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17, method 1.

    >>> [round(v, 3) for v in paired_interval(np.array([True] * 98 + [False] * 2), np.array([True] * 97 + [False] * 3))]
    [-0.03, 0.01]
    """
    difference = b_right.astype(float) - a_right
    spread = 1.959964 * float(difference.std()) / np.sqrt(len(difference))
    mean = float(difference.mean())
    return Interval(mean - float(spread), mean + float(spread))


def recalls(judged: Sequence[Judged]) -> dict[str, float]:
    """Share of each class that is found, over all folds."""
    truth, right = (np.concatenate([getattr(j, name) for j in judged]) for name in ("truth", "right"))
    return {str(c): float(right[truth == c].mean()) for c in np.unique(truth)}


def make_rows(
    judged: Mapping[str, Sequence[Judged]], times: Mapping[str, np.ndarray], majorities: Sequence[tuple[float, int]]
) -> list[Row]:
    """One row a way, beside always giving the most frequent answer; changes are against the first way.

    Parameters
    ----------
    judged : for each way what it said of every fold.
    times : for each way milliseconds of one sample.
    majorities : accuracy and size of each fold's test part.
    """
    n = sum(size for _, size in majorities)
    share = sum(value * size for value, size in majorities) / n
    rows = [Row(MAJORITY, "accuracy", share, wilson_interval(round(share * n), n), 0.0, {"n": n})]
    first = next(iter(judged.values()))
    for name, found in judged.items():
        right = np.concatenate([j.right for j in found])
        rows.append(
            Row(
                name, "accuracy", float(right.mean()), wilson_interval(int(right.sum()), n),
                float(np.sum(times[name])) / 1000, _further(found, first, times[name]),
            )
        )  # fmt: skip
    return rows


def _further(found: Sequence[Judged], first: Sequence[Judged], times: np.ndarray) -> dict[str, Any]:
    right, before = (np.concatenate([j.right for j in which]) for which in (found, first))
    sizes = [j.n_bytes for j in found]
    out: dict[str, Any] = {
        "n": len(right), "bytes": float(np.mean(sizes)),
        "times_smaller": float(np.sum([j.n_bytes for j in first]) / np.sum(sizes)),
        "ece": ece(found), "latency_ms": float(np.median(times)), "latency_p95_ms": float(np.percentile(times, 95)),
        "recall": recalls(found),
    }  # fmt: skip
    if found is not first:
        old, new = recalls(first), out["recall"]
        out |= {
            "change": float(right.mean() - before.mean()), "change_ci95": paired_interval(before, right),
            "p_against_trained": mcnemar(before, right),
            "answers_changed": sum(int((a.said != b.said).sum()) for a, b in zip(found, first, strict=True)),
            "recall_change": {c: new[c] - old[c] for c in old},
        }  # fmt: skip
    return out


def ece(judged: Sequence[Judged]) -> float:
    """Expected calibration error of all folds together."""
    probs = np.concatenate([j.probs.max(axis=1) for j in judged])
    right = np.concatenate([j.right for j in judged])
    two = np.stack([probs, np.zeros_like(probs)], axis=1)  # reliability looks at the largest, and whether it is right
    return reliability(two, np.where(right, 0, 1)).ece


@dataclass(frozen=True)
class CompressionReport(Report):
    """A Report with what stands before the model.

    Parameters
    ----------
    share : of the weights that were pruned.
    features_ms, features_p95_ms : from a raw sample to what the model takes, median and 95th percentile.
    """

    share: float
    features_ms: float
    features_p95_ms: float

    def to_text(self) -> str:
        """Return a table for a terminal."""
        lines = [
            f"{self.case} on {self.data}: {self.protocol}", self.note,
            f"n_train {self.n_train} in the first fold, n_test {self.n_test} altogether, {self.seconds:.1f} s", "",
            f"{'model':<34}{'kB':>8}{'smaller':>9}  {'accuracy, 95 %':<24}{'change, points':<24}{'ECE':>6}"
            f"{'ms':>8}{'p95':>8}  worst class",
        ]  # fmt: skip
        return "\n".join([*lines, *map(_line, self.rows), "", self.verdict()])

    @property
    def small(self) -> Row:
        """The row of what is both pruned, all layers together, and int8."""
        return self[f"int8, {100 * self.share:g} % pruned"]

    def verdict(self) -> str:
        """Say what int8 and pruning together win and cost, and what they do for the time."""
        trained, small = self["as trained"].further, self.small.further
        low, high = (100 * v for v in small["change_ci95"])
        worst, harm = min(small["recall_change"].items(), key=lambda pair: pair[1])
        ours, own = (self[f"int8 arithmetic, {whose}"].further["latency_ms"] for whose in ("ours", "PyTorch's"))
        part = trained["latency_ms"] / (self.features_ms + trained["latency_ms"])
        return (
            f"{self.small.model}: {small['times_smaller']:.1f} times smaller on disk, {100 * small['change']:+.1f} "
            f"points of accuracy (95 %: {low:+.1f} to {high:+.1f}), {small['answers_changed']} of {small['n']} answers "
            f"changed, worst for {worst} ({100 * harm:+.1f} points of recall).\n"
            f"One sample takes the model {small['latency_ms']:.2f} ms, {trained['latency_ms']:.2f} ms as trained; with "
            f"int8 arithmetic {ours:.2f} ms (ours), {own:.2f} ms (PyTorch's). Its features take "
            f"{self.features_ms:.1f} ms before that: the model is {100 * part:.1f} % of the way."
        )


def _line(row: Row) -> str:
    f, (low, high) = row.further, row.ci95
    accuracy = f"{row.value:.3f} ({low:.3f} to {high:.3f})"
    if "bytes" not in f:
        return f"{row.model:<34}{'':>8}{'':>9}  {accuracy}"
    change = worst = ""
    if "change" in f:
        a, b = (100 * v for v in f["change_ci95"])
        change = f"{100 * f['change']:+.1f} ({a:+.1f} to {b:+.1f})"
        name, harm = min(f["recall_change"].items(), key=lambda pair: pair[1])
        worst = f"{name} {100 * harm:+.1f}"
    size = f"{row.model:<34}{f['bytes'] / 1000:>8.1f}{f['times_smaller']:>9.2f}"
    speed = f"{f['latency_ms']:>8.3f}{f['latency_p95_ms']:>8.3f}"
    return f"{size}  {accuracy:<24}{change:<24}{f['ece']:>6.3f}{speed}  {worst}"
