"""Is this machine ready for the course? The findings of `mmteach doctor`, in the notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import ipywidgets

from mmteach.course.doctor import Finding, examine
from mmteach.widgets.figure import BLUE, ORANGE, VERMILION
from mmteach.widgets.panel import Panel, rich

MARKS = {"ok": ("✓", BLUE, "fine"), "warn": ("!", ORANGE, "note"), "problem": ("✗", VERMILION, "problem")}


class EnvironmentCheck(Panel):
    """A table of what was checked, what was found, and what to do about it.

    Parameters
    ----------
    examine : gives the findings; by default every check of `mmteach doctor`.

    Attributes
    ----------
    findings : list of Finding, after the last check.
    """

    def __init__(self, examine: Callable[[], Sequence[Finding]] = examine) -> None:
        self._examine = examine
        self.findings: list[Finding] = []
        self.table = ipywidgets.HTML()
        self.again = ipywidgets.Button(description="Check again", icon="refresh")
        self.again.on_click(lambda _button: self.check())
        super().__init__()
        self.children = [self.table, self.message, self.again]
        self.check()

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way of the course."""
        return not any(finding.state == "problem" for finding in self.findings)

    def check(self) -> None:
        """Run every check and show what was found."""
        with self.telling():
            self.again.disabled = True
            try:
                self.say("checking, a few seconds", "busy")
                self.findings = list(self._examine())
            finally:
                self.again.disabled = False
            n = sum(finding.state == "problem" for finding in self.findings)
            summary = "Ready." if self.ready else f"{n} problem{'s' * (n > 1)}: the table says what to do."
            self.say(summary, "note" if self.ready else "error")
            self.table.value = _table(self.findings)


def _table(findings: Sequence[Finding]) -> str:
    rows = []
    for name, state, sentence in findings:
        mark, colour, word = MARKS[state]
        sign = f'<td style="text-align: left"><b style="color: {colour}">{mark}</b> {word}</td>'
        said = f'<td style="text-align: left; word-break: break-word">{rich(sentence)}</td>'
        rows.append(f'<tr>{sign}<th scope="row" style="text-align: left">{rich(name)}</th>{said}</tr>')
    return f'<table class="jp-RenderedHTMLCommon" style="line-height: 1.5">{"".join(rows)}</table>'
