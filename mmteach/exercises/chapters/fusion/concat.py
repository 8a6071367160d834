"""Embeddings side by side, with flags that tell who is there."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from mmteach.exercises.definition import Answer, Check, Exercise, Mistake


def my_concat(parts: dict[str, torch.Tensor], present: dict[str, torch.Tensor]) -> torch.Tensor:
    """{m: (B, E_m)} and {m: (B,)} bool -> (B, sum of all E_m + M)."""
    names = sorted(parts)
    kept = [parts[m].masked_fill(~present[m][:, None], 0.0) for m in names]
    flags = torch.stack([present[m] for m in names], dim=1).float()
    return torch.cat([*kept, flags], dim=1)


def _given_order(parts: dict[str, Tensor], present: dict[str, Tensor]) -> Tensor:
    kept = [parts[m].masked_fill(~present[m][:, None], 0.0) for m in parts]
    return torch.cat([*kept, *(present[m][:, None].float() for m in parts)], dim=1)


def _absent_is_read(parts: dict[str, Tensor], present: dict[str, Tensor]) -> Tensor:
    names = sorted(parts)
    return torch.cat([*(parts[m] for m in names), *(present[m][:, None].float() for m in names)], dim=1)


def _times_zero(parts: dict[str, Tensor], present: dict[str, Tensor]) -> Tensor:
    names = sorted(parts)
    here = {m: present[m][:, None].float() for m in names}
    return torch.cat([*(parts[m] * here[m] for m in names), *(here[m] for m in names)], dim=1)


def _no_flags(parts: dict[str, Tensor], present: dict[str, Tensor]) -> Tensor:
    return torch.cat([parts[m].masked_fill(~present[m][:, None], 0.0) for m in sorted(parts)], dim=1)


def _flags_of_absence(parts: dict[str, Tensor], present: dict[str, Tensor]) -> Tensor:
    names = sorted(parts)
    kept = [parts[m].masked_fill(~present[m][:, None], 0.0) for m in names]
    return torch.cat([*kept, *((~present[m])[:, None].float() for m in names)], dim=1)


def _flags_between(parts: dict[str, Tensor], present: dict[str, Tensor]) -> Tensor:
    """Each modality's flag directly behind its own numbers."""
    blocks = [[parts[m].masked_fill(~present[m][:, None], 0.0), present[m][:, None].float()] for m in sorted(parts)]
    return torch.cat([part for block in blocks for part in block], dim=1)


def _made(rng: np.random.Generator, b: int, widths: dict[str, int], absent: float = 0.0, hole: float = 0.0) -> tuple:
    """Draw parts and flags; where a modality is absent, old numbers stand there, or `hole`."""
    parts = {m: torch.from_numpy(rng.normal(size=(b, e)).astype(np.float32)) for m, e in widths.items()}
    present = {m: torch.from_numpy(rng.random(b) >= absent) for m in widths}
    if absent:
        present[next(iter(widths))][0] = False
        present[list(widths)[-1]][0] = True
    if hole:
        parts = {m: x.masked_fill(~present[m][:, None], hole) for m, x in parts.items()}
    return parts, present


def _embeddings(answer: Answer, parts: dict[str, Tensor], present: dict[str, Tensor]) -> Any:
    """Leave out whatever stands behind the first E_1 + E_2 + ... columns."""
    out = answer(parts, present)
    return out[:, : sum(x.shape[1] for x in parts.values())] if isinstance(out, Tensor) and out.ndim == 2 else out


def _flags(answer: Answer, parts: dict[str, Tensor], present: dict[str, Tensor]) -> Any:
    out = answer(parts, present)
    return out[:, sum(x.shape[1] for x in parts.values()) :] if isinstance(out, Tensor) and out.ndim == 2 else out


CONCAT = Exercise(
    id="fusion.concat",
    title="Side by side",
    minutes=10,
    task="""Write `my_concat(parts, present)`. `parts` holds an embedding of each modality by name, `(B, E_m)`;
`present` says which samples have it, `(B,)` bool. Return one tensor of `(B, E_1 + E_2 + ... + M)` numbers a sample:

- the embeddings side by side, in the order of the modalities' *sorted* names;
- zeros where a modality is absent. What stands there must never be read: it may be an old value, even a NaN;
- behind all embeddings one flag for each of the M modalities, again sorted: 1 where it is present, 0 where not.""",
    starter='''def my_concat(parts, present):
    """{m: (B, E_m)} and {m: (B,)} bool -> (B, sum of all E_m + M)."""
    names = sorted(parts)
    kept = [... for m in names]  # (B, E_m) each, zeros where absent
    flags = ...  # (B, M)
    return ...
''',
    hints=(
        "`torch.cat(list_of_tensors, dim=1)` puts tensors side by side; `dim=0` would put them below each other.",
        "`x.masked_fill(mask, 0.0)` replaces numbers without reading them. `~` turns a bool tensor round, and "
        "`[:, None]` makes `(B,)` into `(B, 1)`, which fits beside `(B, E)`.",
        "`torch.stack` of the M flags with `dim=1` gives `(B, M)`, `.float()` makes numbers of it. Then one "
        "`torch.cat` over `[*kept, flags]`.",
    ),
    checks=(
        Check(
            "The embeddings stand side by side.",
            lambda rng: [_made(rng, 3, {"audio": 2, "image": 4}), _made(rng, 1, {"audio": 1, "image": 1, "text": 3})],
            observe=_embeddings,
        ),
        Check(
            "It does not matter in which order the modalities are given.",
            lambda rng: [_made(rng, 4, {"text": 3, "audio": 2, "image": 3}), _made(rng, 2, {"b": 1, "a": 1})],
            observe=_embeddings,
        ),
        Check(
            "Of an absent modality nothing is read: zeros stand in its place.",
            lambda rng: [
                _made(rng, 5, {"audio": 2, "text": 3}, absent=0.4),
                _made(rng, 1, {"a": 2, "b": 2}, absent=0.9),
            ],
            observe=_embeddings,
        ),
        Check(
            "Not even a NaN gets through where a modality is absent.",
            lambda rng: [_made(rng, 4, {"audio": 3, "text": 2}, absent=0.4, hole=float("nan"))],
            observe=_embeddings,
        ),
        Check(
            "Behind them stands a flag for each modality: 1 where it is present, 0 where not.",
            lambda rng: [_made(rng, 5, {"audio": 2, "text": 3}, absent=0.5), _made(rng, 2, {"a": 1, "b": 1, "c": 2})],
            observe=_flags,
            points=2,
        ),
        Check(
            "It holds for five modalities of odd widths.",
            lambda rng: [_made(rng, 9, {"e": 1, "d": 7, "c": 2, "b": 1, "a": 5}, absent=0.5, hole=float("inf"))],
            held_back=True,
        ),
    ),
    mistakes=(
        Mistake(
            "in the order given",
            "The blocks stand in the order in which the dictionary happened to be filled. The layer behind has "
            "learnt which columns are the voice: given in another order, it would read the face there. A sorted "
            "order is always the same.",
            _given_order,
        ),
        Mistake(
            "what is absent is read",
            "Where `present` is False, the numbers of `parts` are left-overs and mean nothing, but they still reach "
            "the result. The flag alone does not silence them: put zeros there.",
            _absent_is_read,
        ),
        Mistake(
            "multiplied by zero",
            "Nearly: multiplying by the flag gives zeros, unless a NaN stands there, since NaN times 0 is NaN. "
            "Numbers that mean nothing should be replaced, not calculated with.",
            _times_zero,
        ),
        Mistake(
            "no flags",
            "The embeddings are right, but the flags are missing. Without them an absent voice and an embedding that "
            "is all zero look the same to the layer behind.",
            _no_flags,
        ),
        Mistake(
            "flags upside down",
            "The flags say 1 where a modality is absent. `present` asks who is there: True becomes 1.",
            _flags_of_absence,
        ),
        Mistake(
            "flags between the embeddings",
            "Each flag stands right behind its own embedding. That would be learnable too, but was not agreed: all "
            "embeddings first, then all flags. Whoever reads column 5 must know what is in it.",
            _flags_between,
        ),
    ),
    reference=my_concat,
    reading=("mmteach.models.ConcatFusion", "Baltrusaitis, Ahuja, Morency 2019, IEEE TPAMI 41(2), section 5.1."),
)
