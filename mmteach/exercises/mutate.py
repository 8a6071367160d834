"""Change a right answer a little, in every way that is tried: would the checks notice?"""

from __future__ import annotations

import ast
import builtins
import copy
import inspect
import textwrap
from collections.abc import Iterator
from typing import Any, NamedTuple

from mmteach.exercises.definition import Answer

_OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Div,), ast.Mod: (ast.FloorDiv,), ast.MatMult: (ast.Mult,), ast.LShift: (ast.RShift,),
    ast.Lt: (ast.LtE, ast.Gt), ast.LtE: (ast.Lt, ast.GtE), ast.Gt: (ast.GtE, ast.Lt), ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.And: (ast.Or,), ast.Or: (ast.And,),
}  # fmt: skip
_NAMES = {
    "mean": "sum", "sum": "mean", "max": "min", "min": "max", "argmax": "argmin", "argmin": "argmax", "floor": "ceil",
    "ceil": "floor", "cumsum": "cumprod", "softmax": "log_softmax", "log_softmax": "softmax", "tanh": "sigmoid",
    "sigmoid": "tanh", "zeros": "ones", "ones": "zeros", "maximum": "minimum", "minimum": "maximum",
}  # fmt: skip
_SMALLEST = 1e-5  # a constant below it only keeps a division or a logarithm finite


class Mutant(NamedTuple):
    """A changed reference: what was changed, and the answer that it makes."""

    what: str
    answer: Answer


def mutants(reference: Answer) -> Iterator[Mutant]:
    """Make every single change of operators, axes, constants and lines that still compiles.

    Parameters
    ----------
    reference : a function or class whose source can be read.
    """
    tree = ast.parse(textwrap.dedent(inspect.getsource(reference)))
    module = inspect.getmodule(reference)
    assert module is not None
    seen = {ast.unparse(tree)}
    for what, changed in _changes(tree):
        text = ast.unparse(ast.fix_missing_locations(changed))
        if text in seen:
            continue
        seen.add(text)
        names: dict[str, Any] = dict(vars(module))
        try:
            exec(compile(text, f"<mutant: {what}>", "exec"), names)  # our own reference, changed by us
        except Exception:  # a change that is no Python proves nothing
            continue
        yield Mutant(what, names[reference.__name__])


def _changes(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    for number, node in enumerate(ast.walk(tree)):
        for what, change in _of_node(node):
            changed = copy.deepcopy(tree)
            twin = next(n for i, n in enumerate(ast.walk(changed)) if i == number)
            change(twin)
            yield f"line {getattr(node, 'lineno', '?')}: {what}", changed


def _of_node(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """What can be changed at one node, each as a function of its twin in a copy of the tree."""
    for field in ("op", "ops"):
        value = getattr(node, field, None)
        for i, op in enumerate(value if isinstance(value, list) else [value] if value is not None else []):
            for other in _OPERATORS.get(type(op), ()):
                yield f"{type(op).__name__} becomes {other.__name__}", _swap_operator(field, i, other)
    if isinstance(node, ast.Constant):
        for constant in _other_constants(node.value):
            yield f"{node.value!r} becomes {constant!r}", _setter("value", constant)
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
    if name in _NAMES and (isinstance(node, ast.Attribute) or hasattr(builtins, _NAMES[name])):
        yield (
            f"{name} becomes {_NAMES[name]}",
            _setter("attr" if isinstance(node, ast.Attribute) else "id", _NAMES[name]),
        )
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not | ast.Invert):
        yield f"{type(node.op).__name__} dropped", _drop_unary
    if isinstance(node, ast.IfExp):
        yield "the branches of if-else exchanged", _exchange
    for field in ("body", "orelse"):
        block = getattr(node, field, None)
        if isinstance(block, list) and not isinstance(node, ast.Module | ast.ClassDef):
            for i, line in enumerate(block):
                if not _is_docstring(line) and not isinstance(line, ast.FunctionDef | ast.Pass):
                    yield f"dropped `{ast.unparse(line).splitlines()[0][:60]}`", _drop_line(field, i)


def _other_constants(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float) and abs(value) > _SMALLEST:
        return [value * 2, value + 1]
    return []


def _swap_operator(field: str, i: int, other: type) -> Any:
    def change(node: Any) -> None:
        if isinstance(getattr(node, field), list):
            getattr(node, field)[i] = other()
        else:
            setattr(node, field, other())

    return change


def _setter(field: str, value: Any) -> Any:
    return lambda node: setattr(node, field, value)


def _drop_unary(node: Any) -> None:
    node.op = ast.UAdd() if isinstance(node.op, ast.USub) else node.op
    if not isinstance(node.op, ast.UAdd):
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)


def _exchange(node: Any) -> None:
    node.body, node.orelse = node.orelse, node.body


def _drop_line(field: str, i: int) -> Any:
    return lambda node: getattr(node, field).__setitem__(i, ast.Pass())


def _is_docstring(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
