"""CMU-MOSI: people give their opinion of a film to a camera; transcripts and vectors."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.known import KnownSet
from mmteach.datasets.tables import Line, read_table, require_no_problems
from mmteach.errors import DataError, ParameterError
from mmteach.types import Modality

CARD = """\
# CMU-MOSI: opinions before a camera

1,447 utterances of 62 videos (the training part of one release) in which people speak of films they saw; each is
negative or positive. There is no sound and no picture here, only the transcript and vectors that others computed.

- Layout: `index.csv` (utt_id, video_id, text, label: 0 or 1) and, row by row, `audio_train0.csv`, `text_train0.csv`,
  `video_train0.csv`, whose last column is the label; each may lie in a folder of its own, as in the release.
- Modalities: text, the transcript in capitals; "acoustic", 73 values of the voice (openSMILE).
- Group: the video, hence the speaker. Folds: five, the videos in sorted order dealt in turn.
- **Two vectors know the labels.** `load("mosi", features=("text_cnn", "video_cnn"))` adds the outputs (100 values each)
  of networks that, to judge by the scores, were trained on the labels of these very rows: a linear model gets 98 %
  and 92 % of them right on videos it has never seen, where the transcripts give 71 %. Use them for shapes, speed
  and absent modalities; any result with them is inflated, fusions included.
- Terms: for research, "Please cite the creators". The code of the features is under the MIT licence.
- Cannot teach: strength (the scores of -3 to 3 are not in this release) or prosody: the voice's vector alone is
  near chance, so a fusion should gain nothing by it.
- References: A. Zadeh and others, "MOSI: multimodal corpus of sentiment intensity", arXiv:1606.06259, 2016;
  S. Poria and others, "Context-dependent sentiment analysis in user-generated videos", ACL 2017 (features).
"""

INDEX = "index.csv"
LABELS = ("negative", "positive")
N_FOLDS = 5
FILES: dict[Modality, tuple[str, int]] = {
    "acoustic": ("audio_train0.csv", 73),
    "text_cnn": ("text_train0.csv", 100),
    "video_cnn": ("video_train0.csv", 100),
}
FITTED = ("text_cnn", "video_cnn")


def open_utterances(folder: Path, features: Sequence[str] = ()) -> Dataset:
    """Read the transcripts and the voice's vectors.

    Parameters
    ----------
    features : "text_cnn", "video_cnn" or both, to have them too although they were fitted on the labels.

    Raises
    ------
    DataError : a file is missing or damaged, or its rows are not those of the index.
    """
    asked = [features] if isinstance(features, str) else list(features)
    if unknown := [name for name in asked if name not in FITTED]:
        raise ParameterError(f"features names {unknown[0]!r}; it can name {', '.join(FITTED)}")
    lines = _index(folder / INDEX)
    labels = np.array([int(line.cells["label"]) for line in lines])
    vectors = {name: _vectors(folder, name, labels) for name in ("acoustic", *asked)}
    videos = sorted({line.cells["video_id"] for line in lines})
    fold_of = {video: str(i % N_FOLDS + 1) for i, video in enumerate(videos)}
    rows = []
    for i, line in enumerate(lines):
        label, video = LABELS[labels[i]], line.cells["video_id"]
        media = {"text": line.cells["text"], **{name: values[i] for name, values in vectors.items()}}
        meta = {"valence": label, "fold": fold_of[video], "language": "en"}
        rows.append(Row(line.cells["utt_id"], media, label, video, meta=meta, where=f"{INDEX} line {line.number}"))
    note = ""
    if asked:
        note = f"{' and '.join(asked)} fitted on the labels of these rows: any score with them is inflated"
        warnings.warn(f"mosi: {note}; take them for shapes and speed, not for a result", stacklevel=2)
    return Dataset(rows, "mosi", note=note)


def _index(path: Path) -> list[Line]:
    """The lines of the index, every one checked."""
    needed = ("utt_id", "video_id", "text", "label")
    names, lines = read_table(path, needed)
    if missing := [name for name in needed if name not in names]:
        raise DataError(f"{path} has no column {missing[0]} (its columns: {', '.join(names)}): get it again")
    bad = [line for line in lines if line.cells.get("label") not in ("0", "1") or not all(map(line.cells.get, needed))]
    require_no_problems(path, [f"line {line.number}: a text, its ids and 0 or 1 are needed" for line in bad])
    return lines


def _vectors(folder: Path, name: Modality, labels: np.ndarray) -> np.ndarray:
    """One file's vectors (n, D) float32, after a look whether its rows are those of the index."""
    filename, size = FILES[name]
    path = _find(folder, filename)
    if path is None:
        raise DataError(f"{folder / filename} is missing, the vectors {name!r}: put it there")
    try:
        values = np.loadtxt(path, delimiter=",", quotechar='"', dtype=np.float64, ndmin=2, encoding="utf-8")
    except (ValueError, OSError) as error:
        raise DataError(f"{path} is no table of numbers with equal rows: get it again") from error
    if values.shape != (len(labels), size + 1):
        raise DataError(
            f"{path} has {values.shape[0]} rows of {values.shape[1]} columns; {len(labels)} of {size + 1} are needed, "
            f"one for each line of {INDEX}: get both from one place"
        )
    if len(wrong := np.flatnonzero(values[:, -1] != labels)):
        raise DataError(
            f"{path} row {wrong[0]} has the label {values[wrong[0], -1]:g} and {INDEX} has {labels[wrong[0]]} "
            f"(such rows: {len(wrong)}): the files do not belong together, get both from one place"
        )
    if not np.isfinite(values).all():
        raise DataError(f"{path} holds values that are not finite (NaN or infinity): get it again")
    return values[:, :-1].astype(np.float32)


def _find(folder: Path, filename: str) -> Path | None:
    """A file in the folder or in one of its folders."""
    return next((file for file in (folder / filename, *sorted(folder.glob(f"*/{filename}"))) if file.is_file()), None)


SET = KnownSet(
    name="mosi",
    about="1,447 opinions of films before a camera: transcripts and voice vectors, negative or positive",
    card=CARD,
    open=open_utterances,
    fits=lambda folder: (folder / INDEX).is_file() and _find(folder, FILES["acoustic"][0]) is not None,
    by_hand="index.csv (utt_id, video_id, text, label) and audio_train0.csv, row by row, of the features of CMU-MOSI",
    note="people on film who speak to a camera; no sound here, only vectors",
)
