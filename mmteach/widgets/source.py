"""Show the library's own source where a notebook talks about it."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmteach.errors import ParameterError

if TYPE_CHECKING:
    from IPython.display import Markdown

_CLASS = "mmteach-source"  # the panel's style breaks long lines between words, JupyterLab's own anywhere


def show_source(thing: Any) -> Markdown:
    """The source of a function or class, coloured by the notebook's theme, with the file to open for more.

    Parameters
    ----------
    thing : a function, class or module that is written in Python.

    Raises
    ------
    ParameterError : it is a value, or it is compiled.
    """
    from IPython.display import Markdown

    thing = inspect.unwrap(thing) if callable(thing) else thing
    try:
        lines, first = inspect.getsourcelines(thing)
        path = inspect.getsourcefile(thing) or ""
    except (TypeError, OSError) as error:
        raise ParameterError(f"{thing!r} has no Python source: give a function, a class or a module") from error
    place = f"`{_place(Path(path))}`, line {max(first, 1)}"
    code = f"~~~~python\n{''.join(lines).rstrip()}\n~~~~"
    return Markdown(f'<div class="{_CLASS}">\n\n{place}\n\n{code}\n\n</div>')  # JupyterLab reads what is inside as well


def _place(path: Path) -> str:
    """The path as the library's reader knows it: mmteach/features/image.py."""
    parts = path.parts
    return "/".join(parts[len(parts) - parts[::-1].index("mmteach") - 1 :]) if "mmteach" in parts else path.name
