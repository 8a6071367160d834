"""The case of sentiment on sets of tones and short sentences: its protocol, its report, its honesty."""

from dataclasses import replace

import numpy as np
import pytest

from mmteach import datasets
from mmteach.cases import sentiment
from mmteach.datasets import Dataset, Row
from mmteach.errors import DataError, ParameterError
from tests.cases.conftest import changed, spoken


def values(report):
    return {row.model: row.value for row in report.rows}


@pytest.fixture(scope="module")
def both():
    return spoken()


@pytest.fixture(scope="module")
def report(both):
    return sentiment.evaluate(both)


def test_majority_each_modality_and_all_together_stand_side_by_side(report):
    assert [row.model for row in report.rows] == ["majority", "audio", "text", "fused"]
    for row in report.rows:
        assert row.ci95[0] <= row.value <= row.ci95[1]
        assert row.further["n"] == 48
        assert row.metric == "accuracy"
        assert row.seconds >= 0
    assert all(row.seconds > 0 for row in report.rows[1:])
    assert report.seconds > 0
    assert (report.case, report.task, report.protocol, report.data) == ("sentiment", "classify", "folds5", "spoken")


def test_what_can_be_learnt_is_learnt(report):
    found = values(report)
    assert found["majority"] == pytest.approx(0.5, abs=0.05)
    assert min(found["audio"], found["text"], found["fused"]) > 0.9


def test_no_speaker_tested_is_ever_trained_on(both, watched):
    sentiment.evaluate(both, epochs=1)
    folds = sentiment.plan_for(both).folds
    assert len(watched) == 3 * len(folds)  # two single models and the fused one
    tested = [set(both.groups[fold.test]) for fold in folds]
    assert set.union(*tested) == set(both.groups)
    for i, (_, train, val) in enumerate(watched):
        trained_on, stopped_by = {s.group for s in train}, {s.group for s in val}
        assert not (trained_on | stopped_by) & tested[i // 3]
        assert not trained_on & stopped_by


def test_nothing_is_fitted_outside_the_training_part(both, watched):
    """Each text has a word of its own: a vocabulary says whose texts it was made from. So does a mean."""
    sentiment.evaluate(both, epochs=1)
    for made, train, _ in watched:
        if "text" in made.branches:
            known = {word for word in made.branches["text"].extractor.vocabulary if word.isdigit()}
            assert known == {s.media["text"].split()[-1] for s in train}
        if "audio" in made.branches:
            branch = made.branches["audio"]
            heard = branch.extractor([branch.clean(s) for s in train])
            np.testing.assert_allclose(branch.scale.mean, heard.mean(axis=0), rtol=1e-4, atol=1e-4)


def test_the_same_seed_gives_the_same_numbers():
    hard = changed(spoken(), lambda i, row: replace(row, label=("glad", "low")[(i * 7 // 3) % 2]))
    first, again, other = (sentiment.evaluate(hard, "folds2", epochs=3, seed=seed) for seed in (3, 3, 4))
    assert values(first) == values(again)
    assert [r.further for r in first.rows] == [r.further for r in again.rows]
    assert values(first) != values(other)


@pytest.mark.parametrize("modality", ["text", "audio"])
def test_one_modality_is_one_row_and_nothing_is_fused(modality):
    found = sentiment.evaluate(spoken(modalities=(modality,)), "folds3")
    assert [row.model for row in found.rows] == ["majority", modality]
    assert found[modality].value > 0.9
    assert f"One modality, {modality}: there is nothing to fuse." in found.to_text()


def test_further_vectors_are_modalities_too():
    found = sentiment.evaluate(spoken(modalities=("audio", "face", "text")), "folds2", epochs=20)
    assert [row.model for row in found.rows] == ["majority", "audio", "face", "text", "fused"]
    assert found["face"].value > 0.9


def test_samples_that_lack_a_modality_count_in_every_row(both):
    """Who lacks it gets no answer, which is wrong; the fused model answers by the other modality."""
    lacking = ["text", "audio", "", ""]

    def lack(i, row):
        without = lacking[i // 2 % 4]  # of both moods equally many
        return replace(row, media={m: v for m, v in row.media.items() if m != without})

    found = sentiment.evaluate(changed(both, lack), "folds3")
    assert all(row.further["n"] == 48 for row in found.rows)
    assert found["text"].value <= 0.75
    assert found["audio"].value <= 0.75
    assert found["fused"].value > 0.9


def test_copies_are_dropped_and_counted(watched):
    texts = spoken(modalities=("text",))
    first = texts.rows[0]
    copies = [Row("copy 1", {"text": first.media["text"].upper()}, first.label, "somebody else")]
    copies += [Row("copy 2", first.media, first.label, "yet another")]
    found = sentiment.evaluate(Dataset([*texts.rows, *copies], "texts"), epochs=1)
    assert "2 of 50 texts dropped" in found.note
    assert found["text"].further["n"] == 48
    for _, train, val in watched:
        heard = [s.media["text"].casefold() for s in [*train, *val]]
        assert len(heard) == len(set(heard))


def test_copies_of_recordings_are_dropped_and_counted(on_disk):
    voices = spoken(4, 2, ("audio",))
    copy = replace(voices.rows[0], id="copy", group="somebody else")
    path = on_disk(Dataset([*voices.rows, copy], "voices"))
    found = sentiment.evaluate(datasets.load(path), epochs=1)
    assert "1 of 17 recordings dropped" in found.note
    assert found["audio"].further["n"] == 16


def test_a_composed_set_says_that_it_is_composed(watched):
    words, voices = spoken(modalities=("text",), name="words"), spoken(4, modalities=("audio",), name="voices")
    composed = datasets.pair(words, voices, n_blocks=4)
    found = sentiment.evaluate(composed, epochs=1)
    assert "composed: texts of words with voices of voices" in found.note
    assert "nobody ever said these words so" in found.to_text()
    blocks = [fold.test for fold in sentiment.plan_for(composed).folds]
    assert len(blocks) == 4
    for i, (_, train, _) in enumerate(watched):
        test = composed.subset(blocks[i // 3]).rows
        for column in ("speaker", "text_id"):
            assert not {s.meta[column] for s in train} & {row.meta[column] for row in test}


def test_normalising_by_group_takes_away_what_is_the_speakers_own():
    """Each face has its own offset, far larger than what the mood does to it."""
    offset = np.random.default_rng(1).normal(0, 20, (6, 1))
    faces = changed(spoken(modalities=("face",)), lambda i, row: moved(row, offset[i // 8]))
    plain, within = (sentiment.evaluate(faces, "folds3", normalise_by_group=g) for g in (False, True))
    assert within["face"].value > 0.9
    assert within["face"].value > plain["face"].value + 0.1


def moved(row, offset):
    return replace(row, media={"face": (row.media["face"] + offset).astype(np.float32)})


def test_normalising_by_group_needs_groups(both):
    alone = changed(both, lambda i, row: replace(row, group=None))
    with pytest.raises(ParameterError, match="has no groups to standardise within: leave normalise-by-group out"):
        sentiment.evaluate(alone, normalise_by_group=True)
    assert sentiment.evaluate(alone, "folds2", epochs=1)["fused"].further["n"] == 48


def test_texts_are_not_standardised(both):
    branches = sentiment.pipeline(both, normalise_by_group=True).branches
    assert (branches["audio"].scale.by, branches["text"].scale) == ("group", None)


def test_a_set_of_pictures_gets_a_sentence():
    rows = [Row(str(i), {"image": np.zeros((8, 8), np.uint8)}, "ab"[i % 2]) for i in range(8)]
    with pytest.raises(DataError, match="has image; sentiment needs text, audio or vectors"):
        sentiment.evaluate(Dataset(rows, "photos"))
