"""The handwritten digits that come with scikit-learn: real, small, and always at hand."""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path

import numpy as np

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.known import KnownSet
from mmteach.errors import DataError

CARD = """\
# digit_images: handwritten digits, 8 x 8

1,797 grey pictures of the digits 0 to 9 (174 to 183 of each), written by real people. They lie in scikit-learn itself
(`sklearn.datasets.load_digits`), so that nothing has to be fetched. Each number of a picture, 0 to 16, counts the ink
in a square of 4 x 4 dots of the scan; here 0 to 255, ink bright on black.

- Layout: `digits.csv.gz`: 64 numbers and the digit in each line. Label: the digit.
- **Groups: unknown.** The set is the test part of its publisher's; 13 people wrote it, and the file does not say who
  wrote what. So pictures are split at random, the same hands stand in training and test, and a score here says how well
  digits of known hands are read. Another person's may be read less well.
- Terms: CC BY 4.0 at the UCI Machine Learning Repository; scikit-learn, which hands the file on, is under BSD-3-Clause.
- Cannot teach: anything that needs more than 64 pixels, other people's hands, or a digit beside others.
- Reference: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning Repository,
  1998, https://doi.org/10.24432/C50P49.
"""

FILE = "digits.csv.gz"
SIDE = 8  # pixels
INK = 16  # dots of ink in the fullest square


def open_table(folder: Path) -> Dataset:
    """Read scikit-learn's file.

    Raises
    ------
    DataError : it is damaged or another file.
    """
    path = folder / FILE
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            table = np.loadtxt(file, delimiter=",", ndmin=2)
    except (OSError, EOFError, ValueError) as error:
        raise DataError(f"{path} is damaged or another file: install scikit-learn again, or copy its file") from error
    if table.shape[1] != SIDE * SIDE + 1 or table.min() < 0 or table.max() > INK:
        raise DataError(f"{path} holds rows of {table.shape[1]} numbers, {table.min():g} to {table.max():g}; 65 needed")
    pixels = np.round(table[:, :-1] * (255 / INK)).astype(np.uint8).reshape(-1, SIDE, SIDE)
    digits = table[:, -1].astype(int)
    return Dataset(
        (
            Row(f"{i:04d}", {"image": one}, str(digit))
            for i, (one, digit) in enumerate(zip(pixels, digits, strict=True))
        ),
        "digit_images",
    )


def _inside_scikit_learn() -> list[Path]:
    """Where scikit-learn keeps its own pictures; it is found without being imported."""
    spec = importlib.util.find_spec("sklearn")
    return [Path(place) / "datasets" / "data" for place in (spec and spec.submodule_search_locations) or ()]


SET = KnownSet(
    name="digit_images",
    about="1,797 handwritten digits, 8 x 8 grey, inside scikit-learn",
    card=CARD,
    open=open_table,
    fits=lambda folder: (folder / FILE).is_file(),
    by_hand=f"{FILE} of scikit-learn",
    elsewhere=_inside_scikit_learn,
    comes_along=True,
    note="real handwriting of 13 people, who wrote what is not known: split at random",
)
