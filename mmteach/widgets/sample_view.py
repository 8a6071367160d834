"""A picture or a sound as a piece of HTML, with the words that stand for it."""

from __future__ import annotations

import base64
import html

import numpy as np

from mmteach.types import Image, Media, Modality, Sample, Waveform
from mmteach.widgets.figure import RIGHT, WRONG, to_png
from mmteach.widgets.sentiment_voice import wav_bytes

_CARD = "padding: 6px; width: 132px; border: 2px solid {colour}; border-radius: 4px; text-align: center"
_SOUND = "width: 120px; height: 34px; display: block; margin: 15px auto"


def medium_html(sample: Sample, modality: Modality, side: int = 64) -> str:
    """A medium of a sample: a picture `side` pixels wide, or a player."""
    about = html.escape(f"{modality} of sample {sample.id}", quote=True)
    return media_html(sample.media[modality], about, side)


def media_html(medium: Media, about: str, side: int = 64) -> str:
    """Show a medium; about : its text alternative."""
    if isinstance(medium, Waveform):
        data = base64.b64encode(wav_bytes(medium)).decode()
        source = f"src='data:audio/wav;base64,{data}'"
        return f"<audio controls preload='auto' aria-label='{about}' style='{_SOUND}' {source}></audio>"
    if isinstance(medium, Image):
        data = base64.b64encode(to_png(enlarged(medium.pixels, side))).decode()
        look = f"width: {side}px; height: {side}px; object-fit: contain; background: white"
        return f"<img alt='{about}' style='{look}' src='data:image/png;base64,{data}'>"
    return html.escape(str(medium))[:200]


def enlarged(pixels: np.ndarray, side: int) -> np.ndarray:
    """Repeat the pixels of a small picture, so that a browser does not blur them."""
    times = max(1, round(side / max(pixels.shape[:2])))
    return pixels.repeat(times, axis=0).repeat(times, axis=1)


def card(sample: Sample, modality: Modality, title: str, words: str, right: bool | None = None) -> str:
    """A medium in a frame; right or wrong is told by a mark and a word, never by colour alone."""
    colour = "var(--jp-border-color1)" if right is None else RIGHT if right else WRONG
    mark = "" if right is None else "✓ " if right else "✗ "
    return (
        f"<div style='{_CARD.format(colour=colour)}'><b>{mark}{html.escape(title)}</b><br>"
        f"{medium_html(sample, modality)}<br><small>{html.escape(words)}</small></div>"
    )
