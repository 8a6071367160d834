"""RetrievalBoard: a sound asks for pictures, or a picture for sounds; look and listen to what comes."""

from __future__ import annotations

import ipywidgets
import numpy as np

from mmteach.cases.studies.cross_modal import Journey
from mmteach.infer import Retrieval, cosine_scores, first_hits, median_rank, ranking
from mmteach.types import Modality
from mmteach.widgets.html_table import html_table
from mmteach.widgets.panel import Panel, choice, column, on_change, prose, row, slider
from mmteach.widgets.retrieval_views import RecallPlot
from mmteach.widgets.sample_view import card

NOUNS = {"audio": "sound", "image": "picture"}


class RetrievalBoard(Panel):
    """Queries of one modality among the items of the other, in the test part of a journey.

    Parameters
    ----------
    journey : what `cases.cross_modal.watch` gives.
    k : answers to begin with, 1 to 10.

    Attributes
    ----------
    way : which modality asks.
    label, which : class of the query, and its number among the samples of that class.
    k, epoch : how many answers are shown, and after which epoch.
    """

    def __init__(self, journey: Journey, k: int = 5) -> None:
        self.journey = journey
        ways = [(f"a {NOUNS.get(a, a)} asks for {NOUNS.get(b, b)}s", (a, b)) for a, b in _both(journey)]
        self.way = choice("Who asks", ways)
        self.label = choice("Class of the query", sorted(set(journey.y)))
        self.which = slider("Query number", 1, 1, 1, help="which sample of that class asks")
        self.k = slider("Answers (k)", k, 1, 10)
        self.epoch = slider("Epoch", len(journey.epochs), 0, len(journey.epochs), help="0 is before training")
        self.plot = RecallPlot(tuple(f"{a} -> {b}" for a, b in _both(journey)))
        self.query, self.answers = ipywidgets.HTML(), ipywidgets.HTML()
        self.words, self.table = ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__()
        on_change(self._choose_label, self.label)
        on_change(self._ask, self.way, self.which, self.k)
        on_change(self._turn_epoch, self.epoch)
        left = column(self.way, self.label, self.which, self.k, self.epoch)
        head = row(left, column(self.query))
        self.children = [head, self.words, self.answers, row(self.plot, self.table), self.message]
        self._choose_label()
        self._turn_epoch()

    def _choose_label(self) -> None:
        """Count the samples of the class, and ask with the first."""
        self._rows = np.flatnonzero(self.journey.y == self.label.value)
        self.which.max, self.which.value = len(self._rows), 1
        self._ask()

    def _turn_epoch(self) -> None:
        with self.telling():
            found = self.journey.retrieval(self.epoch.value)
            self.plot.draw(found)
            self.table.value = _table(found)
            self._ask()

    def _ask(self) -> None:
        """Show the query, and its answers, best first."""
        with self.telling():
            (own, other), y = self.way.value, self.journey.y
            at = int(self._rows[self.which.value - 1])
            places = self.journey.places[self.epoch.value]
            cosines = cosine_scores(places[own][[at]], places[other])
            best = ranking(cosines)[0, : self.k.value]
            hits = y[best] == y[at]
            asked = self.journey.samples[at]
            speaker = asked.meta.get("speaker") or asked.group
            who = f"spoken by {speaker}" if own == "audio" and speaker else asked.id
            self.query.value = card(asked, own, f"{NOUNS.get(own, own)}: {y[at]}", who)
            shown = [
                card(self.journey.samples[j], other, f"{place}. {y[j]}", f"cosine {cosines[0, j]:.2f}", bool(hit))
                for place, (j, hit) in enumerate(zip(best, hits, strict=True), 1)
            ]
            self.answers.value = f"<div style='display: flex; flex-wrap: wrap; gap: 8px'>{''.join(shown)}</div>"
            rank = int(first_hits(cosines, y[[at]], y)[0])
            said = f"{int(hits.sum())} of {len(best)} answers are a {y[at]}; the first hit comes at rank {rank}"
            self.words.value = prose(f"{said}{_confusion(y[best], y[at])}.")


def _both(journey: Journey) -> list[tuple[Modality, Modality]]:
    one, other = sorted(journey.places[0])
    return [(one, other), (other, one)]


def _confusion(answers: np.ndarray, truth: str) -> str:
    """Name the wrong classes among the answers, the most frequent first."""
    names, counts = np.unique(answers[answers != truth], return_counts=True)
    wrong = [f"{counts[i]} x {names[i]}" for i in np.argsort(-counts, kind="stable")]
    return f" (wrong: {', '.join(wrong)})" if wrong else ""


def _table(found: dict[str, Retrieval]) -> str:
    """Recall at 1 with its interval, chance, median rank and MRR of both ways."""
    rows = [
        [
            way,
            f"{r.recall():.3f} ({r.interval()[0]:.3f} to {r.interval()[1]:.3f})",
            f"{r.chance():.3f}",
            f"{median_rank(r.ranks):g}",
            f"{r.to_dict()['mrr']:.3f}",
            str(len(r.ranks)),
        ]
        for way, r in found.items()
    ]
    return html_table(["direction", "recall@1 (95 %)", "chance", "median rank", "MRR", "n"], rows)
