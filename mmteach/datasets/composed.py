"""What is said of a set that was composed of two: beside every result, and on its card."""

from __future__ import annotations

from mmteach.types import Modality

NOUNS = {"text": "texts", "image": "pictures"}
_NEVER = {"text": "nobody ever said these words so", "image": "no picture and voice belong to one person or moment"}


def composed_sentence(first_name: str, audio_name: str, by: str, first: Modality = "text") -> str:
    """What a composed set is, in one sentence: it stands on its card and beside every result."""
    what = f"{NOUNS[first]} of {first_name} with voices of {audio_name} that share their {by}"
    return f"composed: {what}; {_NEVER[first]}"


def composed_card(sentence: str, *sides: tuple[str, str]) -> str:
    """The cards of both sides, each a (name, card), under the sentence that says how they were put together."""
    title = f"# {'+'.join(name for name, _ in sides)}: a composed set"
    return "\n\n".join([title, f"**{sentence[0].upper()}{sentence[1:]}.**", *(_below(*side) for side in sides)]) + "\n"


def _below(name: str, card: str) -> str:
    """A card, its headings one level lower."""
    text = card.strip() or f"# {name}\n\nNobody wrote a card for it."
    return "\n".join(f"#{line}" if line.startswith("#") else line for line in text.splitlines())
