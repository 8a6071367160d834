"""RAVDESS: actors who speak two sentences in eight emotions, and what their faces did."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path

import numpy as np

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.known import KnownSet
from mmteach.datasets.layouts import class_folders, media_files
from mmteach.datasets.sources import Source
from mmteach.errors import DataError, ParameterError
from mmteach.types import Modality

CARD = """\
# RAVDESS: emotional speech of actors

24 actors, 12 women and 12 men, of Toronto speak two sentences ("Kids are talking by the door", "Dogs are sitting by
the door") in eight emotions, each at normal and strong intensity (neutral has no strong one) and twice. 1,440 takes
of 3 to 5 seconds, 48 kHz; copies at another rate, as WAV or FLAC, or of fewer actors are read as well.

- Layout: `Actor_01/03-01-06-01-02-01-12.wav`; the seven numbers are modality, channel (01 speech), emotion,
  intensity, sentence, repetition, actor. Label: the emotion. Group: the actor. Songs are left out.
- Faces: where `face_action_units.npz` lies beside the folders, each take has a vector "face" of 35 values: the
  intensities (0 to 5) and presences (0 to 1) of facial action units, found by OpenFace in the video of the same take
  and pooled over its frames. They come from a third party, not from the publisher.
- `load("ravdess", text=True)` adds the sentence as text; `takes="all"` adds takes of which only the face is here.
- Folds: three actors each, in order, so that nobody is in training and in the test.
- Terms: CC BY-NC-SA 4.0 for the recordings; none stated for the face values.
- Cannot teach: how people sound when they feel. These are actors, in a studio, of one city, who were told what to
  play; and the words are the same for every emotion, so the text can tell nothing.
- Reference: S. R. Livingstone and F. A. Russo, "The Ryerson Audio-Visual Database of Emotional Speech and Song",
  PLoS ONE 13(5), e0196391, 2018; https://zenodo.org/record/1188976.
"""

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
INTENSITIES = ("normal", "strong")
SENTENCES = ("Kids are talking by the door", "Dogs are sitting by the door")
VALENCE = {"neutral": "neutral", "happy": "positive", "calm": "positive", "surprised": ""}  # surprise is neither
STEM = re.compile(r"0[13]-01-(0[1-8])-(0[12])-(0[12])-(0[12])-([0-9]{2})")  # speech; 01 with the video, 03 sound alone
FACES = "face_action_units.npz"
N_UNITS = 35
DAMAGE = (ValueError, TypeError, KeyError, AttributeError, OSError, EOFError, RuntimeError, MemoryError, zlib.error,
          zipfile.BadZipFile)  # what numpy raises for an archive that is broken or another  # fmt: skip


def open_takes(folder: Path, text: bool = False, takes: str = "audio") -> Dataset:
    """Read the takes in order of actor and file name; faces are joined by the take's numbers.

    Parameters
    ----------
    text : whether the spoken sentence is a modality too.
    takes : "audio", those with a recording; "all", also those of which only the face is here.

    Raises
    ------
    DataError : no take is there, or the face values are damaged.
    """
    if takes not in ("audio", "all"):
        raise ParameterError(f"takes is {takes!r}; it can be 'audio' or 'all'")
    media: dict[str, dict[Modality, Source]] = {}
    for actor in _actor_folders(folder):
        for file in media_files(actor):
            if STEM.fullmatch(file.stem):
                media["03" + file.stem[2:]] = {"audio": file}
    for stem, face in _faces(folder / FACES).items():
        if stem in media or takes == "all":
            media.setdefault(stem, {})["face"] = face
    if not media:
        raise DataError(f"{folder} holds no take such as Actor_01/03-01-01-01-01-01-01.wav: unpack the archive there")
    stems = sorted(media, key=lambda stem: (stem[-2:], stem))
    return Dataset([_row(stem, media[stem], text) for stem in stems], "ravdess")


def _row(stem: str, media: dict[Modality, Source], text: bool) -> Row:
    """A take as a row: its numbers say everything."""
    _, _, emotion, intensity, sentence, repetition, actor = map(int, stem.split("-"))
    label, words = EMOTIONS[emotion - 1], SENTENCES[sentence - 1]
    meta = {
        "intensity": INTENSITIES[intensity - 1],
        "sentence": words,
        "repetition": str(repetition),
        "gender": "male" if actor % 2 else "female",
        "valence": VALENCE.get(label, "negative"),
        "fold": str((actor - 1) // 3 + 1),
        "language": "en",
    }
    return Row(stem, media | ({"text": words} if text else {}), label, f"actor {actor:02d}", meta=meta)


def _faces(path: Path) -> dict[str, np.ndarray]:
    """The face values (35,) float32 of each take, by the stem of its recording; none where the file is absent."""
    if not path.is_file():
        return {}
    try:
        with np.load(path, allow_pickle=False) as file:
            keys, values = file["keys"].astype(str), file["au"].astype(np.float32)
    except DAMAGE as error:
        raise DataError(
            f"{path} is damaged or holds no arrays 'keys' and 'au': get it again, or move it away"
        ) from error
    if keys.ndim != 1 or values.shape != (len(keys), N_UNITS):
        raise DataError(f"{path} has {keys.shape} keys and values {values.shape}; (n,) and (n, {N_UNITS}) are needed")
    if not np.isfinite(values).all():
        raise DataError(f"{path} holds values that are not finite (NaN or infinity): get it again, or move it away")
    return {"03" + str(key)[2:]: face for key, face in zip(keys, values, strict=True) if STEM.fullmatch(str(key))}


def _actor_folders(folder: Path) -> list[Path]:
    return [inner for inner in class_folders(folder) if re.fullmatch(r"Actor_[0-9]{2}", inner.name)]


SET = KnownSet(
    name="ravdess",
    about="actors speak two sentences in eight emotions: voice, and face values where they lie beside it",
    card=CARD,
    open=open_takes,
    fits=lambda folder: folder.is_dir() and bool(_actor_folders(folder)),
    by_hand="the folders Actor_01 to Actor_24 of RAVDESS (Audio_Speech_Actors_01-24.zip)",
    note="actors who play emotions in a studio, two sentences",
)
