"""A small table for a widget, in the colours of the page."""

from __future__ import annotations

from collections.abc import Sequence

from mmteach.widgets.panel import rich

_CELL = "padding: 2px 14px 2px 0; text-align: left; line-height: 1.4; border-bottom: 1px solid var(--jp-border-color2)"


def html_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Words of the head and of each row as an HTML table; what looks like markup is shown as it is."""
    top = "".join(f"<th style='{_CELL}'>{rich(word)}</th>" for word in head)
    lines = ["".join(f"<td style='{_CELL}'>{rich(word)}</td>" for word in row) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table style='border-collapse: collapse'><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
