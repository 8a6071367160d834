"""SST-2: sentences from film reviews, negative or positive."""

from __future__ import annotations

from pathlib import Path

from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.known import KnownSet
from mmteach.datasets.tables import read_plain_tsv, require_no_problems
from mmteach.errors import DataError

CARD = """\
# SST-2: sentences from film reviews

6,920 / 872 / 1,821 English sentences (train / dev / test) from film reviews, negative or positive; the neutral ones
of the Stanford Sentiment Treebank are left out.

- Layout: `train.tsv`, `dev.tsv`, `test.tsv`, each line `sentence<TAB>label` with 0 negative and 1 positive. dev is
  our val. Signs stand apart from words (`it 's`), all is in small letters, and some accents were lost.
- GLUE's SST-2 has the same file names and another content: a header, phrases in training, and no labels in its test.
  It is recognised; then its dev part tests, and the note says so.
- Two test sentences stand in train too: `drop_duplicates` leaves the test part as it was published.
- Terms: none stated with this copy; for research.
- Cannot teach: how people speak. These are written by film critics, around 2000; and a sentence is judged alone,
  though its author had the whole review to say it in.
- References: R. Socher and others, "Recursive deep models for semantic compositionality over a sentiment treebank",
  EMNLP 2013; B. Pang and L. Lee, "Seeing stars", ACL 2005.
"""

LABELS = {"0": "negative", "1": "positive"}
PARTS = {"train": "train", "dev": "val", "test": "test"}
GLUE_PARTS = {"train": "train", "dev": "test"}
GLUE_HEADER = ["sentence", "label"]
GLUE_NOTE = "GLUE's SST-2: phrases in training; the labels of its test are kept back, so its dev part is the test"


def open_parts(folder: Path) -> Dataset:
    """Read the three parts, or GLUE's two that have labels.

    Raises
    ------
    DataError : a part is missing, or lines of it are bad.
    """
    lines = {part: read_plain_tsv(folder / f"{part}.tsv") for part in ("train", "dev")}
    glue = lines["train"][0][1] == GLUE_HEADER
    if glue:
        lines = {part: numbered[1:] for part, numbered in lines.items()}
    else:
        lines["test"] = read_plain_tsv(folder / "test.tsv")
    parts = GLUE_PARTS if glue else PARTS
    rows = [row for part in lines for row in _rows(folder / f"{part}.tsv", lines[part], parts[part])]
    return Dataset(rows, "sst2", note=GLUE_NOTE if glue else "")


def _rows(path: Path, lines: list[tuple[int, list[str]]], split: str) -> list[Row]:
    """One part's rows."""
    rows, problems = [], []
    for number, cells in lines:
        if len(cells) != 2 or cells[1].strip() not in LABELS or not cells[0].strip():
            problems.append(f"line {number}: a sentence, a tab and 0 or 1 are needed; {' | '.join(cells)[:60]!r} came")
            continue
        label = LABELS[cells[1].strip()]
        meta = {"valence": label, "language": "en"}
        where = f"{path.name} line {number}"
        rows.append(Row(f"{path.stem}/{number}", {"text": cells[0].strip()}, label, None, split, meta, where))
    require_no_problems(path, problems)
    if not rows:
        raise DataError(f"{path} holds no sentence: get it again")
    return rows


SET = KnownSet(
    name="sst2",
    about="9,613 sentences from film reviews, English, negative or positive",
    card=CARD,
    open=open_parts,
    fits=lambda folder: all((folder / f"{part}.tsv").is_file() for part in PARTS),
    by_hand="train.tsv, dev.tsv and test.tsv of SST-2, each line a sentence, a tab and 0 or 1,",
    note="sentences by film critics",
)
