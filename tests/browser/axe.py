"""An automated accessibility check of a part of a page."""

from pathlib import Path

import pytest

AXE = Path(__file__).resolve().parents[2] / "build" / "labextension" / "node_modules" / "axe-core" / "axe.min.js"


def violations(page, part: str) -> list[str]:
    """Serious and critical violations in the first part of this kind, each with where it is."""
    if not AXE.exists():
        pytest.skip(f"{AXE} is not there: rm -rf mmteach/lab/_static .venv/panel, then `make venv`")
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        """async part => (await axe.run(document.querySelector(part))).violations
            .filter(v => ['serious', 'critical'].includes(v.impact))
            .map(v => `${v.id}: ${v.nodes.map(n => n.html.slice(0, 120) + ' ' + n.failureSummary).join('; ')}`)""",
        part,
    )
    return list(found)
