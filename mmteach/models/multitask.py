"""One body, several heads: what the tasks share, and what each has for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from torch import Tensor, nn

from mmteach.errors import ParameterError
from mmteach.models.heads import LinearHead
from mmteach.models.multimodal import ModelSpec, build_model, encode_present
from mmteach.types import Batch, Modality


class MultitaskModel(nn.Module):
    """Encoders by name -> fusion -> one head a task.

    Encoders and fusion are the body, which all tasks share; a head belongs to its task alone.

    Parameters
    ----------
    encoders : {modality: module (B, ...) -> (B, E) with `dim`}.
    fusion : joins embeddings into (B, F).
    heads : {task: module (B, F) -> (B, C of the task)}.

    Attributes
    ----------
    tasks : their names, in the order given.
    """

    def __init__(
        self, encoders: Mapping[Modality, nn.Module], fusion: nn.Module, heads: Mapping[str, nn.Module]
    ) -> None:
        super().__init__()
        self.modalities, self.tasks = tuple(sorted(encoders)), tuple(heads)
        self.encoders = nn.ModuleList(encoders[m] for m in self.modalities)
        self.fusion = fusion
        self.heads = nn.ModuleList(heads.values())

    def shared(self) -> list[nn.Parameter]:
        """Parameters of the body: those that every task pulls at."""
        return [*self.encoders.parameters(), *self.fusion.parameters()]

    def embed(self, batch: Batch) -> Tensor:
        """Batch of B -> (B, F), what all heads look at."""
        named = zip(self.modalities, self.encoders, strict=True)
        parts = {m: encode_present(e, batch.x[m], batch.mask.get(m), batch.present[m]) for m, e in named}
        return self.fusion(parts, batch.present)

    def forward(self, batch: Batch) -> dict[str, Tensor]:
        """Batch of B -> {task: (B, C)} logits."""
        h = self.embed(batch)
        return {task: head(h) for task, head in zip(self.tasks, self.heads, strict=True)}


def build_multitask(spec: ModelSpec, n_classes: Mapping[str, int]) -> MultitaskModel:
    """Make the body that a spec describes, and a linear head for each task.

    Parameters
    ----------
    spec : its encoders and its fusion are used; its own head and number of classes are not.
    n_classes : {task: C}.

    Raises
    ------
    ParameterError : there is no task, a task has fewer than 2 classes, or the fusion joins no embeddings.
    """
    poor = [task for task, c in n_classes.items() if c < 2]
    if not n_classes or poor:
        what = f"task {poor[0]!r} has {n_classes[poor[0]]}" if poor else "no task was named, and none has"
        raise ParameterError(f"{what} classes; give one task or more, each with 2 classes or more")
    made = build_model(replace(spec, n_classes=max(n_classes.values())))
    if made.fusion.joins != "embeddings":
        raise ParameterError(
            f"fusion {spec.fusion.get('name')!r} joins {made.fusion.joins}, and heads of several tasks look at one "
            "embedding: choose concat, gated, tensor or low_rank"
        )
    encoders = dict(zip(made.modalities, made.encoders, strict=True))
    width = int(made.fusion.dim)  # type: ignore[arg-type]
    return MultitaskModel(encoders, made.fusion, {task: LinearHead(width, c) for task, c in n_classes.items()})
