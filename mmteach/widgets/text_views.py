"""Texts as HTML: what a step changed, and tokens as boxes. Whatever somebody typed is shown, never obeyed."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

from mmteach.features.text_tokens import Token
from mmteach.widgets.figure import BLUE, GREEN, GREY, ORANGE, PURPLE, RIGHT, WRONG

N_SHOWN = 100  # tokens
N_CHARACTERS = 600
N_NEAR = 160  # characters of a neighbour

# (name in the legend, colour, line): the line tells kinds apart where colours do not.
KINDS = {
    "word": ("word", BLUE, "solid"),
    "character": ("Chinese character", GREEN, "double"),
    "number": ("number", ORANGE, "dashed"),
    "emoji": ("emoji", PURPLE, "dotted"),
    "mark": ("! ? ...", GREY, "groove"),
}
_BOX = (
    "display: inline-block; margin: 2px; padding: 1px 6px; border-radius: 4px; line-height: 1.5; "
    "border: {width}px {line} {colour}; color: var(--jp-ui-font-color1)"
)
_UNKNOWN = "; background: repeating-linear-gradient(45deg, transparent 0 4px, rgba(128, 128, 128, 0.35) 4px 6px)"
_CODE = "font-size: 80%; border: 1px solid var(--jp-border-color1); border-radius: 3px; padding: 0 2px"
_GONE = "text-decoration: line-through; color: var(--jp-error-color1)"
_COME = "text-decoration: underline; text-decoration-thickness: 2px; font-weight: bold; color: var(--jp-ui-font-color1)"


def visible(text: str) -> str:
    """Text as harmless HTML, with a small label in place of each character that cannot be seen.

    >>> visible("a<b>")
    'a&lt;b&gt;'
    """
    return "".join(_label(c) if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Cn") else html.escape(c) for c in text)


def _label(character: str) -> str:
    if character == "\u200d":
        return character  # joins emoji
    name = {"\n": "↵", "\t": "⇥"}.get(character, f"U+{ord(character):04X}")
    return f'<span style="{_CODE}">{name}</span>' + ("<br>" if character == "\n" else "")


def changes(before: str, after: str) -> str:
    """What a step took away, struck through, and what it put in its place, underlined."""
    shown = []
    for kind, i, j, k, l in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            shown.append(visible(after[k:l]))
            continue
        gone, come = before[i:j].replace(" ", "␣"), after[k:l].replace(" ", "␣")
        shown.append(f'<del style="{_GONE}">{visible(gone)}</del>' if gone else "")
        shown.append(f'<ins style="{_COME}">{visible(come)}</ins>' if come else "")
    return "".join(shown)


def trail(stages: Sequence[tuple[str, str]]) -> str:
    """A text after each step: [("original", text), ("Clean", text), ...] -> HTML, a line each."""
    lines = [_line(stages[0][0], visible(stages[0][1]))]
    for (_, before), (name, after) in pairwise(stages):
        lines.append(_line(name, changes(before, after) if after != before else f"{visible(after)} <i>(unchanged)</i>"))
    return f'<div role="status">{"".join(lines)}</div>'


def _line(name: str, content: str) -> str:
    look = "line-height: 1.6; margin: 4px 0; overflow-wrap: anywhere; max-width: 800px"
    return f'<div style="{look}" dir="auto"><b>{name}:</b> {content}</div>'


def boxes(text: str, tokens: Sequence[Token], unknown: Sequence[bool]) -> str:
    """Tokens as boxes in a line, those that training never had hatched and with a question mark; at most 100."""
    drawn = [_box(text[t.start : t.end], t.kind, new) for t, new in zip(tokens, unknown, strict=True)][:N_SHOWN]
    rest = f" <i>... and {len(tokens) - N_SHOWN:,} more</i>" if len(tokens) > N_SHOWN else ""
    return f'<div style="line-height: 2; max-width: 800px">{"".join(drawn)}{rest}</div>'


def _box(token: str, kind: str, unknown: bool) -> str:
    name, colour, line = KINDS[kind]
    look = _BOX.format(width=4 if line == "double" else 2, line=line, colour=colour) + (_UNKNOWN if unknown else "")
    cut = token if len(token) <= 40 else token[:40] + "…"
    said = f"{name}, unknown" if unknown else name
    mark = '<sup aria-hidden="true">?</sup>' if unknown else ""
    return f'<bdi style="{look}" title="{said}">{visible(cut)}{mark}</bdi>'


def legend() -> str:
    """Every kind of box, with its name."""
    known = "".join(_box(name, kind, False) for kind, (name, _, _) in KINDS.items())
    return f'<div style="font-size: 85%">Kinds: {known}{_box("not in the training part", "word", True)}</div>'


def quoted(text: str, label: str) -> str:
    """A text of the set and its label."""
    return _line(label, visible(text[:N_CHARACTERS]) + ("…" if len(text) > N_CHARACTERS else ""))


def bar_list(heading: str, bars: Sequence[tuple[str, float]]) -> str:
    """Names with horizontal bars: drawn by the page, which has letters for every script, as a figure has not."""
    if not bars:
        return f'<div role="status"><i>{html.escape(heading)}: nothing in this text is known.</i></div>'
    largest = max(value for _, value in bars) or 1
    rows = "".join(
        f'<tr><td style="text-align: right; padding: 0 8px; white-space: nowrap"><bdi>{visible(name)}</bdi></td>'
        f'<td style="text-align: left; padding: 0; width: 300px"><span style="display: inline-block; height: 0.8em; '
        f'background: {BLUE}; width: {max(value / largest, 0) * 200:.0f}px"></span> {value:.2f}</td></tr>'
        for name, value in bars
    )
    title = f'<caption style="text-align: left"><b>{html.escape(heading)}</b></caption>'
    return f'<table style="margin: 4px 0">{title}{rows}</table>'


def neighbour_list(found: Sequence[tuple[str, bool, float, str]]) -> str:
    """The nearest training texts: (label, whether it is right, cosine, text) a line."""
    if not found:
        return '<div role="status"><i>No training text has anything in common with this one.</i></div>'
    lines = []
    for label, right, cosine, text in found:
        colour = RIGHT if right else WRONG
        look, said = f"border-left: 5px solid {colour}; padding-left: 6px", "✓" if right else "✗"
        mark = f'<b style="{look}">{said} {html.escape(label)}</b>'
        short = visible(text[:N_NEAR]) + ("…" if len(text) > N_NEAR else "")
        lines.append(f'<div style="margin: 3px 0; max-width: 800px" dir="auto">{mark} {cosine:.2f}&ensp;{short}</div>')
    return f'<div role="status"><b>Nearest training texts, by cosine</b>{"".join(lines)}</div>'
