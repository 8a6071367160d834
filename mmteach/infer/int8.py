"""Multiply whole numbers: layers whose weights and inputs are both int8."""

from __future__ import annotations

import copy
import warnings

import torch
from torch import Tensor, nn

from mmteach.errors import ParameterError
from mmteach.infer.compress import M, quantise


class Int8Linear(nn.Module):
    """A linear layer that adds up products of whole numbers.

    The inputs are quantised when they come, each row (sample) with a scale of its own: that is called dynamic. The sums
    are exact, in int32; only then the two scales turn them into floats again.

    Parameters
    ----------
    linear : the layer to replace, (D) -> (E).
    """

    q: Tensor
    scale: Tensor

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = quantise(linear.weight.detach())
        self.register_buffer("q", weight.q)  # (E, D)
        self.register_buffer("scale", weight.scale[:, 0])  # (E,)
        self.bias = linear.bias

    def forward(self, x: Tensor) -> Tensor:
        """(..., D) -> (..., E)."""
        rows = quantise(x.reshape(-1, x.shape[-1]))  # (N, D), scales (N, 1)
        sums = rows.q.int() @ self.q.int().T  # (N, E), exact
        y = sums * rows.scale * self.scale
        y = y if self.bias is None else y + self.bias
        return y.view(*x.shape[:-1], -1)


def int8_linears(model: M) -> M:
    """Return a copy of a model in which every linear layer multiplies whole numbers; the rest stays as it is."""
    small = copy.deepcopy(model).eval()
    for parent in list(small.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, nn.Linear):
                setattr(parent, name, Int8Linear(child))
    return small


def torch_int8(model: M) -> M:
    """Do the same by PyTorch's own `quantize_dynamic`, which has kernels made for the processor.

    It gives a whole layer one scale, and its inputs of a batch together one, with a zero point. PyTorch calls it
    deprecated in favour of a further package, torchao; it is asked for here because it comes with PyTorch.

    Raises
    ------
    ParameterError : this PyTorch, or this processor, no longer has it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about being deprecated: said above
            from torch.ao.quantization import quantize_dynamic

            return quantize_dynamic(copy.deepcopy(model).eval(), {nn.Linear}, dtype=torch.qint8)
    except (ImportError, AttributeError, RuntimeError) as error:
        said = f"PyTorch {torch.__version__} cannot quantise here ({error}): use int8_linears, or install torchao"
        raise ParameterError(said) from error
