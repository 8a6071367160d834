"""Put a text through preprocessing steps, see what each changes, and cut it into tokens."""

from __future__ import annotations

from collections import Counter

import ipywidgets

from mmteach.datasets import Dataset
from mmteach.features.text_tokens import Token, locate, tokenise
from mmteach.preprocess import TEXT_STEPS, Step, apply_steps, before_and_after, require_text
from mmteach.widgets.html_table import html_table
from mmteach.widgets.panel import Data, Panel, follow, on_change, prose, row, slider, tick
from mmteach.widgets.text_parts import TextParts
from mmteach.widgets.text_views import KINDS, N_CHARACTERS, boxes, legend, trail

NAMES = tuple(step.__name__ for step in TEXT_STEPS)


class TextPrep(Panel):
    """Preprocessing of one text, step by step, and its tokens.

    Parameters
    ----------
    data : a set, its name, or a DataPicker; the words of its training part are the known ones.

    Attributes
    ----------
    text : the text that goes in: one of the set, or what was typed.
    trail : list of (step's name, text after it), the original first; of a long text its beginning.
    tokens : list of Token of the text after the steps that are ticked.
    unknown : list of bool, whether the training part never had the token.
    """

    def __init__(self, data: Data = "spoken_reviews") -> None:
        self.which = slider("Test text", 0, 0, 1)
        self.own = ipywidgets.Textarea(
            placeholder="Type a text, English or Chinese", layout={"width": "740px", "max_width": "100%"}, rows=3
        )
        self.on = {name: tick(name, True) for name in NAMES}
        self.stages, self.boxes, self.counts, self.code = (ipywidgets.HTML() for _ in range(4))
        self._filling = False
        super().__init__()
        self.children = [
            self.which, self.own, row(*self.on.values()), self.message,
            self.stages, self.boxes, self.counts, self.code, self.source,
        ]  # fmt: skip
        on_change(self.pick, self.which)
        on_change(self.take, self.own)
        on_change(self.update, *self.on.values())
        follow(data, self.use)

    def use(self, dataset: Dataset) -> None:
        """Take the texts of another set."""
        with self.telling():
            self.parts = TextParts(dataset)
            self._known: dict[tuple[str, ...], tuple[set[str], float]] = {}
            self.name_source(dataset)
            self.which.max = len(self.parts.test) - 1
            self.pick()

    def pick(self) -> None:
        """Take the test text that the slider names, and let it be edited."""
        with self.telling():
            at = min(self.which.value, len(self.parts.test) - 1)
            self.text, self.name = self.parts.test[at], str(self.parts.ids[at])
            self._filling = True
            self.own.value = self.text.encode("utf-8", "replace").decode()  # half characters cannot be sent
            self._filling = False
            self.update()

    def take(self) -> None:
        """Take what was typed."""
        if not self._filling:
            self.text, self.name = self.own.value, "your text"
            self.update()

    @property
    def steps(self) -> list[Step]:
        """The steps that are ticked, in order."""
        return [step() for step in TEXT_STEPS if self.on[step.__name__].value]

    def update(self) -> None:
        """Run the steps again and show the text after each, and its tokens."""
        shown = False
        with self.telling():
            require_text(self.text)
            self.trail = before_and_after(self.text[:N_CHARACTERS], self.steps)
            cleaned = apply_steps(self.text, self.steps)
            self.tokens = locate(cleaned)
            known, share = self._vocabulary()
            self.unknown = [cleaned[t.start : t.end] not in known for t in self.tokens]
            self._show(cleaned, share)
            shown = True
        for part in (self.stages, self.boxes, self.counts, self.code):  # nothing of another text may stay
            part.layout.display = None if shown else "none"

    def _vocabulary(self) -> tuple[set[str], float]:
        """Words of the training part after these steps; and which share of the test part's tokens they lack."""
        key = tuple(type(step).__name__ for step in self.steps)
        if key not in self._known:
            train, test = self.parts.cleaned(self.steps)
            known = {token for text in train for token in tokenise(text)}
            tested = [token for text in test for token in tokenise(text)]
            self._known[key] = known, sum(token not in known for token in tested) / max(len(tested), 1)
        return self._known[key]

    def _show(self, cleaned: str, share: float) -> None:
        more = len(self.text) - N_CHARACTERS
        rest = prose(f"<i>... and {more:,} characters more</i>") if more > 0 else ""
        self.stages.value = trail(self.trail) + rest
        self.boxes.value = boxes(cleaned, self.tokens, self.unknown) + legend()
        self.counts.value = _counts(self.tokens) + prose(self._said(share))
        listed = ", ".join(f"{type(step).__name__}()" for step in self.steps)
        self.code.value = prose(f"The same in code: <code>tokenise(apply_steps(text, [{listed}]))</code>")

    def _said(self, share: float) -> str:
        n, n_unknown = len(self.tokens), sum(self.unknown)
        return (
            f"<b>{n_unknown:,} of {n:,} tokens ({n_unknown / max(n, 1):.0%}) are unknown</b>: the training part of "
            f"{len(self.parts.train):,} texts never had them. Of the test part's tokens {share:.1%} are unknown. "
            f"<small>{self.parts.note}.</small>"
        )


def _counts(tokens: list[Token]) -> str:
    n = Counter(token.kind for token in tokens)
    return html_table(
        ["tokens", *(name for name, _, _ in KINDS.values())], [[f"{len(tokens):,}", *(f"{n[k]:,}" for k in KINDS)]]
    )
