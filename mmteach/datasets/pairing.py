"""A set of texts or pictures and a set of recordings -> one set of both, paired by what they share.

Vielzeuf and others composed AV-MNIST so: a picture of a digit with somebody's recording of the same digit. What is
learnt from such a set is how two modalities add up when each is uncertain by itself; how one person's words and voice
belong together is not in it.

References
----------
V. Vielzeuf, A. Lechervy, S. Pateux and F. Jurie, "CentralNet: a multilayer approach for multimodal fusion",
ECCV Workshops, 2018 (AV-MNIST).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mmteach.datasets.composed import NOUNS, composed_card, composed_sentence
from mmteach.datasets.dataset import Dataset, Row
from mmteach.datasets.duplicates import drop_duplicates
from mmteach.datasets.splits import deal, group_names
from mmteach.errors import DataError, ParameterError
from mmteach.types import Modality


class Side(NamedTuple):
    """One of the two sets, made ready: labelled by what is shared, with no copies.

    Parameters
    ----------
    remarks : what was left out of it, in words.
    """

    dataset: Dataset
    remarks: list[str]


def pair(
    text_set: Dataset,
    audio_set: Dataset,
    by: str = "valence",
    conflict: float = 0.0,
    follow: str = "text",
    n_blocks: int = 6,
    times: int = 3,
    seed: int = 0,
    keep: Sequence[Modality] = (),
) -> Dataset:
    """Give each text, or each picture of a set without texts, a voice that shares its value; say that it is composed.

    The groups of both sides (a text's group, or the text by itself; the speaker) are dealt into blocks, and texts meet
    voices of their own block only: a model that trained on other blocks has met neither the texts nor the speakers of
    a tested one. So the block is the group of a row and its published fold. Each text is used once or not at all, each
    clip about as often as the others of its block and value, and within a block every value has as many pairs.

    Parameters
    ----------
    by : "label" or a meta column that both sets have.
    conflict : share of the pairs in [0, 1] whose voice carries another value than the text.
    follow : "text" or "audio": whose value is the label where they differ. A picture counts as a text.
    n_blocks : at least 2; fewer are made where there are too few speakers.
    times : each clip is used at most so often (with conflicts a few more). One clip under ever more texts is no new
        evidence, and the more texts there are, the stronger the words become beside the voice.
    keep : further modalities of the audio set, as in ("face",).

    Raises
    ------
    ParameterError : a parameter is outside its range, or names what the sets do not have.
    DataError : the sets share no two values, or too few speakers for 2 blocks.
    """
    _require_parameters(conflict, follow, n_blocks, times)
    kept = (keep,) if isinstance(keep, str) else keep
    first = "image" if "image" in text_set.modalities and "text" not in text_set.modalities else "text"
    texts, voices = _common(_side(text_set, first, by), _side(audio_set, "audio", by, kept), by)
    rng = np.random.default_rng(seed)
    text_block, voice_block = _blocks(texts.dataset, voices.dataset, n_blocks, by, rng)
    used = _as_many(texts.dataset, voices.dataset, text_block, voice_block, times, rng)
    chosen, text_block = texts.dataset.subset(used), text_block[used]
    clips = _clips(chosen, voices.dataset, text_block, voice_block, conflict, rng)
    rows = [
        _row(text, voices.dataset.rows[clip], block + 1, by, first, follow == "audio")
        for text, clip, block in zip(chosen.rows, clips, text_block, strict=True)
    ]
    said = composed_sentence(text_set.name, audio_set.name, by, first)
    if conflict:
        n = sum(row.meta["conflict"] == "yes" for row in rows)
        whose = "audio" if follow == "audio" else first
        said += f"; in {n:,} of {len(rows):,} pairs the voice carries another {by}, the label is the {whose}'s"
    if len(chosen) < len(texts.dataset):
        often = f"no clip more than {times} time{'s' if times > 1 else ''}"
        texts.remarks.append(f"{len(chosen):,} of {len(texts.dataset):,} {NOUNS[first]} are used, {often}")
    n_made = text_block.max() + 1
    fewer = [f"{n_made} blocks instead of {n_blocks}, for want of speakers"] if n_made < n_blocks else []
    return Dataset(
        rows,
        f"{text_set.name}+{audio_set.name}",
        card=composed_card(said, (text_set.name, text_set.card), (audio_set.name, audio_set.card)),
        synthetic=text_set.synthetic or audio_set.synthetic,
        note="; ".join([said, *fewer, *texts.remarks, *voices.remarks]),
    )


def _require_parameters(conflict: float, follow: str, n_blocks: int, times: int) -> None:
    if not 0 <= conflict <= 1:
        raise ParameterError(f"conflict is {conflict}; it is a share of the pairs: give a number from 0 to 1")
    if follow not in ("text", "audio"):
        raise ParameterError(f"follow is {follow!r}; it can be 'text' or 'audio'")
    if n_blocks < 2:
        raise ParameterError(f"n_blocks is {n_blocks}; 2 or more are needed, one of them to test")
    if times < 1:
        raise ParameterError(f"times is {times}; each clip must be used at least once: give 1 or more")


def _side(dataset: Dataset, modality: Modality, by: str, keep: Sequence[Modality] = ()) -> Side:
    """Keep the rows that have the modality and a value, labelled by the value; drop copies."""
    for needed in (modality, *keep):
        if needed not in dataset.modalities:
            listed = ", ".join(dataset.modalities)
            raise ParameterError(f"set '{dataset.name}' has no {needed} (it has {listed}): choose another set")
    if by != "label" and not any(row.meta.get(by) for row in dataset.rows):
        raise ParameterError(f"set '{dataset.name}' has no column {by!r} to pair by: choose another, or by='label'")
    name, wanted = dataset.name, {modality, *keep}
    kept, n_without = [], {modality: 0, by: 0}
    for row in dataset.rows:
        value = row.label if by == "label" else str(row.meta.get(by) or "")
        if modality in row.media and value:
            media = {kind: source for kind, source in row.media.items() if kind in wanted}
            kept.append(Row(row.id, media, value, row.group, None, row.meta, row.where))
        else:
            n_without[by if modality in row.media else modality] += 1
    remarks = [f"{n:,} of {len(dataset):,} rows of {name} have no {what}" for what, n in n_without.items() if n]
    if any(row.split for row in dataset.rows):
        remarks.append(f"the published split of {name} is set aside")
    distinct, sentence = drop_duplicates(Dataset(kept, name))
    return Side(distinct, [*remarks, f"{name}: {sentence}"] if sentence else remarks)


def _common(texts: Side, voices: Side, by: str) -> tuple[Side, Side]:
    """Keep the values that stand on both sides."""
    shared = set(texts.dataset.classes) & set(voices.dataset.classes)
    if len(shared) < 2:
        listed = [", ".join(side.dataset.classes) or "none" for side in (texts, voices)]
        raise DataError(
            f"'{texts.dataset.name}' and '{voices.dataset.name}' share {len(shared)} values of {by}, 2 are needed "
            f"(texts have {listed[0]}; voices have {listed[1]}): pair by another column, or other sets"
        )
    return _only(texts, shared), _only(voices, shared)


def _only(side: Side, values: set[str]) -> Side:
    inside = [i for i, row in enumerate(side.dataset.rows) if row.label in values]
    others = sorted(set(side.dataset.classes) - values)
    if not others:
        return side
    n_out = len(side.dataset) - len(inside)
    said = f"{n_out:,} rows of {side.dataset.name} are left out, the other side has no {', '.join(others)}"
    return Side(side.dataset.subset(inside), [*side.remarks, said])


def _blocks(
    texts: Dataset, voices: Dataset, n_blocks: int, by: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """The block of each text and of each clip, np.ndarray [shape=(n,), int]; every block has voices of every value."""
    n_groups = [len(set(group_names(side).tolist())) for side in (texts, voices)]
    for n in range(min(n_blocks, *n_groups), 1, -1):
        text_block, voice_block = (deal(side, np.arange(len(side)), (1 / n,) * n, rng) for side in (texts, voices))
        spoken = {(block, value) for block, value in zip(voice_block, voices.labels, strict=True)}
        if len(spoken) == n * len(voices.classes):
            return text_block, voice_block
    raise DataError(
        f"'{texts.name}' has {n_groups[0]} groups and '{voices.name}' {n_groups[1]} speakers; they cannot be dealt "
        f"into 2 blocks with every {by} in each: pair sets with more speakers"
    )


def _as_many(
    texts: Dataset,
    voices: Dataset,
    text_block: np.ndarray,
    voice_block: np.ndarray,
    times: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Which texts are used: in each block as many of every value, and no clip more than `times` times."""
    used = []
    for block in range(text_block.max() + 1):
        clips = voices.labels[voice_block == block]
        own = [np.flatnonzero((text_block == block) & (texts.labels == value)) for value in texts.classes]
        n = min(min(len(o), times * int((clips == v).sum())) for o, v in zip(own, texts.classes, strict=True))
        used += [rng.permutation(o)[:n] for o in own]
    return np.sort(np.concatenate(used))


def _clips(
    texts: Dataset,
    voices: Dataset,
    text_block: np.ndarray,
    voice_block: np.ndarray,
    conflict: float,
    rng: np.random.Generator,
) -> np.ndarray:
    """The position of the clip of each text, np.ndarray [shape=(n,), int], block by block."""
    chosen = np.zeros(len(texts), dtype=int)
    for block in range(text_block.max() + 1):
        ours, theirs = np.flatnonzero(text_block == block), np.flatnonzero(voice_block == block)
        wanted = _contradict(texts.labels[ours], texts.classes, conflict, rng)
        chosen[ours] = theirs[_spread(wanted, voices.labels[theirs], rng)]
    return chosen


def _contradict(values: np.ndarray, classes: Sequence[str], share: float, rng: np.random.Generator) -> np.ndarray:
    """The value that each text's voice shall carry: the text's own, but another one for a share of the texts."""
    wanted = values.copy()
    for i in rng.permutation(len(values))[: round(share * len(values))]:
        wanted[i] = rng.choice([value for value in classes if value != values[i]])
    return wanted


def _spread(wanted: np.ndarray, offered: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """For each wanted value the position of a clip that has it; all clips of a value are used equally often, +-1."""
    chosen = np.zeros(len(wanted), dtype=int)
    for value in np.unique(wanted):
        places, clips = np.flatnonzero(wanted == value), np.flatnonzero(offered == value)
        rounds = -(-len(places) // len(clips))
        often = np.concatenate([rng.permutation(clips) for _ in range(rounds)])[: len(places)]
        chosen[places] = rng.permutation(often)
    return chosen


def _row(text: Row, clip: Row, block: int, by: str, first: Modality, follow_audio: bool) -> Row:
    """One text or picture with one clip."""
    values = str(text.label), str(clip.label)
    meta = {
        f"{first}_{by}": values[0],
        f"audio_{by}": values[1],
        "conflict": "no" if values[0] == values[1] else "yes",
        f"{first}_id": text.id,
        "audio_id": clip.id,
        "speaker": clip.group or clip.id,
        "fold": str(block),
        "language": (clip if first == "image" else text).meta.get("language", ""),
    }
    media = {**clip.media, **text.media}
    return Row(f"{text.id}+{clip.id}", media, values[follow_audio], f"block {block}", None, meta)
