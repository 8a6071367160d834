"""Hand a trained model over to programs that know neither mmteach nor PyTorch: as ONNX.

The graph takes plain tensors in the order of `names_of` and returns logits (B, C). What comes before the model,
cleaning, features and scaling, is not part of it: whoever runs it elsewhere has to do the very same beforehand.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from mmteach.errors import ModelFileError, ParameterError
from mmteach.types import Batch

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

NEEDED = ("onnx", "onnxscript")  # to write; onnxruntime, to run


class PlainModel(nn.Module):
    """A model that takes tensors instead of a Batch, and returns logits alone.

    Parameters
    ----------
    model : Batch -> Output.
    example : a Batch; it says which modalities there are, and which of them have a mask.
    """

    def __init__(self, model: nn.Module, example: Batch) -> None:
        super().__init__()
        self.model, self.names = model, names_of(example)

    def forward(self, *tensors: Tensor) -> Tensor:
        """Tensors in the order of `names_of` -> (B, C)."""
        parts: dict[str, dict[str, Tensor]] = {"x": {}, "mask": {}, "present": {}}
        for name, tensor in zip(self.names, tensors, strict=True):
            kind, _, modality = name.partition(".")
            parts[kind][modality] = tensor
        return self.model(Batch((), parts["x"], parts["mask"], parts["present"])).logits


def names_of(batch: Batch) -> list[str]:
    """Name the tensors of a batch in order: x.audio (B, D), ..., mask.text (B, T), ..., present.audio (B,), ..."""
    return [f"{kind}.{m}" for kind in ("x", "mask", "present") for m in sorted(getattr(batch, kind))]


def tensors_of(batch: Batch) -> tuple[Tensor, ...]:
    """Return the tensors of a batch in the order of `names_of`."""
    return tuple(getattr(batch, kind)[m] for kind, _, m in (name.partition(".") for name in names_of(batch)))


def export_onnx(model: nn.Module, example: Batch, path: str | Path) -> Path:
    """Write a model as an ONNX file; a file that is there is never overwritten.

    Parameters
    ----------
    model : a trained model, Batch -> Output.
    example : two samples or more; how many there are, and the number of time steps, may be others when it is run.

    Raises
    ------
    ParameterError : a package is missing, or a part of the model has no counterpart in ONNX.
    ModelFileError : the file exists.
    """
    path = Path(path)
    _require(*NEEDED)
    if path.exists():
        raise ModelFileError(f"{path} exists, and is never overwritten: choose another name")
    if len(example.ids) < 2:
        raise ParameterError("the example has one sample, which cannot show that their number may vary: give two")
    plain, tensors = PlainModel(model, example).eval(), tensors_of(example)
    several = torch.export.Dim("batch")
    shapes = tuple(_free_axes(name, example, several) for name in plain.names)
    try:
        with _quiet():
            graph = torch.export.export(plain, tensors, dynamic_shapes=(shapes,), strict=True)
            program = torch.onnx.export(graph, input_names=plain.names, output_names=["logits"], verbose=False)
    except Exception as error:  # whatever the exporter raises
        said = " ".join(str(error.__cause__ or error).split())[:200]
        raise ParameterError(f"this model cannot be written as ONNX ({said}): choose a simpler fusion") from error
    assert program is not None
    # Every node, also inside loops, says in which file of this machine it was written: nobody else's business.
    for node in program.model.graph.all_nodes():
        node.metadata_props.clear()
        node.doc_string = None
    program.save(path)
    return path


def session(path: str | Path) -> InferenceSession:
    """Open an ONNX file for running, in one thread."""
    _require("onnxruntime")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])


def run_onnx(opened: InferenceSession, batch: Batch) -> np.ndarray:
    """Run the exported model: (B, C) logits. An input that the graph never uses is not asked for."""
    wanted = {i.name for i in opened.get_inputs()}
    given = {n: t.numpy() for n, t in zip(names_of(batch), tensors_of(batch), strict=True) if n in wanted}
    return opened.run(["logits"], given)[0]


@torch.inference_mode()
def largest_difference(model: nn.Module, path: str | Path, batch: Batch) -> float:
    """How far the exported model's logits lie from the model's own, at most."""
    return float(np.abs(run_onnx(session(path), batch) - model.eval()(batch).logits.numpy()).max())


def can_run() -> bool:
    """Whether onnxruntime is installed."""
    return importlib.util.find_spec("onnxruntime") is not None


def _require(*packages: str) -> None:
    missing = [p for p in packages if importlib.util.find_spec(p) is None]
    if missing:
        raise ParameterError(f"{' and '.join(missing)} needed for ONNX: install with `pip install mmteach[export]`")


def _free_axes(name: str, example: Batch, several: object) -> dict[int, object]:
    """Axes whose size may change: samples, and steps of what has time."""
    kind, _, m = name.partition(".")
    with_time = m in example.mask and kind != "present"
    return {0: several, 1: torch.export.Dim(f"steps_{m}")} if with_time else {0: several}


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's own progress and warnings from the page."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "torch.export", "onnxscript", "onnx_ir")]
    before = [logger.level for logger in loggers]
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), open(os.devnull, "w") as nowhere:
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            with contextlib.redirect_stderr(nowhere):
                yield
        finally:
            for logger, level in zip(loggers, before, strict=True):
                logger.setLevel(level)
