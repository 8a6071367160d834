"""Dictation: somebody says a string of digits, and it is written down.

A small network looks at log-mel frames and says in every step which digit it hears, or none. It is trained by CTC, on
strings of which only the digits are known and not where they are. It is then read in three ways: the likeliest symbol
of each step; a beam search over strings; and that with a language model of two digits. The test speaker is never in
training, and no step of training is chosen on what that speaker says. But the settings below (bands, augmentation,
number of steps) were found while looking at the folds of fsdd and spoken_digits, so figures there are a little kind.

Read this file from top to bottom: learn, listen, read, evaluate.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch

from mmteach.cases.report import MAJORITY, Row
from mmteach.cases.studies.dictation_report import BEAM, BIGRAM, GREEDY, DictationReport, String, row
from mmteach.cases.studies.dictation_strings import (
    Clips,
    Drawing,
    Said,
    Source,
    clips,
    digits_from,
    frames,
    strings_of,
    waveform,
)
from mmteach.datasets import Dataset, plan
from mmteach.errors import ParameterError
from mmteach.infer.decode import beam_search, bigram_table, greedy
from mmteach.models.ctc import Recogniser
from mmteach.train import seed_everything
from mmteach.train.ctc import fit_ctc

N_WORDS, N_STRINGS = 400, 500  # steps of training with single words, then with strings
N_TEST, LENGTH = 100, 4  # strings of each fold, digits of each
WIDTH = 8  # of the beam
N_TEXTS = 1000  # strings, without sound, that the language model is counted on
SETTLED = "settings were found while looking at folds of fsdd and spoken_digits, so figures there are a little kind"
SOURCES: tuple[Source, ...] = ("any", "counting")


def learn(
    c: Clips, rows: np.ndarray, seed: int = 0, n_words: int = N_WORDS, n_strings: int = N_STRINGS,
    progress: bool = False,
) -> tuple[Recogniser, list[float]]:  # fmt: skip
    """Train on some of the clips; return the network and the loss of every step."""
    seed_everything(seed)
    model = Recogniser(c.frames[0].shape[1])
    return model, fit_ctc(model, Drawing(c, rows, seed), n_words, n_strings, progress=progress)


def listen(model: Recogniser, x: np.ndarray) -> np.ndarray:
    """Say how likely each symbol is in each step: normalised frames (T, D) -> log-probabilities (T', 11)."""
    with torch.inference_mode():
        return model(torch.from_numpy(x)[None])[0].log_softmax(dim=1).numpy()


def readers(bigram: np.ndarray, width: int = WIDTH) -> dict[str, Callable[[np.ndarray], String]]:
    """Three ways to read log-probabilities (T, 11); symbols 1 to 10 are the digits 0 to 9.

    The network has learnt its own language: strings in which every digit follows with probability 1/10. The bigram is
    to take its place, not to come on top of it, which would make every further digit cost twice; so 1/10 is divided
    out (density ratio, McDermott et al. 2019, ASRU).
    """

    def digits(symbols: Sequence[int]) -> String:
        return tuple(s - 1 for s in symbols)

    instead = bigram - np.log(0.1)
    return {
        GREEDY: lambda z: digits(greedy(z)),
        BEAM: lambda z: digits(beam_search(z, width)[0].symbols),
        BIGRAM: lambda z: digits(beam_search(z, width, instead)[0].symbols),
    }


def language_model(source: Source, seed: int = 0) -> np.ndarray:
    """Count which digit follows which in strings of the kind, none of them recorded: (11, 11) log-probabilities."""
    texts = digits_from(source, N_TEXTS, LENGTH, np.random.default_rng(seed + 1000))
    return bigram_table([[d + 1 for d in text] for text in texts], 11)


class Heard(NamedTuple):
    """Strings of all folds, and what each way of reading makes of them; "majority" is one digit all the time."""

    said: list[Said]
    speakers: list[str]
    by: dict[str, list[String]]
    seconds: dict[str, float]


def _hear(heard: Heard, model: Recogniser, c: Clips, said: Sequence[Said], bigram: np.ndarray, usual: int) -> None:
    """Add the strings of one fold."""
    scores = [listen(model, frames(waveform(s, c))) for s in said]
    heard.said.extend(said)
    heard.speakers.extend(str(c.groups[s.rows[0]]) for s in said)
    heard.by.setdefault(MAJORITY, []).extend([(usual,) * LENGTH] * len(said))
    for name, read in readers(bigram).items():
        start = time.perf_counter()
        heard.by.setdefault(name, []).extend(read(z) for z in scores)
        heard.seconds[name] = heard.seconds.get(name, 0.0) + time.perf_counter() - start


def _rows(heard: Heard) -> list[Row]:
    truths = [s.digits for s in heard.said]
    return [
        row(name, truths, by, heard.speakers, heard.seconds.get(name, 0.0),
            heard.by[GREEDY] if name in (BEAM, BIGRAM) else None)
        for name, by in heard.by.items()
    ]  # fmt: skip


def evaluate(
    dataset: Dataset, protocol: str | None = None, seed: int = 0, n_strings: int = N_TEST, progress: bool = False
) -> DictationReport:
    """Train on all speakers but some, and let those dictate.

    Parameters
    ----------
    protocol : as for `datasets.plan`; by default the set's own folds, else five folds of speakers.
    n_strings : strings of each kind in every fold.
    """
    if n_strings < 2:
        raise ParameterError(f"{n_strings} string gives no interval: ask for 2 or more")
    start, c, planned = time.perf_counter(), clips(dataset), plan(dataset, "classify", protocol, seed)
    models = {source: language_model(source, seed) for source in SOURCES}
    heard = {source: Heard([], [], {}, {}) for source in SOURCES}
    n_train = 0
    for k, fold in enumerate(planned.folds):
        rows = np.sort(np.concatenate([fold.train, fold.val]))  # nothing is chosen, so nothing is kept aside
        n_train = max(n_train, len(rows))
        model, _ = learn(c, rows, seed, N_WORDS, N_STRINGS, progress)
        usual = int(np.bincount(c.y[rows]).argmax())
        for source in SOURCES:
            said = strings_of(c, fold.test, n_strings, np.random.default_rng([seed, k]), source, LENGTH)
            _hear(heard[source], model, c, said, models[source], usual)
    parts = (
        dataset.note,
        planned.note,
        f"strings of {LENGTH} digits, joined from single ones of one unseen speaker",
        SETTLED,
    )
    return DictationReport(
        "dictation", dataset.name, "speech to digits", planned.name, "; ".join(p for p in parts if p),
        n_train, len(heard["any"].said), _rows(heard["any"]), time.perf_counter() - start, seed,
        _rows(heard["counting"]),
    )  # fmt: skip
