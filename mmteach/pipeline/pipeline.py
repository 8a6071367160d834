"""Branches and a model as one object: what was done to a photo in training is done to it at prediction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmteach.batch import collate
from mmteach.errors import DataError, NotFittedError, ParameterError
from mmteach.infer import embed, fit_temperature, predict
from mmteach.infer.compress import Weights
from mmteach.infer.predict import run
from mmteach.models import ListenerEncoder, ModelSpec, MultimodalModel, StackingFusion, build_model
from mmteach.pipeline.branch import Branch
from mmteach.pipeline.stacking import fill_stacking
from mmteach.preprocess.augment import fixed_views
from mmteach.train import History, Machine, Recipe, Trainer, fit, fit_on, learn_to_listen, seed_everything
from mmteach.types import Batch, Features, Media, Modality, Prediction, Sample


class Pipeline:
    """Preprocess, extract, collate, model: fitted together, used together, saved together.

    Parameters
    ----------
    branches : {modality of the model: Branch}.
    fusion, head : as in ModelSpec.
    recipe : as in train.Recipe.
    views : embed every picture six times, nearer, farther and mirrored, and take the mean; right for faces.

    Attributes
    ----------
    classes : labels in the order of the probabilities, once fitted.
    temperature : found on the validation part, if there was one; else 1.
    threshold : cosine from which two embeddings count as the same, where a case has chosen one.
    packed : weights that were made small by `compress`, as a file holds them.
    """

    def __init__(
        self,
        branches: Mapping[Modality, Branch],
        fusion: Mapping[str, Any] | None = None,
        head: Mapping[str, Any] | None = None,
        recipe: Recipe | None = None,
        views: bool = False,
    ) -> None:
        self.branches = {m: branches[m].copy() for m in sorted(branches)}
        self.fusion, self.head = dict(fusion or {"name": "concat"}), dict(head or {"name": "linear"})
        self.recipe, self.views = recipe or Recipe(), views
        self.classes: tuple[str, ...] = ()
        self.temperature = 1.0
        self.threshold: float | None = None
        self.spec: ModelSpec | None = None
        self.model: MultimodalModel | None = None
        self.packed: Weights = {}

    def only(self, *modalities: Modality) -> Pipeline:
        """Return a new pipeline with some of the branches."""
        unknown = sorted(set(modalities) - set(self.branches))
        if unknown or not modalities:
            raise ParameterError(f"no branch is called {unknown}; choose among {', '.join(self.branches)}")
        return Pipeline({m: self.branches[m] for m in modalities}, self.fusion, self.head, self.recipe, self.views)

    # fit

    def fit(
        self,
        train: Iterable[Sample],
        val: Iterable[Sample] = (),
        progress: bool = False,
        machine: Machine | None = None,
    ) -> History:
        """Fit every step on the training part, then train the model.

        Parameters
        ----------
        train : labelled samples.
        val : decides when to stop, which epoch to keep, and the temperature; never the test part.
        machine : a card, several processes, a folder for checkpoints; by default one process on the processor.
        """
        train = list(train)
        train_batch, val_batch = self.prepare(train, val)
        assert self.model is not None
        run = fit if machine is None else partial(fit_on, machine)
        history = run(self.model, train_batch, val_batch, self.recipe, self.augment, progress)
        if isinstance(self.model.fusion, StackingFusion):
            fill_stacking(self, train, self.model.fusion)
        self.calibrate(val_batch)
        return history

    def trainer(self, train: Iterable[Sample], val: Iterable[Sample] = ()) -> Trainer:
        """Prepare, and return a Trainer for whoever wants to go epoch by epoch."""
        train_batch, val_batch = self.prepare(train, val)
        assert self.model is not None
        return Trainer(self.model, train_batch, val_batch, self.recipe, self.augment)

    def prepare(self, train: Iterable[Sample], val: Iterable[Sample] = ()) -> tuple[Batch, Batch | None]:
        """Fit the steps before the model, build it with fresh weights, and return what it is trained on."""
        train, val = list(train), list(val)
        self.classes = tuple(sorted({s.label for s in train if s.label is not None}))
        if len(self.classes) < 2:
            raise DataError(f"the training part has {len(self.classes)} class; a model needs two: add another")
        features = _features(train, {m: b.fit(train) for m, b in self.branches.items()})
        shapes = {m: _shape(m, features) for m in self.branches}
        encoders = {m: b.encoder_spec() for m, b in self.branches.items()}
        self.spec = ModelSpec(shapes, len(self.classes), encoders, self.fusion, self.head)
        seed_everything(self.recipe.seed)
        self.model, self.packed = build_model(self.spec), {}
        batch = collate(features, shapes, self.classes)
        self._listen(train, batch)
        known = [s for s in val if s.label in self.classes]
        return batch, collate(self.extract(known), shapes, self.classes) if known else None

    def _listen(self, train: Sequence[Sample], batch: Batch) -> None:
        """Teach encoders that hear words to write them down, before anything else is asked of them."""
        for m, branch in self.branches.items():
            if branch.listening is not None:
                encoder = self.fitted()[1].encoder(m)
                if not isinstance(encoder, ListenerEncoder):
                    raise ParameterError(f"{m} is to learn words, and its encoder hears none: choose 'listener'")
                n, seed = branch.listening.n_steps, self.recipe.seed
                learn_to_listen(encoder, batch.x[m], batch.mask.get(m), branch.said(train), n, seed)

    def calibrate(self, val: Batch | None) -> None:
        """Find the temperature on the validation part; without one it is 1."""
        self.temperature = 1.0
        if val is not None and val.y is not None:
            self.temperature = fit_temperature(run(self.fitted()[1], val)["logits"], val.y.numpy())

    def augment(self, batch: Batch, generator: torch.Generator) -> Batch:
        """Change a training batch: each branch in its own way."""
        x = {
            m: branch.changed(batch.ids, batch.x[m], generator, batch.mask.get(m))
            for m, branch in self.branches.items()
        }
        return batch._replace(x=x)

    # use

    def preprocess(self, samples: Iterable[Sample]) -> list[Sample]:
        """Clean the media; a cleaned sample has one entry for each branch whose medium it has."""
        out = []
        for s in samples:
            media: dict[Modality, Media | None] = {m: b.clean(s) for m, b in self.branches.items()}
            out.append(replace(s, media={m: v for m, v in media.items() if v is not None}))
        return out

    def extract(self, samples: Iterable[Sample]) -> list[Features]:
        """Preprocess and extract, with what was learnt in training."""
        cleaned = self.preprocess(samples)
        arrays = {m: b.extract([s.media.get(m) for s in cleaned], cleaned) for m, b in self.branches.items()}
        return _features(cleaned, arrays)

    def batch(self, samples: Iterable[Sample]) -> Batch:
        """Raw samples -> what the model takes, without labels."""
        return collate(self.extract(samples), self.fitted()[0].shapes)

    def predict(self, samples: Iterable[Sample], contributions: bool = True) -> list[Prediction]:
        """Raw samples -> predictions; any modality may be missing from any sample, as long as one is there."""
        return predict(self.fitted()[1], self.batch(samples), self.classes, self.temperature, contributions)

    def embed(self, samples: Iterable[Sample]) -> np.ndarray:
        """Raw samples -> (N, F) joint embeddings of unit length, what verification compares."""
        return self.embed_batch(self.batch(samples))

    def embed_batch(self, batch: Batch) -> np.ndarray:
        """Like `embed`, of a batch, where some modalities may have been marked absent (`batch.only`)."""
        model = self.fitted()[1]
        seen = {m: fixed_views(x) for m, x in batch.x.items() if x.ndim == 4} if self.views else {}
        if not seen:
            return embed(model, batch)
        embeddings = np.zeros(1)
        for views in zip(*seen.values(), strict=True):
            changed = {**batch.x, **dict(zip(seen, views, strict=True))}
            embeddings = embeddings + embed(model, batch._replace(x=changed))
        return embeddings / np.maximum(np.linalg.norm(embeddings, axis=1, keepdims=True), 1e-12)

    def compress(
        self, bits: int | None = 8, share: float = 0.0, per_layer: bool = False, per_row: bool = True
    ) -> Pipeline:
        """Return a pipeline with pruned and quantised weights, of which a saved file is smaller (`infer.compress`)."""
        from mmteach.pipeline import compressed

        return compressed.compress(self, bits, share, per_layer, per_row)

    def save(self, path: str | Path) -> Path:
        """Write one file, tensors and JSON, that `load` reads; a file that is there is never overwritten."""
        from mmteach.pipeline import saved

        return saved.save(self, Path(path))

    @staticmethod
    def load(path: str | Path) -> Pipeline:
        """Read a saved pipeline; nothing in the file is run.

        Raises
        ------
        ModelFileError : the file is missing, damaged, of another version, or not a model.
        """
        from mmteach.pipeline import saved

        return saved.load(Path(path))

    def fitted(self) -> tuple[ModelSpec, MultimodalModel]:
        """Return the spec and the model, or say that there is none yet."""
        if self.spec is None or self.model is None:
            raise NotFittedError("this pipeline has not been trained: call fit with training samples, or load a model")
        return self.spec, self.model


def _features(samples: Sequence[Sample], arrays: Mapping[Modality, Sequence[np.ndarray | None]]) -> list[Features]:
    """Turn columns of arrays, one a branch, into one Features a sample."""
    out = []
    for i, s in enumerate(samples):
        x = {m: column[i] for m, column in arrays.items()}
        out.append(Features(s.id, {m: a for m, a in x.items() if a is not None}, s.label, s.group))
    return out


def _shape(m: Modality, features: Sequence[Features]) -> tuple[int, ...]:
    """Shape of one sample; the first axis of a sequence (T, D) is time, -1."""
    first = next(f.x[m].shape for f in features if m in f.x)
    return (-1, *first[1:]) if len(first) == 2 else first
