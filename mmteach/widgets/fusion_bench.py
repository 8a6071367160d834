"""What FusionLab computes: features once, then a small model for every fusion and seed, tested with less and less."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch

from mmteach.batch import collate, take
from mmteach.cases import fusions, images, sentiment
from mmteach.datasets import Dataset
from mmteach.errors import DataError
from mmteach.infer import majority_accuracy
from mmteach.infer.predict import run
from mmteach.models import MultimodalModel, StackingFusion, build_model
from mmteach.pipeline import Pipeline
from mmteach.pipeline.stacking import fit_regression
from mmteach.train import Recipe, Trainer, seed_everything
from mmteach.train.missing import hide_modality
from mmteach.types import Batch, Modality
from mmteach.widgets.sentiment_training import Parts, parts_of

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_EPOCHS = 12  # enough to compare by, and nobody waits for more
N_PICTURES, PICTURE_EPOCHS = 100, 24  # with many pictures all fusions are right, and nothing can be compared
N_PARTS = 3  # for stacking; the case takes five


class Trial(NamedTuple):
    """One trained model.

    drop : share of modalities hidden in training.
    curves : {("missing" or "wrong", modality): accuracy at each of SHARES}.
    n_parameters : learnt numbers of the fusion and the head behind it, without the encoders.
    """

    fusion: str
    drop: float
    seed: int
    accuracy: float
    n_parameters: int
    seconds: float
    curves: Mapping[tuple[str, Modality], tuple[float, ...]]


class FusionBench:
    """A set divided and made into features, once for all fusions.

    Parameters
    ----------
    dataset : with two modalities that `cases.sentiment` can read; or of pictures, whose pixels and designed features
        count as two, as in `cases.images`, trained on `N_PICTURES` of them.

    Attributes
    ----------
    modalities, n_test, majority : of what is tested.
    note : what was split from what, in words.
    """

    def __init__(self, dataset: Dataset) -> None:
        parts, pipeline, most = _prepared(dataset)
        self.modalities = tuple(pipeline.branches)
        if len(self.modalities) < 2:
            raise DataError(f"'{dataset.name}' has {self.modalities[0]} alone; fusing needs two: pick another set")
        self._train, self._val = pipeline.prepare(parts.train, parts.val)
        self._spec, self._augment = pipeline.fitted()[0], pipeline.augment
        self._test = collate(pipeline.extract(parts.unseen), self._spec.shapes, pipeline.classes)
        self._recipe = replace(pipeline.recipe, epochs=min(most, pipeline.recipe.epochs))
        self._groups = np.array([s.group or s.id for s in parts.train])
        self.n_test, self.note = len(parts.unseen), parts.note
        self.majority = majority_accuracy(parts.train.labels, parts.unseen.labels)

    def trainer(self, fusion: str, seed: int, drop: float = 0.0) -> Trainer:
        """Build a model with fresh weights, and its trainer."""
        recipe = replace(self._recipe, seed=seed, drop_modality=drop)
        return self._trainer(fusion, recipe, self._train, self._val)

    def _trainer(self, fusion: str, recipe: Recipe, train: Batch, val: Batch | None) -> Trainer:
        seed_everything(recipe.seed)
        model = build_model(replace(self._spec, fusion=fusions.named(fusion).spec))
        return Trainer(model, train, val, recipe, self._augment)

    def judge(self, fusion: str, trainer: Trainer) -> Trial:
        """Test a model that is trained: on all there is, and with one modality missing or wrong."""
        model, recipe = trainer.model, trainer.recipe
        assert isinstance(model, MultimodalModel)  # `trainer` built it
        if isinstance(model.fusion, StackingFusion):
            self._stack(model.fusion, recipe)
        curves = {
            (kind, m): tuple(self._accuracy(model, spoil(self._test, m, share)) for share in SHARES)
            for m in self.modalities
            for kind, spoil in (("missing", _hide), ("wrong", _swap))
        }
        behind = [*model.fusion.parameters(), *model.head.parameters()]
        n_parameters = sum(p.numel() for p in behind if p.requires_grad)
        if isinstance(model.fusion, StackingFusion):
            n_parameters = model.fusion.weight.numel() + model.fusion.bias.numel()
        seconds = float(trainer.history.column("seconds").sum())
        accuracy = next(iter(curves.values()))[0]
        return Trial(fusion, recipe.drop_modality, recipe.seed, accuracy, n_parameters, seconds, curves)

    def _accuracy(self, model: MultimodalModel, batch: Batch) -> float:
        assert batch.y is not None
        return float((run(model, batch)["logits"].argmax(axis=1) == batch.y.numpy()).mean())

    def _stack(self, fusion: StackingFusion, recipe: Recipe) -> None:
        """As `pipeline.stacking`, with the features that are there: votes of parts by models of the other parts."""
        from sklearn.model_selection import GroupKFold

        votes, labels = [], []
        for rest, part in GroupKFold(N_PARTS).split(self._groups, groups=self._groups):
            trainer = self._trainer("stacking", recipe, take(self._train, torch.from_numpy(rest)), None)
            while not trainer.done:
                trainer.epoch()
            held = take(self._train, torch.from_numpy(part))
            assert held.y is not None
            said = run(trainer.model, held)
            logits = {m: torch.from_numpy(said[f"unimodal.{m}"]) for m in self.modalities}
            votes.append(fusion.votes(logits, held.present).numpy())
            labels.append(held.y.numpy())
        y = np.concatenate(labels)
        fusion.fill(*fit_regression(np.concatenate(votes), y))


def _prepared(dataset: Dataset) -> tuple[Parts, Pipeline, int]:
    """Divide the set by the case that can read it; its pipeline, and how many epochs are trained at most."""
    if set(dataset.modalities) != {"image"}:
        parts = parts_of(dataset)
        return parts, sentiment.pipeline(parts.train), MOST_EPOCHS
    parts = parts_of(*images.plan_for(dataset), n_train=N_PICTURES)
    return parts, images.pipeline(parts.train), PICTURE_EPOCHS


def _hide(batch: Batch, m: Modality, share: float) -> Batch:
    """Take a modality from a share of the samples; of the same ones and more as the share grows."""
    return hide_modality(batch, m, share, torch.Generator().manual_seed(0))


def _swap(batch: Batch, m: Modality, share: float) -> Batch:
    """Give a share of the samples the modality of another sample: it is there, and says what is not so."""
    generator = torch.Generator().manual_seed(0)
    n = len(batch.ids)
    chosen = torch.randperm(n, generator=generator)[: round(share * n)]
    source = torch.arange(n)
    source[chosen] = chosen.roll(1)
    of_mask = {m: batch.mask[m][source]} if m in batch.mask else {}
    return batch._replace(
        x={**batch.x, m: batch.x[m][source]},
        mask={**batch.mask, **of_mask},
        present={**batch.present, m: batch.present[m][source]},
    )


def over_seeds(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean over seeds, and the two ends of its 95 % interval (Student's t); a single seed has none, nan.

    >>> [round(v, 3) for v in over_seeds([0.6, 0.7, 0.8])]
    [0.7, 0.452, 0.948]
    """
    from scipy.stats import t

    n, mean = len(values), float(np.mean(values))
    if n < 2:
        return mean, float("nan"), float("nan")
    half = float(t.ppf(0.975, n - 1) * np.std(values, ddof=1) / n**0.5)
    return mean, mean - half, mean + half
