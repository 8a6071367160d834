"""CommandStudio's answers as HTML: a command in plain words, a sentence in three versions, bars."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from mmteach.cases.commands import NONE, Frame
from mmteach.types import Modality
from mmteach.widgets.command_reader import Heard, Meaning
from mmteach.widgets.command_words import LEGEND, joined, marked
from mmteach.widgets.sentiment_views import bars
from mmteach.widgets.text_views import visible

INTENTS = {
    "light_on": "switch the light on", "light_off": "switch the light off", "warmer": "make it warmer",
    "cooler": "make it cooler", "timer": "set a timer", "play": "play", "weather": "tell the weather",
    "louder": "make it louder", "quieter": "make it quieter", "stop": "stop",
}  # fmt: skip
SLOTS = {"room": "in the {}", "minutes": "for {} minutes", "what": "{}", "day": "for {}"}
VALUES = {"weekend": "the weekend", "news": "the news", "piano": "piano music"}
N_SHOWN = 300  # characters of a sentence
_CELL = "padding: 2px 14px 2px 0; text-align: left; vertical-align: top; line-height: 1.5"


def plain_words(label: str) -> str:
    """A frame as a person would say it; one of another set as it is, without its signs.

    >>> plain_words("light_on room=kitchen")
    'switch the light on in the kitchen'
    >>> plain_words("book_flight city=Oslo")
    'book flight: city Oslo'
    """
    frame = Frame.read(label)
    intent = INTENTS.get(frame.intent, frame.intent.replace("_", " "))
    if frame.slot == NONE:
        return intent
    name, _, value = frame.slot.partition("=")
    if frame.intent in INTENTS and name in SLOTS:
        return f"{intent} {SLOTS[name].format(VALUES.get(value, value))}"
    return f"{intent}: {name.replace('_', ' ')} {value}".rstrip()


def sentences(said: str, written: str, heard: Sequence[Heard] | None, waiting: str, known: Mapping[str, bool]) -> str:
    """What was said, what the text says, and what an encoder hears, one below the other.

    Parameters
    ----------
    said : "" where nobody knows it.
    waiting : why an encoder hears nothing, where `heard` is None.
    known : {"text", "audio": whether that is the example's own, so that it may be compared with what was said}.
    """
    said, written = _short(said), _short(written)
    lines = [("Said", visible(said))] if said else []
    text = marked(said, written) if said and known["text"] else visible(written)
    lines.append(("Written", text or "<i>no text</i>"))
    lines.append(
        ("Our own ear", f"<i>{html.escape(waiting)}</i>" if heard is None else _ear(heard, said, known["audio"]))
    )
    cells = "".join(f'<tr><th scope="row" style="{_CELL}">{n}</th><td style="{_CELL}">{v}</td></tr>' for n, v in lines)
    return f'<table class="mmteach-said">{cells}</table>{LEGEND if said else ""}'


def _ear(heard: Sequence[Heard], said: str, known: bool) -> str:
    words = [h.word for h in heard]
    if said and known:
        return marked(said, " ".join(words))
    return joined([visible(w) for w in words], words) or "<i>no word that it knows</i>"


def _short(text: str) -> str:
    return text if len(text) <= N_SHOWN else text[:N_SHOWN] + " …"


def moments(heard: Sequence[Heard], at: Sequence[float], width: int) -> str:
    """Words under a spectrogram, each at the moment at which it is heard; neighbours stand on two lines.

    Parameters
    ----------
    at : where each stands, as a share of the spectrogram's width.
    width : of the spectrogram, pixels; a narrow page shrinks both.
    """
    look = "position: absolute; transform: translateX(-50%); white-space: nowrap; top: {}em; left: {:.2f}%"
    words = [
        f'<span style="{look.format(1.2 * (i % 2), 100 * x)}" title="{h.seconds:.2f} s">{visible(h.word)}</span>'
        for i, (h, x) in enumerate(zip(heard, at, strict=True))
    ]
    box = f"position: relative; height: 2.8em; max-width: {width}px; line-height: 1.2"
    about = "<small>Our own ear: each word where it is likeliest to be heard (steps of 64 ms)</small>"
    return f'<div class="mmteach-moments" style="{box}">{"".join(words)}</div>{about}' if words else ""


def intents(found: Meaning, sides: Sequence[Modality], silent: Mapping[Modality, str]) -> str:
    """Bars of the intents, each the sum over its frames."""
    return bars(found.intents, sides, silent, "Intents", found.intents.classes.index(found.frame.intent))


def slots(found: Meaning, sides: Sequence[Modality], silent: Mapping[Modality, str]) -> str:
    """Bars of the slots that the answer's intent can have."""
    if found.slots.classes == (NONE,):
        return f"<p><b>Slots</b>: {html.escape(found.frame.intent)} needs none.</p>"
    title = f"Slots, if it is {found.frame.intent}"
    return bars(found.slots, sides, silent, title, found.slots.classes.index(found.frame.slot))
