"""waimai: Chinese reviews of a food delivery service, negative or positive."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.duplicates import fold_text
from mmteach.datasets.known import KnownSet
from mmteach.datasets.tables import Line, read_table, require_no_problems
from mmteach.errors import DataError

CARD = """\
# waimai_10k: Chinese reviews of a food delivery service

11,987 short reviews by customers, 7,987 negative and 4,000 positive.

- Layout: `waimai_10k.csv` with the columns `label` (0 negative, 1 positive) and `review`, sorted by label.
- Split: the publisher gives none. The distinct reviews of each label are dealt to five folds with a fixed seed, so
  that everyone has the same; each fold is tested once, the other four train. Who wrote what is not known.
- Seven reviews occur twice, once under either label: `drop_duplicates` drops both copies.
- Terms: none stated; for research.
- Cannot teach: reading a mixed review, and much else, for the labels are the customers' stars and not what the words
  say; they are of one service, and two thirds are complaints.
- Reference: ChineseNlpCorpus, https://github.com/SophonPlus/ChineseNlpCorpus.
"""

TABLE = "waimai_10k.csv"
LABELS = {"0": "negative", "1": "positive"}
N_FOLDS, SEED = 5, 0


def open_reviews(folder: Path) -> Dataset:
    """Read the table and deal its reviews to folds.

    Raises
    ------
    DataError : the table is not the one, or lines of it are bad.
    """
    path = folder / TABLE
    names, lines = read_table(path, ("label", "review"))
    if not {"label", "review"} <= set(names):
        raise DataError(f"{path} has the columns {', '.join(names)}; label and review are needed: get it again")
    require_no_problems(path, [f"line {line.number}: {trouble}" for line in lines if (trouble := _trouble(line))])
    texts = [line.cells["review"] for line in lines]
    labels = [LABELS[line.cells["label"]] for line in lines]
    rows = [
        Row(f"review {line.number - 1}", {"text": text}, label, None, None,
            {"valence": label, "fold": fold, "language": "zh"}, f"{TABLE} line {line.number}")
        for line, text, label, fold in zip(lines, texts, labels, _folds(texts, labels), strict=True)
    ]  # fmt: skip
    return Dataset(rows, "waimai")


def _trouble(line: Line) -> str:
    """What is wrong with a line; "" if it is good."""
    if line.cells[""]:
        return "more cells than columns: put a review with commas in double quotes"
    if line.cells.get("label") not in LABELS:
        return f"the label is {line.cells.get('label', '')!r}; 0 or 1 is needed"
    return "" if line.cells.get("review") else "the review is empty"


def _folds(texts: list[str], labels: list[str]) -> list[str]:
    """Deal distinct reviews, label by label: copies of one text come into one fold."""
    keys = [fold_text(text) for text in texts]
    label_of: dict[str, str] = {}
    for key, label in zip(keys, labels, strict=True):
        label_of.setdefault(key, label)
    rng = np.random.default_rng(SEED)
    fold: dict[str, str] = {}
    for label in LABELS.values():
        distinct = [key for key in label_of if label_of[key] == label]
        for place, i in enumerate(rng.permutation(len(distinct))):
            fold[distinct[i]] = str(place % N_FOLDS + 1)
    return [fold[key] for key in keys]


SET = KnownSet(
    name="waimai",
    about="11,987 reviews of a food delivery service, Chinese, negative or positive",
    card=CARD,
    open=open_reviews,
    fits=lambda folder: (folder / TABLE).is_file(),
    by_hand=f"{TABLE} of ChineseNlpCorpus",
    note="customers' reviews, their stars as labels",
)
