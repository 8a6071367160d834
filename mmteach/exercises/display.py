"""An outcome as text for a terminal, and as HTML in the colours of JupyterLab's theme."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from mmteach.exercises.outcome import Outcome, Status

_SIGNS = {
    Status.NOT_ATTEMPTED: "○",
    Status.PASSED: "✓",
    Status.PARTLY: "◐",
    Status.INCORRECT: "✗",
    Status.BROKEN: "⚠",
    Status.SETUP: "⚙",
}
# A sign and a word beside each colour: colour alone tells nothing to whoever does not see it.
_COLOURS = {
    Status.NOT_ATTEMPTED: "--jp-border-color0, #757575",
    Status.PASSED: "--jp-success-color1, #388e3c",
    Status.PARTLY: "--jp-warn-color1, #f57c00",
    Status.INCORRECT: "--jp-error-color1, #d32f2f",
    Status.BROKEN: "--jp-error-color1, #d32f2f",
    Status.SETUP: "--jp-info-color1, #0097a7",
}


def headline(outcome: Outcome) -> str:
    """Status and points in a few words."""
    points = f"{outcome.points} of {outcome.out_of} points"
    if outcome.status is Status.PASSED:
        return f"{'All public checks passed' if outcome.more_held_back else 'Passed'}: {points}"
    if outcome.status is Status.PARTLY:
        return f"Partly right: {points}"
    words = {
        Status.NOT_ATTEMPTED: "Not attempted yet",
        Status.INCORRECT: "Not right yet",
        Status.BROKEN: "It does not run",
        Status.SETUP: "Set-up problem",
    }
    return words[outcome.status]


def outcome_text(outcome: Outcome) -> str:
    """Plain text."""
    lines = [f"{_SIGNS[outcome.status]} {outcome.id}: {headline(outcome)}"]
    if outcome.mistake:
        lines.append(f"  Misunderstanding: {outcome.mistake}")
    lines += [f"  {outcome.sentence}"] * bool(outcome.sentence)
    lines += [f"    {line}" for line in outcome.evidence]
    lines += [f"  {'✓' if v.passed else '✗'} {v.proves} ({_points(v.points)})" for v in outcome.verdicts]
    lines += [f"  It printed: {outcome.printed.rstrip()}"] * bool(outcome.printed.strip())
    lines += [f"  {outcome.note}"] * bool(outcome.note)
    return "\n".join(lines)


def outcome_html(outcome: Outcome) -> str:
    """HTML that follows the theme and reads well aloud."""
    colour = _COLOURS[outcome.status]
    parts = [_p(f"<strong>{_SIGNS[outcome.status]} {escape(headline(outcome))}</strong>")]
    if outcome.mistake:
        parts.append(_p(f"<strong>Misunderstanding:</strong> {escape(outcome.mistake)}"))
    parts += [_p(marked(outcome.sentence))] * bool(outcome.sentence)
    if outcome.evidence:
        shown = "\n".join(outcome.evidence)
        parts.append(f'<pre style="{_MONO}" tabindex="0" aria-label="a case that shows it">{escape(shown)}</pre>')
    if outcome.verdicts:
        parts.append(f'<ul style="list-style:none;padding:0;margin:6px 0" aria-label="checks">{_list(outcome)}</ul>')
    if outcome.printed.strip():
        kept = f'<pre style="{_MONO}" tabindex="0">{escape(outcome.printed)}</pre>'
        parts.append(f"<details><summary>It printed something; that changes nothing</summary>{kept}</details>")
    parts += [_p(marked(outcome.note))] * bool(outcome.note)
    return card("".join(parts), colour, f"{outcome.id}: {headline(outcome)}")


_MONO = (
    "background:var(--jp-layout-color2,#eee);color:var(--jp-content-font-color1,#000);padding:6px 10px;margin:6px 0;"
    "white-space:pre-wrap;overflow-wrap:anywhere;font-family:var(--jp-code-font-family,monospace);font-size:.92em"
)


def card(inside: str, colour: str, label: str) -> str:
    """A box with a coloured edge; `label` is what a screen reader calls it."""
    style = (
        f"border:1px solid var(--jp-border-color1,#bdbdbd);border-left:5px solid var({colour});border-radius:4px;"
        "padding:6px 14px;margin:4px 0;max-width:760px;color:var(--jp-content-font-color1,#000);"
        "background:var(--jp-layout-color1,#fff);font-size:var(--jp-content-font-size1,14px);line-height:1.5"
    )
    named = f'role="status" aria-label="{escape(label, quote=True)}" class="mmteach-outcome"'
    return f'<section {named} style="{style}">{inside}</section>'


def marked(text: str) -> str:
    """Escape; `code` in backticks becomes code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def listing(code: str) -> str:
    """A piece of code, scrollable and reachable by keyboard."""
    return f'<pre style="{_MONO}" tabindex="0" aria-label="code">{escape(code)}</pre>'


def overview_html(rows: Sequence[tuple[str, str, int, str, str]]) -> str:
    """A table of exercises: id, title, minutes, how it stands in words, status."""
    cell = 'style="text-align:left;padding:3px 12px 3px 0"'
    head = "".join(f'<th scope="col" {cell}>{h}</th>' for h in ("", "exercise", "title", "minutes", "state"))
    body = ""
    for id, title, minutes, text, status in rows:
        sign = _SIGNS.get(Status(status), "○") if status in list(Status) else "○"
        values = (
            f'<span aria-hidden="true">{sign}</span>',
            f"<code>{escape(id)}</code>",
            escape(title),
            str(minutes),
            text,
        )
        body += f"<tr>{''.join(f'<td {cell}>{v}</td>' for v in values)}</tr>"
    table = f'<table style="margin:4px 0"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return card(table, "--jp-brand-color1, #1976d2", "exercises of this chapter")


def _list(outcome: Outcome) -> str:
    rows = []
    for v in outcome.verdicts:
        sign, word = ("✓", "holds") if v.passed else ("✗", "fails")
        mark = f'<span role="img" aria-label="{word}">{sign}</span>'
        rows.append(f"<li>{mark} {marked(v.proves)} <small>({_points(v.points)})</small></li>")
    return "".join(rows)


def _points(n: int) -> str:
    return f"{n} point" if n == 1 else f"{n} points"


def _p(inside: str) -> str:
    return f'<p style="margin:4px 0">{inside}</p>'
