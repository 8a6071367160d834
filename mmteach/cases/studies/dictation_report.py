"""The report of dictation: word error rates, with intervals over strings, for each way of reading the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mmteach.cases.report import MAJORITY, Report, Row
from mmteach.infer import Interval
from mmteach.infer.decode import word_errors

METRIC = "wer"
GREEDY, BEAM, BIGRAM = "greedy", "beam", "beam + bigram"
N_DRAWS = 1000  # resamples of an interval
String = tuple[int, ...]


def interval_over_strings(made: np.ndarray, said: np.ndarray, seed: int = 0) -> Interval:
    """95 % interval of sum(made) / sum(said) by drawing strings again and again (bootstrap).

    It takes strings for independent; those of one speaker are not, so the truth is wider.

    Parameters
    ----------
    made : (N,) errors of each string. said : (N,) words of each.
    """
    rows = np.random.default_rng(seed).integers(0, len(made), (N_DRAWS, len(made)))
    low, high = np.percentile(made[rows].sum(axis=1) / said[rows].sum(axis=1), [2.5, 97.5])
    return Interval(float(low), float(high))


def row(
    name: str, truths: Sequence[String], heard: Sequence[String], speakers: Sequence[str], seconds: float,
    against: Sequence[String] | None = None,
) -> Row:  # fmt: skip
    """Count what one way of reading gets wrong.

    Parameters
    ----------
    against : what another way heard; the gain over it has an interval of its own, string by string.
    """
    found = [word_errors(t, h) for t, h in zip(truths, heard, strict=True)]
    made, said = np.array([e.total for e in found]), np.array([len(t) for t in truths])
    of = np.array(speakers)
    further: dict[str, Any] = {
        "n_strings": len(truths), "n_words": int(said.sum()),
        **{kind: int(sum(getattr(e, kind) for e in found)) for kind in ("substituted", "deleted", "inserted")},
        "strings_right": float(np.mean(made == 0)),
        "speakers": {s: float(made[of == s].sum() / said[of == s].sum()) for s in sorted(set(speakers))},
    }  # fmt: skip
    if against is not None:
        before = np.array([word_errors(t, h).total for t, h in zip(truths, against, strict=True)])
        further["gain"] = float((before - made).sum() / said.sum())
        further["gain_ci95"] = tuple(interval_over_strings(before - made, said))
    value = float(made.sum() / said.sum())
    return Row(name, METRIC, value, interval_over_strings(made, said), seconds, further)


@dataclass(frozen=True)
class DictationReport(Report):
    """A Report in which less is better.

    Parameters
    ----------
    counting : the same readings of strings by somebody who counts, where the next digit can be guessed.
    """

    counting: Sequence[Row] = ()

    def to_json(self) -> dict[str, Any]:
        """Return plain values; a row's further numbers stand beside its value."""
        told = super().to_json()
        told["counting"] = [{**r.pop("further"), **r} for r in told["counting"]]
        return told

    def to_text(self) -> str:
        """Return a table for a terminal."""
        lines = [
            f"{self.case} on {self.data}: {self.task}, {self.protocol}", self.note,
            f"n_train {self.n_train} recordings, n_test {self.n_test} strings, {self.seconds:.1f} s", "",
            f"{'':<26}{'wer':<7}95 % interval    subst.  deleted  inserted  strings right",
        ]  # fmt: skip
        for title, rows in (("any digits", self.rows), ("counting", self.counting)):
            lines += [f"{title}:", *(_line(r) for r in rows)]
        return "\n".join([*lines, "", self.verdict()])

    def verdict(self) -> str:
        """Say who is understood worst, and what the language model brings on either kind of strings."""
        best = min((r for r in self.rows if r.model != MAJORITY), key=lambda r: r.value)
        speakers: Mapping[str, float] = best.further["speakers"]
        worst, easiest = max(speakers, key=speakers.__getitem__), min(speakers, key=speakers.__getitem__)
        said = [
            f"Best: {best.model}, {best.value:.3f}; from {speakers[easiest]:.3f} ({easiest}) to {speakers[worst]:.3f} "
            f"({worst}), which says more than the interval."
        ]
        for title, rows in (("any digits", self.rows), ("counting", self.counting)):
            said += [_gain(title, r) for r in rows if "gain" in r.further]
        return " ".join(said)


def _line(r: Row) -> str:
    f = r.further
    kinds = f"{f['substituted']:>6}{f['deleted']:>9}{f['inserted']:>10}{f['strings_right']:>13.3f}"
    return f"  {r.model:<24}{r.value:<7.3f}{r.ci95[0]:.3f} to {r.ci95[1]:.3f}   {kinds}"


def _gain(title: str, r: Row) -> str:
    low, high = (100 * v for v in r.further["gain_ci95"])
    said = f"{100 * r.further['gain']:+.1f} points (95 % {low:+.1f} to {high:+.1f})"
    if low <= 0 <= high:
        return f"On {title}, {r.model} gains nothing over greedy that is beyond chance: {said}."
    return f"On {title}, {r.model} {'gains' if low > 0 else 'loses'} over greedy: {said}."
