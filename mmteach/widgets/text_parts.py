"""The texts of a set, divided into a training and a test part, few enough for a learner to wait."""

from __future__ import annotations

from collections.abc import Sequence

from mmteach.datasets import Dataset
from mmteach.errors import DataError
from mmteach.preprocess import Step, apply_steps
from mmteach.widgets.parts import divide, read_one

N_TRAIN, N_TEST = 4000, 500  # of a larger set so many are drawn


class TextParts:
    """Training and test texts of a set, no group on both sides.

    Attributes
    ----------
    train, test : texts, as they are in the set.
    y_train, y_test : np.ndarray of labels.
    ids, train_ids : of test and training part.
    majority : accuracy of always naming the commonest label; nan where the set has no labels.
    note : what was split from what.
    """

    def __init__(self, dataset: Dataset) -> None:
        train, test, self.majority, self.note = divide(dataset, "text", N_TRAIN, N_TEST)
        self.train, self.test = ([_text_of(dataset, i) for i in part] for part in (train, test))
        self.y_train, self.y_test = dataset.labels[train], dataset.labels[test]
        self.train_ids, self.ids = dataset.ids[train], dataset.ids[test]

    def cleaned(self, steps: Sequence[Step]) -> tuple[list[str], list[str]]:
        """Training and test texts after these steps."""
        train, test = ([apply_steps(text, steps) for text in part] for part in (self.train, self.test))
        return train, test


def _text_of(dataset: Dataset, at: int) -> str:
    """Read one text of a set.

    Raises
    ------
    DataError : the sample has none.
    """
    text = read_one(dataset, at, "text")
    if not isinstance(text, str):
        raise DataError(f"sample {dataset.ids[at]} of '{dataset.name}' has no text: leave it out")
    return text
