"""What CommandStudio computes: intents and slots as each side hears them, and the words that an encoder hears."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
import torch

from mmteach.cases.commands import Frame, understand
from mmteach.infer.decode import BLANK
from mmteach.models import ListenerEncoder
from mmteach.models.ctc import STRIDE
from mmteach.preprocess.augment import add_noise
from mmteach.types import Media, Modality, Prediction, Waveform
from mmteach.widgets.studio_reader import InputReader, Reading


class Meaning(NamedTuple):
    """What an answer means.

    frame : the likeliest, of all that are heard together.
    intents : what each side says of them, and all together; frames of one intent are added up.
    slots : of the frame's intent, given it; "none" alone where it has no slot.
    """

    frame: Frame
    intents: Reading
    slots: Reading


class Heard(NamedTuple):
    """A word that an encoder hears, and when, in seconds from the first sound."""

    word: str
    seconds: float


class CommandReader(InputReader):
    """A reader of commands that also writes down what it hears."""

    def trimmed(self) -> Waveform | None:
        """The recording as the encoder is given it, without silence at its ends; None where there is none."""
        m = self._listening()
        voice = None if m is None else self.pipeline.branches[m].clean(self._sample)
        return voice if isinstance(voice, Waveform) else None

    def hears(self) -> list[Heard] | None:
        """The words of the recording as the encoder hears them; None without a recording, or an encoder of words."""
        m, voice = self._listening(), self.trimmed()
        if m is None or voice is None or self._batch is None:
            return None
        encoder = self.pipeline.fitted()[1].encoder(m)
        if not isinstance(encoder, ListenerEncoder):
            return None
        encoder.eval()
        with torch.inference_mode():
            scores, real = encoder.log_probs(self._batch.x[m], self._batch.mask.get(m))
        log_probs = scores[0, real[0]].numpy()
        hop = getattr(self.pipeline.branches[m].extractor, "hop_length", len(voice.samples) / len(log_probs) / STRIDE)
        return spikes(log_probs, encoder.words, STRIDE * hop / voice.sample_rate)

    def _listening(self) -> Modality | None:
        return next((m for m in self.present() if self.sources[m] == "audio"), None)


def spikes(log_probs: np.ndarray, words: Sequence[str], seconds: float) -> list[Heard]:
    """Read a path greedily, as `infer.decode.greedy` does, and keep the moment at which each word is likeliest.

    Parameters
    ----------
    log_probs : np.ndarray [shape=(T, S)], symbol i is words[i - 1], symbol 0 the blank.
    seconds : of a step.
    """
    found, at = [], 0
    for symbol, path in groupby(log_probs.argmax(axis=1).tolist()):
        n = len(list(path))
        if symbol != BLANK:
            best = at + int(log_probs[at : at + n, symbol].argmax())
            found.append(Heard(words[symbol - 1], (best + 0.5) * seconds))
        at += n
    return found


def meaning(reading: Reading) -> Meaning | None:
    """Part what is said of frames into intents and slots; None where nothing is heard."""
    if reading.both is None:
        return None
    label = reading.classes[reading.answer]
    parted = {m: understand(Prediction("input", label, p), reading.classes) for m, p in reading.alone.items()}
    whole = understand(Prediction("input", label, reading.both), reading.classes)
    names = tuple(dict.fromkeys(Frame.read(c).intent for c in reading.classes))
    intents = _table(names, {m: u.intents for m, u in parted.items()}, whole.intents)
    names = tuple(f.slot for f in map(Frame.read, reading.classes) if f.intent == whole.frame.intent)
    return Meaning(whole.frame, intents, _table(names, {m: u.slots for m, u in parted.items()}, whole.slots))


def _table(names: tuple[str, ...], alone: Mapping[Modality, Mapping[str, float]], both: Mapping[str, float]) -> Reading:
    """Shares by name, in one order for all sides, so that a bar stays where it is while it moves."""
    ordered = {m: np.array([shares[name] for name in names]) for m, shares in alone.items()}
    return Reading(names, ordered, np.array([both[name] for name in names]), {})


def in_noise(media: Mapping[Modality, Media], snr_db: float) -> dict[Modality, Media]:
    """Lay white noise over a recording, always the same one, `snr_db` below it; a silent recording stays as it is."""
    voice = media.get("audio")
    if not isinstance(voice, Waveform) or math.isinf(snr_db) or not np.any(voice.samples):
        return dict(media)
    return {**media, "audio": add_noise(voice, snr_db, torch.Generator().manual_seed(0))}
