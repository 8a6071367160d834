"""A question with several answers. Answer before you run the cell below: predict first, then look."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import anywidget
import traitlets

from mmteach.errors import DataError, ParameterError
from mmteach.widgets.panel import rich

if TYPE_CHECKING:
    from mmteach.exercises.progress import Progress

_RADIO = """
function render({ model, el }) {
  const box = document.createElement("fieldset");
  box.className = "mmteach-quiz";
  const legend = document.createElement("legend");
  legend.innerHTML = model.get("question");
  box.append(legend);
  const name = "quiz-" + Math.random().toString(36).slice(2);
  const inputs = model.get("answers").map((answer, i) => {
    const label = document.createElement("label");
    const input = document.createElement("input");
    input.type = "radio"; input.name = name; input.value = i;
    input.setAttribute("data-lm-suppress-shortcuts", "true");
    input.addEventListener("change", () => { model.set("chosen", i); model.save_changes(); });
    const text = document.createElement("span");
    text.innerHTML = answer;
    label.append(input, text);
    box.append(label);
    return input;
  });
  const verdict = document.createElement("div");
  verdict.className = "verdict";
  verdict.setAttribute("role", "status");
  box.append(verdict);
  el.append(box);
  const show = () => {
    inputs.forEach((input, i) => { input.checked = i === model.get("chosen"); });
    verdict.innerHTML = model.get("verdict");
    verdict.dataset.state = model.get("state");
  };
  model.on("change:verdict", show);
  model.on("change:chosen", show);
  show();
  return () => { model.off("change:verdict", show); model.off("change:chosen", show); };
}
export default { render };
"""
_LOOK = """
.mmteach-quiz { border: 1px solid var(--jp-border-color1); border-left: 4px solid var(--jp-brand-color1);
  border-radius: 4px; padding: 4px 14px 10px; margin: 4px 0; max-width: 760px; color: var(--jp-ui-font-color1);
  font-size: var(--jp-content-font-size1); line-height: 1.5; }
.mmteach-quiz legend { font-weight: 600; padding: 0 6px; float: left; width: 100%; margin-bottom: 4px; }
.mmteach-quiz legend + * { clear: both; }
.mmteach-quiz label { display: flex; gap: 8px; align-items: baseline; padding: 2px 4px; cursor: pointer; }
.mmteach-quiz label:hover { background: var(--jp-layout-color2); }
.mmteach-quiz input:focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 2px; }
.mmteach-quiz .verdict { min-height: 3em; margin-top: 6px; padding-left: 10px; border-left: 3px solid transparent; }
.mmteach-quiz .verdict[data-state="right"] { border-left-color: #0072B2; }
.mmteach-quiz .verdict[data-state="wrong"] { border-left-color: #D55E00; }
"""


class Quiz(anywidget.AnyWidget):
    """A multiple-choice question that explains every answer, the wrong ones above all.

    What was chosen is kept with the progress: when the notebook is run again, the answer stands there again.

    Parameters
    ----------
    question : text; `code` between backticks.
    answers : at least two.
    right : position of the right answer, from 0.
    why : what to say of each answer, in their order.
    progress : where answers are kept; by default in Jupyter's data folder.

    Attributes
    ----------
    id : of the quiz: another question or other answers make it another one.
    chosen : position of the answer chosen now, -1 before.
    first : position of the first answer chosen: the prediction; None before.
    state : "open", "right" or "wrong".

    Raises
    ------
    ParameterError : an answer has no explanation, or `right` is not the position of an answer.

    Examples
    --------
    >>> quiz = Quiz("Two and two?", ["three", "four"], right=1, why=["One short.", "Yes."])
    >>> quiz.choose(0)
    'wrong'
    """

    _esm, _css = _RADIO, _LOOK
    question = traitlets.Unicode().tag(sync=True)
    answers = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    verdict = traitlets.Unicode("").tag(sync=True)
    state = traitlets.Unicode("open").tag(sync=True)

    def __init__(
        self, question: str, answers: Sequence[str], right: int, why: Sequence[str], progress: Progress | None = None
    ) -> None:
        if len(answers) < 2 or len(why) != len(answers):
            raise ParameterError(
                f"{len(answers)} answers and {len(why)} explanations: give at least two, and one `why` each"
            )
        if right not in range(len(answers)):
            raise ParameterError(f"right is {right}; the answers are numbered 0 to {len(answers) - 1}")
        self.right, self.why = right, tuple(why)
        self.first: int | None = None
        self.id = hashlib.sha256("\0".join([question, *answers]).encode()).hexdigest()[:12]
        self._progress, self._restoring = progress, False
        super().__init__(question=rich(question), answers=[rich(answer) for answer in answers])
        self._restore()

    def choose(self, position: int) -> str:
        """Choose an answer, as a click does; return the state."""
        if position not in range(len(self.answers)):
            raise ParameterError(f"answer {position} does not exist: choose 0 to {len(self.answers) - 1}")
        self.chosen = position
        return str(self.state)

    @traitlets.observe("chosen")
    def _judge(self, change: dict[str, int]) -> None:
        position = change["new"]
        if position not in range(len(self.answers)):  # a stray message from the page
            return
        self.first = position if self.first is None else self.first
        if not self._restoring:
            self._keep(position)
        good = position == self.right
        word = "Right." if good else "Not that one."
        with self.hold_sync():
            self.state = "right" if good else "wrong"
            self.verdict = f"<b>{'✓' if good else '✗'} {word}</b> {rich(self.why[position])}"

    def _book(self) -> Progress:
        from mmteach.exercises.progress import Progress

        return self._progress or Progress()

    def _keep(self, position: int) -> None:
        """Write the answer down; where the disk refuses, the quiz goes on without."""
        from mmteach.exercises.progress import Event

        name = f"{_chapter()}/{self.id}"
        self._book().add(Event(time.time(), name, 1, "quiz", detail=str(position)))

    def _restore(self) -> None:
        """Choose again what was chosen last; the prediction stays the first answer of all."""
        try:
            events = [e for e in self._book().events() if e.kind == "quiz" and e.exercise.endswith(f"/{self.id}")]
        except (OSError, sqlite3.Error, DataError):
            return
        chosen = [int(e.detail) for e in events if e.detail.isdecimal() and int(e.detail) < len(self.answers)]
        if chosen:
            self._restoring, self.first = True, chosen[0]
            self.chosen = chosen[-1]
            self._restoring = False


def _chapter() -> str:
    """Name the notebook that runs, without its number; "" where Jupyter does not tell."""
    stem = Path(os.environ.get("JPY_SESSION_NAME", "")).stem
    return stem.partition("_")[2] if stem[:2].isdecimal() else stem
