"""CompressionLab: take bits and weights from a trained model, and see what it says then."""

from __future__ import annotations

import ipywidgets

from mmteach.cases import sentiment
from mmteach.cases.studies.compression import Trained, Way, judge, latency, train
from mmteach.datasets import Dataset, drop_duplicates
from mmteach.infer.compress import output_axes
from mmteach.widgets.compression_views import CostPlot, Seen, WeightPlot
from mmteach.widgets.figure import Plot
from mmteach.widgets.panel import Data, Panel, choice, column, follow, on_change, prose, row, slider
from mmteach.widgets.small import one_thread

N_TIMES = 20  # a step of a slider waits for them
AS_TRAINED, FLOATS = Way(None), 32


class CompressionLab(Panel):
    """A sentiment model, smaller and smaller: size, latency, accuracy, weights, and who is harmed.

    The model is trained once, on the first fold of the set's plan; at each step its weights are pruned and quantised,
    saved, loaded and asked anew. Nothing is trained again.

    Parameters
    ----------
    data : a set, its name, or a picker.
    bits, share : to begin with; 32 bits are the floats as trained.

    Attributes
    ----------
    now : Seen, what the sliders ask for; before : Seen, the model as it was trained.
    """

    def __init__(self, data: Data = "spoken_reviews", bits: int = 8, share: float = 0.0) -> None:
        self.bits = ipywidgets.SelectionSlider(
            options=[("32, floats", FLOATS), *((str(b), b) for b in range(8, 1, -1))],
            value=bits,
            description="Bits a weight",
            style={"description_width": "150px"},
            layout={"width": "370px", "max_width": "100%"},
        )
        self.share = slider("Pruned", round(100 * share), 0, 95, 5, unit="%")
        self.scale = choice("Scales", [("one for each output", True), ("one for each layer", False)], True)
        self.where = choice("Prune", [("all layers together", False), ("each layer", True)], False)
        self.arithmetic = choice(
            "Arithmetic", [("floats", "floats"), ("int8, ours", "ours"), ("int8, PyTorch's", "PyTorch's")], "floats"
        )
        self.words = ipywidgets.HTML()
        self.trained: Trained | None = None
        super().__init__()
        on_change(self.show, self.bits, self.share, self.scale, self.where, self.arithmetic)
        follow(data, self.use)

    def use(self, dataset: Dataset) -> None:
        """Train on another set, or take what was trained before."""
        with self.telling():
            self.say("training the model, once", "busy")
            self.trained = trained_on(dataset)
            self.say()
            self.name_source(dataset)
            model = self.trained.pipeline.fitted()[1]
            state = model.state_dict()
            self.layer = max(output_axes(model), key=lambda name: state[name].numel())
            self.before = self._look(AS_TRAINED)
            self.now = self.before
            self.cost = CostPlot(self.trained.majority)
            classes = sorted(set(self.trained.truth.tolist()))
            self.weights = WeightPlot(self.layer, self.before.weights, classes)
            self.children = [
                column(row(self.bits, self.scale), row(self.share, self.where), self.arithmetic),
                self.cost, self.weights, self.words, self.source, self.message,
            ]  # fmt: skip
            self.show()

    def plots(self) -> list[Plot]:
        """The figures."""
        return [self.cost, self.weights]

    def way(self) -> Way:
        """Return what the controls ask for."""
        bits = None if self.bits.value == FLOATS else self.bits.value
        return Way(bits, self.share.value / 100, self.where.value, self.scale.value, self.arithmetic.value)

    def show(self) -> None:
        """Make the model small, ask it, and draw."""
        if self.trained is None:
            return
        with self.telling():
            self.now = self._look(self.way())
            said = [plot.draw(self.before, self.now) for plot in (self.cost, self.weights)]
            self.words.value = prose(f"<small>{' '.join(said)}</small>")

    def _look(self, way: Way) -> Seen:
        assert self.trained is not None
        pipeline = self.trained.pipeline
        with one_thread():
            said, model = judge(self.trained, way)
            both = {"before": pipeline.fitted()[1], "now": model}
            times = latency(both, self.trained.batch, N_TIMES)  # in turns: what disturbs one disturbs the other
            if way.arithmetic != "floats":  # such a model has no floats to show
                model = pipeline.compress(way.bits, way.share, way.per_layer, way.per_row).fitted()[1]
        weights = model.state_dict()[self.layer].numpy().ravel()
        return Seen(said, times["now"], times["before"], weights)


def trained_on(dataset: Dataset) -> Trained:
    """Train the sentiment pipeline on the first fold of a set, once for as long as the kernel lives."""
    key = (dataset.name, len(dataset), dataset.modalities)
    if key not in _kept:
        distinct, _ = drop_duplicates(dataset)
        with one_thread():
            made = train(distinct, sentiment.plan_for(distinct).folds[0])
        for branch in made.pipeline.branches.values():
            branch.bank = {}  # views of training recordings: nobody trains here any more
        _kept[key] = made
    return _kept[key]


_kept: dict[tuple[str, int, tuple[str, ...]], Trained] = {}
