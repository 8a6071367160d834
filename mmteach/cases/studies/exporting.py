"""A saved pipeline's model as ONNX, checked against the model itself on made-up inputs, and timed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from mmteach.batch import only
from mmteach.cases.studies.compression import latency
from mmteach.errors import ModelFileError
from mmteach.infer import export_onnx, largest_difference
from mmteach.infer.export import can_run, names_of, run_onnx, session
from mmteach.models import ModelSpec
from mmteach.pipeline import Pipeline
from mmteach.types import Batch

LARGEST = 1e-4  # that logits may differ
N_STEPS = 12  # of made-up sequences


@dataclass(frozen=True)
class Exported:
    """What was written, and how it compares; None where onnxruntime is not installed.

    Parameters
    ----------
    difference : largest of any logit, over whole batches and with every modality missing in turn.
    latency_ms : median and 95th percentile of one sample, of the model and of onnxruntime.
    """

    file: str
    n_bytes: int
    inputs: list[str]
    classes: list[str]
    difference: float | None
    latency_ms: dict[str, list[float]] | None

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return asdict(self)

    def to_text(self) -> str:
        """Say it in a few lines."""
        head = f"{self.file}: {self.n_bytes / 1000:.1f} kB, takes {', '.join(self.inputs)}, gives logits (B, C)."
        if self.difference is None or self.latency_ms is None:
            return f"{head}\nNot compared: install onnxruntime with `pip install mmteach[export]`."
        each = "; ".join(f"{name} {a:.3f} ms (p95 {b:.3f})" for name, (a, b) in self.latency_ms.items())
        return f"{head}\nLogits differ by {self.difference:.1e} at most. One sample: {each}."


def export(model: Path, out: Path) -> Exported:
    """Write the model of a saved pipeline as ONNX; what does not say the same as the model is taken away again.

    Raises
    ------
    ModelFileError : `out` exists, or the two differ by more than 1e-4.
    """
    pipeline = Pipeline.load(model)
    spec, net = pipeline.fitted()
    example = made_up(spec, 4, N_STEPS)
    export_onnx(net, example, out)
    difference = times = None
    if can_run():
        asked = [example, made_up(spec, 7, N_STEPS + 5, seed=1), made_up(spec, 1, 3, seed=2)]
        if len(spec.shapes) > 1:
            asked += [only(example, [m]) for m in spec.shapes]
        difference = max(largest_difference(net, out, batch) for batch in asked)
        if difference > LARGEST:
            out.unlink()
            raise ModelFileError(
                f"as ONNX the model says something else: logits differ by {difference:.1e}, at most {LARGEST:.0e} is "
                "allowed; nothing was written"
            )
        opened = session(out)
        both = latency({"PyTorch": net, "onnxruntime": lambda one: run_onnx(opened, one)}, asked[1])
        times = {name: [float(np.median(t)), float(np.percentile(t, 95))] for name, t in both.items()}
    return Exported(str(out), out.stat().st_size, names_of(example), list(pipeline.classes), difference, times)


def made_up(spec: ModelSpec, n: int, n_steps: int, seed: int = 0) -> Batch:
    """A batch of random numbers of the right shapes; tokens are drawn from the vocabulary."""
    generator = torch.Generator().manual_seed(seed)
    x, mask, present = {}, {}, {}
    for m, shape in sorted(spec.shapes.items()):
        sizes = (n, *(n_steps if side == -1 else side for side in shape))
        x[m] = torch.randn(sizes, generator=generator)
        present[m] = torch.ones(n, dtype=torch.bool)
        if shape[0] == -1:
            lengths = torch.randint(1, n_steps + 1, (n, 1), generator=generator)
            mask[m] = torch.arange(n_steps)[None, :] < lengths
        if n_tokens := spec.encoders[m].get("n_tokens"):
            x[m][..., 0] = torch.randint(0, int(n_tokens), sizes[:-1], generator=generator).float()
    return Batch(tuple(f"made up {i}" for i in range(n)), x, mask, present)
