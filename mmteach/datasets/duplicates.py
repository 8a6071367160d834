"""Copies in a set: the same text or the same recording more than once.

A copy that stands in training and in the test is an answer known beforehand; two copies with opposite labels cannot
both be learnt.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Hashable, Mapping
from pathlib import Path

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.media import read_text

COMPOSED = {"text_id", "audio_id"}  # columns of a set that was composed by `pair`
PARTS = ("test", "val", "train", None)  # where a copy is kept, the first choice first
PROBE = 512  # frames from the middle of a recording, for a first look


def fold_text(text: str) -> str:
    r"""A text as it is compared: Unicode NFKC, without capitals, each run of blanks one space.

    >>> fold_text("Ｇｏｏｄ\tFILM ")
    'good film'
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def drop_duplicates(dataset: Dataset) -> tuple[Dataset, str]:
    """Drop copies, so that no text or recording is counted twice or stands in training and in the test.

    Texts are compared in a set of texts alone, after `fold_text`; in speech the same sentence may well be said twice.
    There the samples of the recordings are compared. Pictures and vectors are not.

    Of copies one is kept: the one in the test part, else in val, so that the test stays as it was published. If the
    copies of that part contradict each other in their labels, all copies are dropped: nobody knows which is right.

    Returns
    -------
    dataset : the set without them, the sentence added to its note; itself where it has no copies.
    sentence : how many were dropped and why, as in "2 of 9,613 texts dropped: ..."; "" where none was.
    """
    if any(row.meta.keys() >= COMPOSED for row in dataset.rows):
        return dataset, ""  # clips are used again on purpose, and both sides were looked through before
    audio = "audio" in dataset.modalities
    if not audio and dataset.modalities != ("text",):
        return dataset, ""
    found = _equal_recordings(dataset.rows) if audio else _equal_texts(dataset.rows)
    kept = {i: _kept([dataset.rows[i] for i in copies], copies) for copies in found for i in copies}
    if not kept:
        return dataset, ""
    rest = dataset.subset(i for i in range(len(dataset)) if kept.get(i, i) == i)
    sentence = _sentence(dataset, found, kept, "recordings" if audio else "texts")
    note = "; ".join(said for said in (dataset.note, sentence) if said)
    return rest.described(dataset.card, dataset.synthetic, note), sentence


def _kept(rows: list[Row], copies: list[int]) -> int | None:
    """Which of the copies stays; None where their labels contradict each other."""
    part = next(part for part in PARTS if any(row.split == part for row in rows))
    best = [i for i, row in zip(copies, rows, strict=True) if row.split == part]
    labels = {row.label for row in rows if row.split == part and row.label is not None}
    return best[0] if len(labels) < 2 else None


def _sentence(dataset: Dataset, found: list[list[int]], kept: dict[int, int | None], what: str) -> str:
    """Count what was dropped, by reason."""
    reasons = []
    agree: list[list[int]] = []
    given_up: list[list[int]] = []
    overruled: list[list[int]] = []
    for copies in found:
        n_labels = len({dataset.rows[i].label for i in copies} - {None})
        (agree if n_labels < 2 else given_up if kept[copies[0]] is None else overruled).append(copies)
    n_across = sum(len({dataset.rows[i].split for i in copies}) > 1 for copies in agree)
    across = f", {n_across} of them in two parts" if n_across else ""
    for group, why in (
        (agree, f"with the same label{across}, and one copy is kept"),
        (given_up, "with opposite labels"),
        (overruled, "with opposite labels in different parts, and the later part's copy is kept"),
    ):
        if group:
            stand = "stands" if len(group) == 1 else "stand"
            times = "twice" if all(len(copies) == 2 for copies in group) else "more than once"
            reasons.append(f"{len(group)} {what[:-1] if len(group) == 1 else what} {stand} {times} {why}")
    n_dropped = sum(kept[i] != i for i in kept)
    return f"{n_dropped} of {len(dataset):,} {what} dropped: {', '.join(reasons)}"


def _alike(key_of: Mapping[int, Hashable]) -> list[list[int]]:
    """The positions that share a key with another, key by key; a key of None is shared with nobody."""
    alike: dict[Hashable, list[int]] = {}
    for i, key in key_of.items():
        alike.setdefault(key, []).append(i)
    alike.pop(None, None)
    return [copies for copies in alike.values() if len(copies) > 1]


def _equal_texts(rows: tuple[Row, ...]) -> list[list[int]]:
    sources = [row.media["text"] for row in rows]
    texts = [read_text(source) if isinstance(source, Path) else str(source) for source in sources]
    return _alike({i: fold_text(text) for i, text in enumerate(texts)})


def _equal_recordings(rows: tuple[Row, ...]) -> list[list[int]]:
    """Recordings with equal samples: first by length, then by a few frames, and only those that still agree whole."""
    sources = {i: row.media.get("audio") for i, row in enumerate(rows)}
    files = {i: source for i, source in sources.items() if isinstance(source, Path)}
    found = [list(files)]
    for look in (_length, _middle, _samples):
        found = [alike for group in found for alike in _alike({i: look(files[i]) for i in group})]
    return found


def _length(path: Path) -> Hashable:
    """Frames, channels and rate; None for what cannot be read: reading it will say why."""
    import soundfile

    try:
        info = soundfile.info(path)
    except (soundfile.SoundFileError, OSError, RuntimeError):
        return None
    return info.frames, info.channels, info.samplerate


def _middle(path: Path) -> Hashable:
    return _digest(path, PROBE)


def _samples(path: Path) -> Hashable:
    return _digest(path, None)


def _digest(path: Path, n_frames: int | None) -> Hashable:
    """A hash of decoded samples: of all, or of some in the middle. The same sound in WAV and FLAC has the same."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            if n_frames is not None:
                file.seek(max(0, (file.frames - n_frames) // 2))
            samples = file.read(-1 if n_frames is None else n_frames, dtype="float32")
    except (soundfile.SoundFileError, OSError, RuntimeError):
        return None
    return hashlib.blake2b(samples.tobytes(), digest_size=16).digest()
