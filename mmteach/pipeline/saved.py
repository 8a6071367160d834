"""A trained pipeline as one file: safetensors, with a JSON description in its header. Nothing is unpickled or run.

What the description asks for is looked up in lists of known names, the model is laid out without memory first, and
only when every tensor of the file fits it are the numbers taken.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmteach import __version__
from mmteach.errors import MmteachError, ModelFileError
from mmteach.features import build_extractor
from mmteach.infer.packed import to_float
from mmteach.models import ModelSpec, build_model
from mmteach.pipeline import compressed
from mmteach.pipeline.branch import Branch
from mmteach.pipeline.pipeline import Pipeline
from mmteach.preprocess import STEPS
from mmteach.preprocess.augment import AUGMENTS
from mmteach.train import Listening, Recipe

FORMAT = 1
_KEY = "mmteach"  # of the header's entry: digest, a space, JSON


def save(pipeline: Pipeline, path: Path) -> Path:
    """Write a fitted pipeline to a new file, whole or not at all."""
    from safetensors.numpy import save as to_bytes

    spec, model = pipeline.fitted()
    if path.exists():
        raise ModelFileError(f"{path} exists, and a trained model is never overwritten: choose another name")
    tensors, packed = compressed.to_arrays(pipeline)
    tensors |= {f"model/{k}": v.detach().numpy() for k, v in model.state_dict().items() if k not in packed}
    for m, branch in pipeline.branches.items():
        tensors |= {f"extractor/{m}/{k}": v for k, v in branch.extractor.state().items()}
        tensors |= {f"scale/{m}/{k}": v for k, v in (branch.scale.state() if branch.scale else {}).items()}
    tensors = {k: np.asarray(v, order="C") for k, v in tensors.items()}
    described = _describe(pipeline, spec) | ({"packed": packed} if packed else {})
    text = json.dumps(described, allow_nan=False)
    content = to_bytes(tensors, {_KEY: f"{_digest(text, tensors)} {text}"})
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        raise ModelFileError(f"{path} cannot be written ({error.strerror}): choose another folder") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return path


def _digest(text: str, tensors: Mapping[str, np.ndarray]) -> str:
    """SHA-256 of all that the file says: it finds accidents, not forgery, which the checks on loading are for."""
    sha = hashlib.sha256(text.encode())
    for key in sorted(tensors):
        sha.update(f"{key} {tensors[key].dtype} {tensors[key].shape}".encode() + tensors[key].tobytes())
    return sha.hexdigest()


def _describe(pipeline: Pipeline, spec: ModelSpec) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": __version__,
        "spec": spec.to_json(),
        "classes": list(pipeline.classes),
        "temperature": pipeline.temperature,
        "threshold": pipeline.threshold,
        "views": pipeline.views,
        "recipe": asdict(pipeline.recipe),
        "branches": {m: _describe_branch(b) for m, b in pipeline.branches.items()},
    }


def _describe_branch(branch: Branch) -> dict[str, Any]:
    return {
        "source": branch.source,
        "steps": [{"name": type(s).__name__, "params": asdict(s)} for s in branch.steps],  # type: ignore[call-overload]
        "extractor": {"name": branch.extractor.name, "params": branch.extractor.params()},
        "scale": branch.scale.by if branch.scale else None,
        "augment": {"name": type(branch.augment).__name__, **asdict(branch.augment)} if branch.augment else None,
        "n_views": branch.n_views,
        "listening": asdict(branch.listening) if branch.listening else None,
    }


def load(path: Path) -> Pipeline:
    """Read a pipeline back, or say in one sentence what is wrong with the file."""
    from safetensors import SafetensorError, safe_open

    if not path.is_file():
        raise ModelFileError(f"there is no model at {path}: train one with `mmteach train faces --out {path.name}`")
    try:
        with safe_open(path, "numpy") as file:
            digest, _, text = (file.metadata() or {}).get(_KEY, "").partition(" ")
            description = json.loads(text or "null")
            tensors = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 - not a dict
    except (SafetensorError, OSError, *_WRONG) as error:
        raise ModelFileError(
            f"{path} is damaged or not a model ({_line(error)}): copy it again, or train anew"
        ) from error
    if not isinstance(description, dict) or description.get("format") != FORMAT:
        raise ModelFileError(f"{path} was not written by this version of mmteach (format {FORMAT}): train anew")
    if digest != _digest(text, tensors):
        raise ModelFileError(f"{path} is damaged: it does not match its own digest: copy it again, or train anew")
    try:
        return _rebuild(description, tensors)
    except MmteachError as error:
        raise ModelFileError(f"{path} does not describe a model of mmteach: {_line(error)}") from error
    except _WRONG as error:
        raise ModelFileError(f"{path} is damaged: its description and its numbers disagree ({_line(error)})") from error


# What a description that is not one of ours can make Python raise while it is read.
_WRONG = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError, RuntimeError)


def _line(error: Exception) -> str:
    """An error's message on one line, and not endless: a file may hold anything."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def _rebuild(d: Mapping[str, Any], tensors: Mapping[str, np.ndarray]) -> Pipeline:
    spec = ModelSpec(
        {m: tuple(shape) for m, shape in d["spec"]["shapes"].items()},
        *(d["spec"][key] for key in ("n_classes", "encoders", "fusion", "head")),
    )
    classes = tuple(str(c) for c in d["classes"])
    if len(set(classes)) != spec.n_classes or set(d["branches"]) != set(spec.shapes):
        raise ModelFileError(
            f"{len(set(classes))} different names for {spec.n_classes} classes, or branches that fit no encoder"
        )
    branches = {m: _rebuild_branch(b, spec.encoders[m]) for m, b in d["branches"].items()}
    pipeline = Pipeline(branches, spec.fusion, spec.head, Recipe(**d["recipe"]), bool(d["views"]))
    for m, branch in pipeline.branches.items():
        branch.extractor.load_state(_part(tensors, f"extractor/{m}/"))
        if branch.scale:
            branch.scale.load_state(_part(tensors, f"scale/{m}/"))
            if branch.scale.state()["mean"].shape != spec.shapes[m][-1:]:
                raise ModelFileError(f"the scaling of {m} does not fit features of shape {spec.shapes[m]}")
        if branch.encoder_spec() != spec.encoders[m]:
            raise ModelFileError(f"the vocabulary of {m} does not fit its encoder")
    with torch.device("meta"):  # the shape of the model without its memory
        model = build_model(spec)
    _require_known_and_finite(pipeline, tensors)
    state = {k: torch.from_numpy(v) for k, v in _part(tensors, "model/").items()}
    pipeline.packed = compressed.from_arrays(tensors, d.get("packed", {}))
    state |= {k: to_float(w) for k, w in pipeline.packed.items()}
    _require_same(model.state_dict(), state)
    model = model.to_empty(device="cpu")  # keeps the order in memory, on which the last digit depends
    model.load_state_dict(state)
    pipeline.spec, pipeline.model, pipeline.classes = spec, model.eval(), classes
    pipeline.temperature = float(d["temperature"])
    pipeline.threshold = None if d["threshold"] is None else float(d["threshold"])
    if not 0 < pipeline.temperature < math.inf or not math.isfinite(pipeline.threshold or 0):
        raise ModelFileError(f"temperature {d['temperature']} or threshold {d['threshold']} is not a possible number")
    return pipeline


def _rebuild_branch(b: Mapping[str, Any], encoder: Mapping[str, Any]) -> Branch:
    unknown = [s["name"] for s in b["steps"] if s["name"] not in STEPS]
    if unknown:
        raise ModelFileError(f"no preprocessing step is called {unknown[0]!r}")
    return Branch(
        str(b["source"]),
        build_extractor(b["extractor"]["name"], b["extractor"]["params"]),
        [STEPS[s["name"]](**s["params"]) for s in b["steps"]],
        b["scale"],
        encoder,
        _rebuild_augment(**b["augment"]) if b["augment"] else None,
        int(b["n_views"]),
        Listening(**b["listening"]) if b.get("listening") else None,
    )


def _rebuild_augment(name: str = "RandomView", **params: Any) -> Any:
    if name not in AUGMENTS:
        raise ModelFileError(f"no augmentation is called {name!r}")
    return AUGMENTS[name](**params)


def _part(tensors: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def _require_known_and_finite(pipeline: Pipeline, tensors: Mapping[str, np.ndarray]) -> None:
    known = {f"extractor/{m}/{k}" for m, b in pipeline.branches.items() for k in b.extractor.state()}
    known |= {f"scale/{m}/{k}" for m, b in pipeline.branches.items() if b.scale for k in b.scale.state()}
    unknown = sorted(k for k in tensors if k not in known and not k.startswith(("model/", compressed.PREFIX)))
    if unknown:
        raise ModelFileError(f"nothing needs its tensor {unknown[0]!r}")
    for key, value in tensors.items():
        if not np.isfinite(value).all():
            raise ModelFileError(f"tensor {key!r} holds values that are not finite numbers")


def _require_same(wanted: Mapping[str, torch.Tensor], found: Mapping[str, torch.Tensor]) -> None:
    for key in sorted({*wanted, *found}):
        a, b = wanted.get(key), found.get(key)
        if a is None or b is None or a.shape != b.shape or a.dtype != b.dtype:
            said = [None if t is None else (tuple(t.shape), str(t.dtype)) for t in (a, b)]
            raise ModelFileError(f"tensor {key!r} should be {said[0]} and is {said[1]}")
