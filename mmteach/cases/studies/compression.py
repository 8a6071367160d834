"""A trained model is made small: what becomes of its file, its answers, its confidence, and its speed?

A sentiment pipeline is trained as ever, on each fold of a plan. Then its weights are pruned and quantised in several
ways, saved, and loaded again; what is judged is what came out of the file. Nothing is trained again afterwards, and the
settings were chosen before anything was measured.

Read this file from top to bottom: ways, one fold, one way, latency, evaluate.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

from mmteach.batch import take
from mmteach.cases import sentiment
from mmteach.cases.compare import having
from mmteach.cases.studies.compression_report import CompressionReport, Judged, make_rows
from mmteach.datasets import Dataset, Fold, drop_duplicates
from mmteach.errors import DataError, ParameterError
from mmteach.infer import int8_linears, majority_accuracy, softmax, torch_int8
from mmteach.infer.predict import run
from mmteach.pipeline import Pipeline
from mmteach.types import Batch, Sample, Waveform

SHARE = 0.5  # of the weights that are pruned
N_TIMES, N_FEATURES_TIMES = 200, 15


class Way(NamedTuple):
    """A way of making a model small, as for Pipeline.compress.

    arithmetic : "floats", or who multiplies whole numbers: "ours" or "PyTorch's".
    """

    bits: int | None = 8
    share: float = 0.0
    per_layer: bool = False
    per_row: bool = True
    arithmetic: str = "floats"


def ways(share: float = SHARE) -> dict[str, Way]:
    """What is compared; the first is the model as it was trained."""
    pruned = f"{100 * share:g} % pruned"
    return {
        "as trained": Way(None),
        "int8": Way(),
        "int8, one scale a layer": Way(per_row=False),
        pruned: Way(None, share),
        f"int8, {pruned}": Way(8, share),
        f"int8, {pruned} in each layer": Way(8, share, per_layer=True),
        "4 bits": Way(4),
        "int8 arithmetic, ours": Way(arithmetic="ours"),
        "int8 arithmetic, PyTorch's": Way(arithmetic="PyTorch's"),
    }


class Trained(NamedTuple):
    """A pipeline trained on one fold, and what it is tested on.

    batch : the test part as the model takes it; truth : (N,) labels; majority : accuracy of one answer for all.
    """

    pipeline: Pipeline
    batch: Batch
    truth: np.ndarray
    samples: list[Sample]
    majority: float


def train(dataset: Dataset, fold: Fold, epochs: int | None = None, seed: int = 0) -> Trained:
    """Train the usual sentiment pipeline on a fold. Samples with none of its modalities are left out."""
    pipeline = sentiment.pipeline(dataset, epochs, seed)
    parts = [having(pipeline, [dataset[int(i)] for i in part]) for part in (fold.train, fold.val, fold.test)]
    if not parts[2]:
        raise DataError(f"the test part of '{dataset.name}' has no sample with text or audio: take another set")
    pipeline.fit(parts[0], parts[1])
    truth = np.array([str(s.label) for s in parts[2]])
    majority = majority_accuracy([str(s.label) for s in parts[0]], truth)
    return Trained(pipeline, pipeline.batch(parts[2]), truth, parts[2], majority)


def through_a_file(pipeline: Pipeline) -> tuple[Pipeline, int]:
    """Save and load; return what came out, and the size of the file in bytes."""
    with tempfile.TemporaryDirectory() as folder:
        file = pipeline.save(Path(folder) / "model")
        return Pipeline.load(file), file.stat().st_size


def judge(trained: Trained, way: Way) -> tuple[Judged, nn.Module]:
    """Make the model small, write and read it, and let it answer the test part; return also what runs."""
    pipeline = trained.pipeline
    small = pipeline if way == Way(None) else pipeline.compress(way.bits, way.share, way.per_layer, way.per_row)
    loaded, n_bytes = through_a_file(small)
    model: nn.Module = loaded.fitted()[1]
    if way.arithmetic == "ours":
        model = int8_linears(model)
    elif way.arithmetic != "floats":  # PyTorch rounds in its own way, so it is given the floats
        model = torch_int8(pipeline.compress(None, way.share, way.per_layer).fitted()[1])
    probs = softmax(run(model, trained.batch)["logits"], loaded.temperature)
    return Judged(probs, trained.truth, loaded.classes, n_bytes), model


@torch.inference_mode()
def latency(models: Mapping[str, Callable[[Batch], object]], batch: Batch, n: int = N_TIMES) -> dict[str, np.ndarray]:
    """Milliseconds that each model takes for one sample, (n,); in one thread.

    All take turns on the same samples, each round another one first, so that whatever else the machine does meanwhile
    slows all of them alike.
    """
    names = list(models)
    threads, times = torch.get_num_threads(), {name: np.zeros(n) for name in models}
    torch.set_num_threads(1)
    try:
        for i in range(-5, n):  # the first few rounds warm up, and are overwritten
            one = take(batch, torch.tensor([i % len(batch.ids)]))
            for name in (*names[i % len(names) :], *names[: i % len(names)]):
                start = time.perf_counter()
                models[name](one)
                times[name][i] = 1000 * (time.perf_counter() - start)
    finally:
        torch.set_num_threads(threads)
    return times


def features_latency(pipeline: Pipeline, samples: Sequence[Sample], n: int = N_FEATURES_TIMES) -> np.ndarray:
    """Milliseconds from a raw sample to what the model takes, (n,): cleaning, features, scaling, padding."""
    times = np.zeros(n)
    for i in range(n):
        one = _never_heard(samples[i % len(samples)])
        start = time.perf_counter()
        pipeline.batch([one])
        times[i] = 1000 * (time.perf_counter() - start)
    return times[1:]  # the first also loads what it needs


def _never_heard(sample: Sample) -> Sample:
    """Change a recording by next to nothing, each time otherwise: of one heard before the features are remembered."""
    heard = sample.media.get("audio")
    if not isinstance(heard, Waveform):
        return sample
    changed = heard.samples.copy()
    changed[len(changed) // 2] += 1e-3 * np.random.default_rng().random()
    return replace(sample, media={**sample.media, "audio": replace(heard, samples=changed)})


def evaluate(
    dataset: Dataset, share: float = SHARE, protocol: str | None = None, epochs: int | None = None, seed: int = 0,
    progress: bool = False,
) -> CompressionReport:  # fmt: skip
    """Compare all ways on the folds of the sentiment plan; latency is measured on the first fold.

    Parameters
    ----------
    share : of the weights to prune, where pruning takes part.
    """
    from tqdm.auto import tqdm

    if not 0 < share < 1:
        raise ParameterError(f"share is {share:g}; give what is to be pruned, above 0 and below 1")
    start, (distinct, _) = time.perf_counter(), drop_duplicates(dataset)
    planned, compared = sentiment.plan_for(distinct, protocol, seed), ways(share)
    judged: dict[str, list[Judged]] = {name: [] for name in compared}
    majorities: list[tuple[float, int]] = []
    times: dict[str, np.ndarray] = {}
    for fold in tqdm(planned.folds, unit="fold", disable=not progress, leave=False):
        trained = train(distinct, fold, epochs, seed)
        majorities.append((trained.majority, len(trained.truth)))
        models = {}
        for name, way in compared.items():
            said, models[name] = judge(trained, way)
            judged[name].append(said)
        if not times:
            times = latency(models, trained.batch)
            before = features_latency(trained.pipeline, trained.samples)
    note = f"{'; '.join(filter(None, (distinct.note, planned.note)))}; nothing is trained again after compressing"
    first = planned.folds[0]
    return CompressionReport(
        "compression", distinct.name, "classify", planned.name, note, len(first.train) + len(first.val),
        sum(n for _, n in majorities), make_rows(judged, times, majorities), time.perf_counter() - start, seed,
        share, float(np.median(before)), float(np.percentile(before, 95)),
    )  # fmt: skip
