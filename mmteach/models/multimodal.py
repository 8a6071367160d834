"""The whole model: named encoders, a fusion, a head; and beside them what each modality says by itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mmteach.errors import ParameterError
from mmteach.models.encoders import ENCODERS
from mmteach.models.fusion import FUSIONS
from mmteach.models.heads import HEADS
from mmteach.types import Batch, Modality, Output

_LARGEST = 100_000_000  # a spec read from a file may ask for anything; this many numbers a layer are plenty


@dataclass(frozen=True)
class ModelSpec:
    """Everything that is needed to build a model again, as plain JSON values.

    Parameters
    ----------
    shapes : shape of one sample of each modality.
    n_classes : C.
    encoders : for each modality {"name": one of ENCODERS, ...its arguments}.
    fusion : {"name": one of FUSIONS, ...}.
    head : {"name": one of HEADS, ...}; used for the fused embedding and for each modality's own logits.
    """

    shapes: Mapping[Modality, tuple[int, ...]]
    n_classes: int
    encoders: Mapping[Modality, Mapping[str, Any]]
    fusion: Mapping[str, Any] = field(default_factory=lambda: {"name": "concat"})
    head: Mapping[str, Any] = field(default_factory=lambda: {"name": "linear"})

    def to_json(self) -> dict[str, Any]:
        """Return plain dicts and lists."""
        return asdict(self)


class MultimodalModel(nn.Module):
    """Encoders by name -> fusion -> head.

    Parameters
    ----------
    encoders : {modality: module (B, ...) -> (B, E) with `dim`}.
    fusion : joins embeddings or logits.
    head : fused embedding -> logits; not used where the fusion joins logits.
    heads : {modality: embedding -> logits}, for what each modality says by itself.
    """

    def __init__(
        self,
        encoders: Mapping[Modality, nn.Module],
        fusion: nn.Module,
        head: nn.Module,
        heads: Mapping[Modality, nn.Module],
    ) -> None:
        super().__init__()
        self.modalities = tuple(sorted(encoders))
        # A module's name may hold no dot, and a modality is an open set: number them in sorted order.
        self.encoders = nn.ModuleList(encoders[m] for m in self.modalities)
        self.heads = nn.ModuleList(heads[m] for m in self.modalities)
        self.fusion = fusion
        self.head = head

    def encoder(self, m: Modality) -> nn.Module:
        """Return the encoder of a modality."""
        return self.encoders[self.modalities.index(m)]

    def forward(self, batch: Batch) -> Output:
        """Batch of B -> Output."""
        embeddings, unimodal, steps, masks = {}, {}, {}, {}
        for m, encoder, head in zip(self.modalities, self.encoders, self.heads, strict=True):
            given = batch.x[m], batch.mask.get(m), batch.present[m]
            if self.fusion.joins == "sequences" and step_dim(encoder):
                embeddings[m], steps[m], masks[m] = encode_steps(encoder, *given)  # (B, E), (B, T, S), (B, T)
            else:
                embeddings[m] = encode_present(encoder, *given)  # (B, E)
            unimodal[m] = head(embeddings[m]) * batch.present[m][:, None]  # (B, C)
        if self.fusion.joins == "logits":
            return Output(self.fusion(unimodal, batch.present), embeddings, unimodal, side_by_side(embeddings))
        parts = {**embeddings, **steps}
        fused = self.fusion(parts, batch.present, *([masks] if self.fusion.joins == "sequences" else []))  # (B, F)
        return Output(self.head(fused), embeddings, unimodal, fused)


def encode_present(encoder: nn.Module, x: Tensor, mask: Tensor | None, present: Tensor) -> Tensor:
    """Encode the samples that are there; rows of the others are zero and never pass the encoder.

    Were they to pass, their zeros would enter the statistics of batch normalisation as if they were data.
    """
    if torch.compiler.is_exporting():  # a graph has no branches: all rows pass, and those of absent samples are blanked
        return encoder(x, mask).masked_fill(~present[:, None], 0.0)
    if bool(present.all()):
        return encoder(x, mask)
    out = x.new_zeros((len(x), int(encoder.dim)))  # type: ignore[arg-type]
    rows = present.nonzero()[:, 0]
    if len(rows) > int(encoder.training):  # batch normalisation cannot train on a single row
        out[rows] = encoder(x[rows], None if mask is None else mask[rows])
    return out


def step_dim(encoder: nn.Module) -> int:
    """S of an encoder that can hand over its steps, else 0."""
    return int(getattr(encoder, "step_dim", 0))


def encode_steps(encoder: nn.Module, x: Tensor, mask: Tensor | None, present: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Encode the samples that are there: embeddings (B, E), steps (B, T, S) and which of these are real (B, T)."""
    if torch.compiler.is_exporting():
        h, real = encoder.steps(x, mask)  # type: ignore[operator]
        pooled, real = encoder.pool_steps(h, real), real & present[:, None]  # type: ignore[operator]
        return pooled.masked_fill(~present[:, None], 0.0), h.masked_fill(~present[:, None, None], 0.0), real
    rows = present.nonzero()[:, 0]
    if not len(rows):
        nothing = x.new_zeros((len(x), 1, step_dim(encoder)))
        return x.new_zeros((len(x), int(encoder.dim))), nothing, nothing[..., 0].bool()  # type: ignore[arg-type]
    h, real = encoder.steps(x[rows], None if mask is None else mask[rows])  # type: ignore[operator]
    pooled = encoder.pool_steps(h, real)  # type: ignore[operator]
    if len(rows) == len(x):
        return pooled, h, real
    out = [t.new_zeros((len(x), *t.shape[1:])) for t in (pooled, h, real)]
    for whole, part in zip(out, (pooled, h, real), strict=True):
        whole[rows] = part
    return out[0], out[1], out[2]


def side_by_side(embeddings: Mapping[Modality, Tensor]) -> Tensor:
    """Concatenate embeddings at unit length: the cosine of two such rows is the mean of the modalities' cosines."""
    return torch.cat([F.normalize(embeddings[m]) for m in sorted(embeddings)], dim=1)


def build_model(spec: ModelSpec) -> MultimodalModel:
    """Make the model that a spec describes, with fresh weights.

    Raises
    ------
    ParameterError
        Where a name is unknown, an argument does not fit, or a layer would be absurdly large.
    """
    _check(spec)
    try:
        encoders = {m: _make(ENCODERS, spec.encoders[m], shape=spec.shapes[m]) for m in sorted(spec.encoders)}
        dims = {m: e.dim for m, e in encoders.items()}
        fusion = _make_fusion(spec, encoders)
        heads = {m: _make(HEADS, spec.head, dim=d, n_classes=spec.n_classes) for m, d in dims.items()}
        joins_logits = fusion.joins == "logits"
        head = nn.Identity() if joins_logits else _make(HEADS, spec.head, dim=fusion.dim, n_classes=spec.n_classes)
    except ParameterError:
        raise
    except (TypeError, ValueError, LookupError, RuntimeError, AttributeError) as error:
        raise ParameterError(
            f"the model cannot be built ({error}): check the arguments of encoders, fusion and head"
        ) from error
    return MultimodalModel(encoders, fusion, head, heads)


def _make(known: Mapping[str, Any], what: Mapping[str, Any], **given: Any) -> Any:
    arguments = dict(what)
    name = arguments.pop("name", None)
    if name not in known:
        raise ParameterError(f"there is no {name!r}; known are {', '.join(sorted(known))}")
    return known[name](**given, **arguments)


def _make_fusion(spec: ModelSpec, encoders: Mapping[Modality, nn.Module]) -> nn.Module:
    """Give a fusion of sequences the steps of every encoder that has some, else embeddings."""
    dims = {m: int(e.dim) for m, e in encoders.items()}  # type: ignore[arg-type]
    given: dict[str, Any] = {"dims": dims, "n_classes": spec.n_classes}
    if getattr(FUSIONS.get(spec.fusion.get("name", "")), "joins", "") == "sequences":
        steps = {m: step_dim(e) for m, e in encoders.items() if step_dim(e)}
        given |= {"dims": dims | steps, "steps": tuple(steps)}
    return _make(FUSIONS, spec.fusion, **given)


def _check(spec: ModelSpec) -> None:
    if set(spec.encoders) != set(spec.shapes) or not spec.encoders:
        raise ParameterError(
            f"encoders are for {sorted(spec.encoders)}, features for {sorted(spec.shapes)}: give each modality one"
        )
    if not 2 <= spec.n_classes <= 1_000_000:
        raise ParameterError(f"{spec.n_classes} classes; a model needs 2 or more")
    for number in _numbers(spec.to_json()):
        if not abs(number) <= _LARGEST:
            raise ParameterError(f"the model asks for {number}; no size may pass {_LARGEST}")
    for m, shape in spec.shapes.items():
        if not shape or math.prod(map(abs, shape)) > _LARGEST:
            raise ParameterError(f"{m} has features of shape {tuple(shape)}; a sample needs 1 to {_LARGEST} numbers")


def _numbers(value: Any) -> list[float]:
    if isinstance(value, dict):
        return [n for v in value.values() for n in _numbers(v)]
    if isinstance(value, list | tuple):
        return [n for v in value for n in _numbers(v)]
    return [value] if isinstance(value, int | float) else []
