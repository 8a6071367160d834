"""SentimentStudio's answers as HTML: bars, shares, coloured words, and one sentence. The page draws them, which has
letters for every script and the reader's own colours; whatever somebody typed is shown, never obeyed.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

import numpy as np

from mmteach.infer.saliency import WordSaliency
from mmteach.types import Modality, Sample
from mmteach.widgets.figure import BLUE, GREEN, ORANGE, PURPLE, VERMILION
from mmteach.widgets.studio_reader import Reading
from mmteach.widgets.text_views import visible

NAMES = {"text": "the words", "audio": "the voice"}  # of other modalities: their own
SIDES = {"text": "Text alone", "audio": "Voice alone", "both": "Together"}
COLOURS = {"text": BLUE, "audio": ORANGE, "both": GREEN}
N_CHARACTERS = 3000  # of a long text are shown
GUESS = 0.5  # an answer less probable than this is called a guess
CONFLICT_RULE = "the voice decides when it is clearly moved; when the voice is flat, the words decide"

_CELL = "padding: 2px 14px 2px 0; text-align: left; white-space: nowrap; line-height: 1.4"
_BAR = "display: inline-block; height: 0.85em; vertical-align: top; background: {colour}; width: {width:.0f}px"
_CAPTION = "<caption style='text-align: left; white-space: nowrap; line-height: 1.8; caption-side: top'>{}</caption>"
_TRACK = (
    "display: inline-block; width: {width}px; height: 0.85em; line-height: 0.85em; vertical-align: baseline; "
    "background: var(--jp-layout-color2)"
)
WIDE = 84  # pixels of a bar of 1


def name_of(m: Modality) -> str:
    """The words for a modality in a sentence."""
    return NAMES.get(m, f"its {m} values")


def colour_of(m: Modality) -> str:
    """The colour of a modality's bars."""
    return COLOURS.get(m, PURPLE)


def bars(
    reading: Reading, sides: Sequence[Modality], silent: Mapping[Modality, str], title: str = "Probabilities",
    answer: int | None = None,
) -> str:  # fmt: skip
    """A table of probabilities: a line a class, a column a side, every bar on the same scale.

    Parameters
    ----------
    sides : the modalities that have a column.
    silent : {modality: "muted" or "absent"} of those that are not heard.
    answer : which line is marked; by default that of the most probable class.
    """
    marked = reading.answer if answer is None else answer
    columns = [*sides, "both"] if len(sides) > 1 else list(sides)
    head = "".join(f'<th scope="col" style="{_CELL}">{html.escape(SIDES.get(m, m + " alone"))}</th>' for m in columns)
    lines = []
    for k, name in enumerate(reading.classes):
        cells = "".join(f'<td style="{_CELL}">{_bar(_probs(reading, m), k, m, silent)}</td>' for m in columns)
        mark = f"<b>▸ {html.escape(name)}</b>" if k == marked else f"&ensp;{html.escape(name)}"
        lines.append(f'<tr><th scope="row" style="{_CELL}; font-weight: normal">{mark}</th>{cells}</tr>')
    caption = _CAPTION.format(f"<b>{html.escape(title)}</b>")
    return f'<table class="mmteach-bars">{caption}<tr><td></td>{head}</tr>{"".join(lines)}</table>'


def _probs(reading: Reading, m: Modality) -> np.ndarray | None:
    return reading.both if m == "both" else reading.alone.get(m)


def _bar(probs: np.ndarray | None, k: int, m: Modality, silent: Mapping[Modality, str]) -> str:
    if probs is None:
        said = silent.get(m, "")
        return f"<i>{said}</i>" if k == 0 else ""
    bar = f'<span style="{_BAR.format(colour=colour_of(m), width=WIDE * probs[k])}"></span>'
    number = f"<b>{probs[k]:.2f}</b>" if k == int(probs.argmax()) else f"{probs[k]:.2f}"
    return f'<span style="{_TRACK.format(width=WIDE)}">{bar}</span> {number}'


def shares(reading: Reading, silent: Mapping[Modality, str]) -> str:
    """What each side adds to the probability of the answer: bars to the right of the middle add, to the left take."""
    if reading.both is None:
        return ""
    lines = []
    for m, share in reading.shares.items():
        left, right = (WIDE * max(0.0, sign * share) for sign in (-1, 1))
        bar = f'<span style="{_BAR.format(colour=colour_of(m), width=max(left, right))}"></span>'
        half = f"{_TRACK.format(width=WIDE)}; text-align"
        middle = "border-right: 1px solid var(--jp-ui-font-color2)"
        halves = (
            f'<span style="{half}: right; {middle}">{bar if left else ""}</span>'
            f'<span style="{half}: left">{bar if right else ""}</span>'
        )
        word = "for" if share > 0.005 else "against" if share < -0.005 else "neither"
        lines.append(_share_line(name_of(m), f"{halves} {share:+.2f} {word}"))
    lines += [_share_line(name_of(m), f"<i>{why}</i>") for m, why in silent.items()]
    answer, n = html.escape(reading.classes[reading.answer]), len(reading.classes)
    total = f"1/{n} {' '.join(f'{s:+.2f}'.replace('-', '− ').replace('+', '+ ') for s in reading.shares.values())}"
    caption = _CAPTION.format(
        f"<b>What each adds to “{answer}”</b> <small>({total} = {reading.both.max():.2f}; Shapley values)</small>"
    )
    return f'<table class="mmteach-shares">{caption}{"".join(lines)}</table>'


def _share_line(name: str, cells: str) -> str:
    head = f'<th scope="row" style="{_CELL}; font-weight: normal">{html.escape(name)}</th>'
    return f'<tr>{head}<td style="{_CELL}">{cells}</td></tr>'


def words(text: str, found: Sequence[WordSaliency], answer: str) -> str:
    """The text; what speaks for the answer is underlined, what speaks against it has a line above.

    The line tells the sign and the colour how much, so that neither rests on the colour alone.
    """
    largest = max((abs(w.value) for w in found), default=0.0)
    shown, at = [], 0
    for w in found:
        if w.start >= N_CHARACTERS:
            break
        shown += [visible(text[at : w.start]), _word(w, largest)]
        at = w.end
    rest = text[at : max(at, N_CHARACTERS)]
    shown.append(visible(rest) + (" …" if len(text) > at + len(rest) else ""))
    look = "line-height: 2; max-width: 860px; overflow-wrap: anywhere; font-size: 110%"
    legend = (
        f"<div style='line-height: 1.8'><b>Words</b>: the text alone says “{html.escape(answer)}”; without this word "
        f'that would be <span style="{_look(0.8, True)}">less</span> or '
        f'<span style="{_look(0.8, False)}">more</span> probable</div>'
    )
    return f'{legend}<div class="mmteach-words" style="{look}" dir="auto">{"".join(shown)}</div>{_strongest(found)}'


def _word(w: WordSaliency, largest: float) -> str:
    if abs(w.value) < 0.005:
        return visible(w.word)
    return f'<span title="{w.value:+.2f}" style="{_look(abs(w.value) / largest, w.value > 0)}">{visible(w.word)}</span>'


def _look(strength: float, for_it: bool) -> str:
    """Blue and underlined for, orange and overlined against; the stronger the fuller."""
    rgb, line, colour = ("86, 180, 233", "underline", BLUE) if for_it else ("213, 94, 0", "overline", VERMILION)
    return (
        f"background: rgba({rgb}, {0.1 + 0.4 * strength:.2f}); text-decoration: {line} {colour} 2px; "
        "border-radius: 3px; padding: 1px 2px"
    )


def _strongest(found: Sequence[WordSaliency]) -> str:
    """The strongest words with their numbers, for who cannot see colours and lines."""
    best = sorted((w for w in found if abs(w.value) >= 0.005), key=lambda w: -abs(w.value))[:4]
    if not best:
        return "<small>No single word changes what the text says.</small>" if found else ""
    named = ", ".join(f"<bdi>{visible(w.word)}</bdi> {w.value:+.2f}" for w in best)
    return f"<small>Strongest: {named}</small>"


def sentence(reading: Reading, silent: Mapping[Modality, str]) -> str:
    """One sentence: what each says, and what all say together."""
    if reading.both is None:
        muted = [name_of(m) for m, why in silent.items() if why == "muted"]
        return f"Muted: {' and '.join(muted)}. Nothing is heard, so nothing is said." if muted else "Nothing is heard."
    said = {m: (html.escape(reading.classes[int(p.argmax())]), float(p.max())) for m, p in reading.alone.items()}
    parts = [f"{name_of(m)} {_say(m)} <b>{label}</b> ({p:.2f})" for m, (label, p) in said.items()]
    answer, p = html.escape(reading.classes[reading.answer]), float(reading.both.max())
    if len(said) == 1:
        text = f"{parts[0]}, and nothing else is heard"
    else:
        text = f"{'; '.join(parts)}. {_together(said, answer, p)}"
    doubt = " That is a guess more than an answer." if p < GUESS else ""
    return f"{text[0].upper()}{text[1:]}.{doubt}"


def _say(m: Modality) -> str:
    return "say" if m != "audio" else "says"


def _together(said: Mapping[Modality, tuple[str, float]], answer: str, p: float) -> str:
    labels = {label for label, _ in said.values()}
    if labels == {answer}:
        surer = p > max(q for _, q in said.values())
        return f"They agree, and together it is <b>{answer}</b> ({p:.2f}){', surer than either' if surer else ''}"
    winners = [name_of(m) for m, (label, _) in said.items() if label == answer]
    why = f": {' and '.join(winners)} {'weighs' if winners == ['the voice'] else 'weigh'} more here" if winners else ""
    return f"They disagree; together it is <b>{answer}</b> ({p:.2f}){why}"


def truth(sample: Sample, answer: str | None) -> str:
    """What the set says of a sample, and by which rule, where it is known."""
    if sample.label is None:
        return ""
    mark = "" if answer is None else " ✓ as answered" if answer == sample.label else " ✗ not as answered"
    text = f"<b>The set says {html.escape(sample.label)}</b>{mark}."
    moods = _moods(sample)
    if moods:
        text += f" The words are {html.escape(moods[0])}, the voice {html.escape(moods[1])}"
        text += ": they conflict." if is_conflict(sample.meta) else "."
    if "voice_mood" in sample.meta:
        text += f" <small>Rule of this set: {CONFLICT_RULE}.</small>"
    return text


def _moods(sample: Sample) -> tuple[str, str] | None:
    """The mood of words and voice, where the set was made from both."""
    meta = sample.meta
    pairs = (("text_mood", "voice_mood"), ("text_valence", "audio_valence"), ("text_label", "audio_label"))
    return next(((str(meta[a]), str(meta[b])) for a, b in pairs if meta.get(a) and meta.get(b)), None)


def is_conflict(meta: Mapping[str, object]) -> bool:
    """Whether a set says that words and voice contradict each other."""
    return str(meta.get("conflict", "")).lower() in ("yes", "true", "1")
