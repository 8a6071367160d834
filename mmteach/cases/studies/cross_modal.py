"""Cross-modal learning: pictures and sounds of the same things in one space, and what can be found there.

Training sees pairs; which class a pair is of it is told only where false negatives are to be avoided (`alike`). In the
test part, of other groups, each picture asks for sounds and each sound for pictures. A hit is an answer of the same
class; that the two were put together as a pair counts for nothing, since they never belonged to each other more closely
than that.

The pairs are those of `cases.digits`. Read this file from top to bottom: branches, pipeline, space, watch it learn,
name classes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from mmteach.batch import collate
from mmteach.datasets import Dataset, Fold
from mmteach.errors import DataError
from mmteach.features import Pixels, WordPicture, standardise_within_group
from mmteach.infer import Interval, Retrieval, accuracy, both_ways, embed_space, name_by_other_side, wilson_interval
from mmteach.models import SharedSpace
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Resample, Standardise, Trim
from mmteach.preprocess.augment import RandomView
from mmteach.train import Recipe, SpaceEpoch, train_space
from mmteach.types import Batch, Modality, Sample, Waveform

DIM = 32  # of the space
TURNED = RandomView(rotate=8, scale=0.1, shift=0.05, mirror=0, light=0.1)  # another hand
WARPED = RandomView(rotate=2, scale=0.1, shift=0.05, mirror=0, light=0.1, cover=0.25)  # another voice, another speed


class CoarseWord(WordPicture):
    """Words as small pictures: 20 bands by 12 moments, each the mean over 2 bands and 4 moments of a finer one.

    One channel, with the balance of high and low; what is the speaker's in it is taken away later, see
    `within_speaker`.
    """

    name = "coarse_word"

    def __init__(self) -> None:
        super().__init__(n_mels=40, n_steps=48, top_db=50.0)

    def params(self) -> dict[str, Any]:
        """Nothing can be chosen."""
        return {}

    def __call__(self, media: Iterable[Waveform]) -> np.ndarray:
        """N recordings -> (N, 1, 20, 12)."""
        x = super().__call__(media)[:, 0]  # (N, 40, 48)
        return x.reshape(len(x), 1, 20, 2, 12, 4).mean(axis=(3, 5))


def branches() -> dict[Modality, Branch]:
    """Pictures, and words as small pictures of sound, warped in training: a perceptron for each.

    Words are trimmed closely, to 16 ms: they are stretched to one length, and silence would be stretched with them.
    """
    steps = (Resample(8000), Trim(top_db=25, frame_length=512, hop_length=128))
    see = {"name": "mlp", "dim": 64, "dropout": 0.1}
    hear = {"name": "mlp", "hidden": 512, "dim": 64, "dropout": 0.4}
    return {
        "image": Branch("image", Pixels(), (Standardise(),), encoder=see, augment=TURNED),
        "audio": Branch("audio", CoarseWord(), steps, encoder=hear, augment=WARPED),
    }


def pipeline(epochs: int = 40, seed: int = 0) -> Pipeline:
    """Make the pipeline, not yet trained; batches of 32 pairs give each pair 31 wrong answers."""
    recipe = Recipe(epochs=epochs, batch_size=32, learning_rate=3e-3, weight_decay=0.05, seed=seed)
    return Pipeline(branches(), recipe=recipe)


def within_speaker(batch: Batch, samples: Sequence[Sample], modality: Modality = "audio") -> Batch:
    """Standardise what each speaker said by all of that speaker's own samples in this part, without their labels.

    It takes away what is the speaker's and the microphone's. It assumes that several clips of a new speaker are at hand
    before the first is asked about; a speaker with fewer than 3 is left as is.
    """
    x = batch.x[modality]
    who = [str(s.meta.get("speaker") or s.group) for s in samples]
    flat, _ = standardise_within_group(x.flatten(1).numpy(), who)
    return batch._replace(x={**batch.x, modality: torch.from_numpy(flat).view_as(x)})


def parts(dataset: Dataset, fold: Fold) -> tuple[list[Sample], list[Sample]]:
    """Training pairs and test pairs of a split; nothing is chosen on a validation part, so it is trained on too."""
    return [dataset[int(i)] for i in (*fold.train, *fold.val)], [dataset[int(i)] for i in fold.test]


@dataclass(frozen=True)
class Journey:
    """A space while it was learnt: where each test sample lay before training and after every epoch.

    Parameters
    ----------
    samples : the test part; each holds both media.
    y : np.ndarray [shape=(N,)], their classes.
    places : for each epoch, 0 before training, {modality: (N, E) of unit length}.
    epochs : losses, scale and seconds, from epoch 1.
    space : as it is in the end.
    note : what was trained on what.
    """

    samples: Sequence[Sample]
    y: np.ndarray
    places: Sequence[Mapping[Modality, np.ndarray]]
    epochs: Sequence[SpaceEpoch]
    space: SharedSpace
    note: str = ""

    def retrieval(self, epoch: int = -1) -> dict[str, Retrieval]:
        """Both directions, after an epoch; by default the last."""
        places = self.places[epoch]
        return both_ways(places, dict.fromkeys(places, self.y))

    @property
    def seconds(self) -> float:
        """What training took."""
        return sum(row.seconds for row in self.epochs)


def make_space(pipeline: Pipeline, train: Sequence[Sample], dim: int = DIM) -> tuple[SharedSpace, Batch]:
    """Fit a pipeline's steps on the training part, and build a space out of its encoders, fresh.

    Returns
    -------
    space, batch : the batch is the training part, ready for `train_space`.
    """
    batch, _ = pipeline.prepare(train)
    _, model = pipeline.fitted()
    torch.manual_seed(pipeline.recipe.seed)
    return SharedSpace(dict(zip(model.modalities, model.encoders, strict=True)), dim), batch


def watch(
    pipeline: Pipeline,
    train: Sequence[Sample],
    test: Sequence[Sample],
    alike: str = "wrong",
    by_speaker: bool = True,
    progress: Callable[[SpaceEpoch], object] | None = None,
) -> Journey:
    """Learn a space from the training pairs, and note after each epoch where the test samples lie.

    Parameters
    ----------
    pipeline : of the two modalities; its recipe says for how long, and its branches how training media are changed.
    test : of groups that are not in the training part.
    alike : how other pairs of the same class count, see `train.info_nce`.
    by_speaker : standardise sounds as in `within_speaker`.
    progress : called after each epoch.
    """
    both = {s.group for s in train if s.group} & {s.group for s in test if s.group}
    if both:
        raise DataError(f"group {min(both)!r} is in training and in the test: divide the set by group first")
    space, batch = make_space(pipeline, train)
    spec, _ = pipeline.fitted()
    asked = collate(pipeline.extract(test), spec.shapes)
    if by_speaker:
        batch, asked = within_speaker(batch, train), within_speaker(asked, test)
    places, epochs = [embed_space(space, asked)], []
    for row in train_space(space, batch, None, pipeline.recipe, alike, pipeline.augment):
        epochs.append(row)
        places.append(embed_space(space, asked))
        if progress is not None:
            progress(row)
    y = np.array([str(s.label) for s in test])
    return Journey(test, y, places, epochs, space, _note(train, test))


def _note(train: Sequence[Sample], test: Sequence[Sample]) -> str:
    n = len({s.meta.get("speaker", s.group) for s in test})
    return f"{len(train)} pairs for training; {len(test)} to test, of {n} other speaker{'s' if n > 1 else ''}"


@dataclass(frozen=True)
class Named:
    """Classes named by examples of the other side.

    Parameters
    ----------
    queries, by : modality that is named, and the one whose examples name it.
    accuracy, ci95, chance : over all queries.
    """

    queries: Modality
    by: Modality
    accuracy: float
    ci95: Interval
    chance: float


def zero_shot(journey: Journey, epoch: int = -1) -> Iterator[Named]:
    """Name each side's samples by the mean directions of the other side's classes, see `infer.name_by_other_side`."""
    places = journey.places[epoch]
    for queries, by in (sorted(places), sorted(places, reverse=True)):
        cosines, classes = name_by_other_side(places[queries], places[by], journey.y)
        said = np.array(classes)[cosines.argmax(axis=1)]
        right = int((said == journey.y).sum())
        found = wilson_interval(right, len(said))
        yield Named(queries, by, accuracy(journey.y, said), found, 1 / len(classes))
