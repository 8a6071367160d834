"""What every widget shares: a line for errors, a line that names the data, controls of one look."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import ipywidgets

from mmteach.datasets import Dataset, load
from mmteach.errors import MmteachError
from mmteach.widgets.data_picker import DataPicker

Data: TypeAlias = "str | Dataset | DataPicker"
_SAY = '<div role="status" style="line-height: 1.5; color: var(--jp-{colour}, inherit)">{text}</div>'
_LOOK = {"style": {"description_width": "150px"}, "layout": {"width": "370px", "max_width": "100%"}}  # of every control
_COLOUR = {"error": "error-color1", "busy": "ui-font-color2", "note": "ui-font-color2"}


class Panel(ipywidgets.VBox):
    """A column of controls and figures that tells its errors in a sentence.

    Attributes
    ----------
    message : ipywidgets.HTML, what `say` said last; empty while all is well.
    source : ipywidgets.HTML, where the data come from: `Dataset.note`, set by `name_source`.
    """

    def __init__(self, **kwargs: Any) -> None:
        self.message = ipywidgets.HTML()
        self._n_said = 0
        self.source = ipywidgets.HTML()
        super().__init__(**kwargs)

    def say(self, sentence: str = "", kind: str = "error") -> None:
        """Show a sentence under the widget: kind is "error", "busy" or "note"; without one, clear it."""
        self._n_said += 1
        text = rich(sentence)
        self.message.value = _SAY.format(colour=_COLOUR[kind], text=text) if sentence else ""

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Turn an error on purpose into its sentence; one of ours is told too, and raised for the log.

        >>> panel = Panel()
        >>> with panel.telling():
        ...     raise MmteachError("the picture is empty: choose another")
        >>> "the picture is empty" in panel.message.value
        True
        """
        n_said = self._n_said  # an error that an inner step has told must stay
        try:
            yield
        except MmteachError as error:
            self.say(str(error))
        except Exception as error:
            self.say(f"something went wrong inside mmteach ({type(error).__name__}: {error}): please report it")
            raise
        else:
            if n_said == self._n_said and "error-color1" in self.message.value:
                self.say()

    def name_source(self, dataset: Dataset) -> None:
        """Say which data are shown: a result of synthetic people must never pass for one of real people."""
        note = f": {dataset.note}" if dataset.note else ""
        self.source.value = f'<small style="color: var(--jp-ui-font-color2)">Data: {rich(dataset.name + note)}</small>'


def follow(data: Data, use: Callable[[Dataset], None]) -> None:
    """Call `use` with the data set now, and again whenever its picker is turned.

    Parameters
    ----------
    data : a set, its name or path, or a DataPicker.
    """
    if isinstance(data, DataPicker):
        data.on_pick(use)
        use(data.dataset)
    else:
        use(data if isinstance(data, Dataset) else load(data))


def slider(
    name: str, value: float, low: float, high: float, step: float = 1, *, unit: str = "", help: str = ""
) -> ipywidgets.IntSlider | ipywidgets.FloatSlider:
    """A slider with its unit in the label; whole numbers where value, ends and step are whole."""
    whole = all(float(v).is_integer() for v in (value, low, high, step))
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    number: Callable[[float], float] = int if whole else float
    return kind(
        value=number(value), min=number(low), max=number(high), step=number(step),
        description=f"{name} ({unit})" if unit else name, tooltip=help or name,
        **_LOOK,
    )  # fmt: skip


def choice(name: str, options: Sequence[Any], value: Any = None) -> ipywidgets.Dropdown:
    """A drop-down in the look of `slider`; options are values or (label, value)."""
    given = {} if value is None else {"value": value}
    return ipywidgets.Dropdown(options=options, description=name, **_LOOK, **given)


def span(name: str, value: tuple[int, int], low: int, high: int, *, unit: str = "") -> ipywidgets.IntRangeSlider:
    """A slider with two ends, in the look of `slider`."""
    label = f"{name} ({unit})" if unit else name
    return ipywidgets.IntRangeSlider(value=value, min=low, max=high, description=label, **_LOOK)


def tick(name: str, value: bool = False) -> ipywidgets.Checkbox:
    """A check box without an indent."""
    return ipywidgets.Checkbox(value=value, description=name, indent=False, layout={"width": "auto"})


def row(*children: ipywidgets.Widget) -> ipywidgets.HBox:
    """Widgets side by side, on as many lines as the page needs."""
    return ipywidgets.HBox(children, layout={"flex_flow": "row wrap", "align_items": "flex-start"})


def column(*children: ipywidgets.Widget) -> ipywidgets.VBox:
    """Widgets below each other."""
    return ipywidgets.VBox(children)


def on_change(use: Callable[[], None], *controls: ipywidgets.Widget) -> None:
    """Call `use` whenever the value of one of the controls changes."""
    for control in controls:
        control.observe(lambda _change: use(), names="value")


def prose(html_text: str) -> str:
    """HTML of ours as a paragraph that a screen reader reads out when it changes."""
    return f'<div role="status" style="line-height: 1.5; max-width: 800px">{html_text}</div>'


def rich(text: str) -> str:
    """Text as harmless HTML; `code` between backticks, *stress* between asterisks, line breaks kept.

    >>> rich("`a * b * c` is *less* than 2 * 3")
    '<code>a * b * c</code> is <em>less</em> than 2 * 3'
    """
    parts = re.split(r"(`[^`]+`)", html.escape(text, quote=False))  # every second one is code
    parts[1::2] = [f"<code>{code[1:-1]}</code>" for code in parts[1::2]]
    parts[::2] = [re.sub(r"\*(?! )([^*\n]+)(?<! )\*", r"<em>\1</em>", plain) for plain in parts[::2]]
    return "".join(parts).replace("\n", "<br>")
