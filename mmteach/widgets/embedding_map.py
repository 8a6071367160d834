"""EmbeddingMap: where pictures and sounds lie in their shared space, epoch by epoch."""

from __future__ import annotations

import ipywidgets
import numpy as np

from mmteach.cases.studies.cross_modal import Journey
from mmteach.infer import cosine_scores, ranking
from mmteach.types import Modality
from mmteach.widgets.panel import Panel, choice, column, on_change, prose, row, slider
from mmteach.widgets.point_map import PointMap
from mmteach.widgets.sample_view import card

N_NEAR = 5  # neighbours to which lines are drawn
MOST = 150  # samples on the map, two points each; more would hide each other
PAIRS = ((0, 1), (2, 3), (4, 5))  # principal directions that can be looked along


class EmbeddingMap(Panel):
    """The test part of a journey on a map.

    The map looks along principal directions of the last epoch, for every epoch the same ones: the samples move, and
    the view does not. Two directions of many show a part of the space only; neighbours are found in all of it.

    Parameters
    ----------
    journey : what `cases.cross_modal.watch` gives.

    Attributes
    ----------
    epoch, directions : the controls.
    map : PointMap; its `chosen` is the point that was clicked, -1 for none.
    """

    def __init__(self, journey: Journey) -> None:
        from sklearn.decomposition import PCA

        self.journey = journey
        self.modalities: tuple[Modality, ...] = tuple(sorted(journey.places[0], reverse=True))  # image, then audio
        n = len(journey.samples)
        self.rows = np.sort(np.random.default_rng(0).permutation(n)[:MOST])
        last = np.concatenate([journey.places[-1][m] for m in self.modalities])
        self._pca = PCA(min(max(max(p) for p in PAIRS) + 1, *last.shape), random_state=0).fit(last)
        self.epoch = slider("Epoch", len(journey.epochs), 0, len(journey.epochs), help="0 is before training")
        shares = self._pca.explained_variance_ratio_
        views = [
            (f"{a + 1} and {b + 1}: {shares[[a, b]].sum():.0%} of spread", (a, b)) for a, b in PAIRS if b < len(shares)
        ]
        self.directions = choice("Directions", views)
        self.map, self.words, self.shown = PointMap(), ipywidgets.HTML(), ipywidgets.HTML()
        super().__init__()
        self.map.name([self._mark(i) for i in range(len(self.modalities) * len(self.rows))])
        on_change(self._move, self.epoch, self.directions)
        self.map.observe(lambda _change: self._point(), names="chosen")
        legend = ipywidgets.HTML(_LEGEND.format(*self.modalities))
        beside = column(self.shown)
        self.children = [row(self.epoch, self.directions), legend, row(self.map, beside), self.words, self.message]
        self._move()

    def _mark(self, point: int) -> tuple[str, int, str]:
        kind, i = divmod(point, len(self.rows))
        sample = self.journey.samples[self.rows[i]]
        return str(sample.label)[:2], kind, f"{self.modalities[kind]}: {sample.label} ({sample.id})"

    def _move(self) -> None:
        """Put the points where they lay after this epoch."""
        with self.telling():
            places = self.journey.places[self.epoch.value]
            a, b = self.directions.value
            flat = np.concatenate([self._pca.transform(places[m][self.rows])[:, [a, b]] for m in self.modalities])
            found = self.journey.retrieval(self.epoch.value)
            said = ", ".join(f"{way} {r.recall():.2f}" for way, r in found.items())
            chance = next(iter(found.values())).chance()
            row_ = self.journey.epochs[self.epoch.value - 1] if self.epoch.value else None
            scale = f"; temperature 1 / {row_.scale:.1f}, training loss {row_.train_loss:.2f}" if row_ else ""
            told = f"Epoch {self.epoch.value}: recall@1 {said} (chance {chance:.2f}, n {len(self.journey.y)}){scale}."
            self.words.value = prose(told)
            letters = f"{len(self.rows)} samples, a letter each for {' and '.join(self.modalities)}. "
            self.map.place(flat, f"Map of the shared space, {letters}{told}")
            self._point()

    def _point(self) -> None:
        """Show the chosen sample, and what lies nearest on the other side."""
        chosen, n = self.map.chosen, len(self.rows)
        if not 0 <= chosen < 2 * n:
            self.map.near, self.shown.value = [], prose("<small>Click a letter, or use the arrow keys.</small>")
            return
        kind, i = divmod(chosen, n)
        own, other = self.modalities[kind], self.modalities[1 - kind]
        places = self.journey.places[self.epoch.value]
        cosines = cosine_scores(places[own][self.rows[[i]]], places[other][self.rows])
        best = ranking(cosines)[0, :N_NEAR]
        self.map.near = [int(j) + (1 - kind) * n for j in best]
        asked, found = (self.journey.samples[self.rows[j]] for j in (i, best[0]))
        nearest = ", ".join(str(self.journey.y[self.rows[j]]) for j in best)
        self.shown.value = prose(
            card(asked, own, f"{own}: {asked.label}", "chosen")
            + "<div style='height: 8px'></div>"
            + card(found, other, f"{other}: {found.label}", f"nearest, cosine {cosines[0, best[0]]:.2f}",
                   found.label == asked.label)
            + f"<small>The {N_NEAR} nearest of {other}: {nearest}</small>"
        )  # fmt: skip


_LEGEND = (
    "<small>Each sample is two letters, its class: plain blue for its {0}, orange in a circle for its {1}. "
    "Dashed lines lead to the nearest of the other side.</small>"
)
