from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from mmteach.datasets import Dataset, Row, pair, plan
from mmteach.errors import DataError, ParameterError

MOODS = ("negative", "positive")


def text_set(n=120, moods=MOODS, split=None, group=None, **further):
    rows = [
        Row(f"t{i}", {"text": f"words {i}"}, str(i % 7), group and group(i), split,
            {"valence": moods[i % len(moods)], "language": "en"})
        for i in range(n)
    ]  # fmt: skip
    return Dataset(rows, "words", **further)


def voice_set(n_speakers=8, n_each=5, moods=(*MOODS, "neutral", ""), **further):
    rows = [
        Row(f"s{s}/{mood}{i}", {"audio": Path(f"s{s}{mood}{i}.wav"), "face": np.array([float(s)])}, "x", f"s{s}", None,
            {"valence": mood})
        for s in range(n_speakers) for mood in moods for i in range(n_each)
    ]  # fmt: skip
    return Dataset(rows, "voices", **further)


@pytest.fixture
def made():
    return pair(text_set(), voice_set(), n_blocks=4)


def test_each_text_meets_a_voice_of_its_value(made):
    assert made.name == "words+voices"
    assert [row.meta["text_id"] for row in made.rows] == [f"t{i}" for i in range(120)]
    assert len(set(made.ids.tolist())) == 120
    assert made.modalities == ("audio", "text")
    assert made.classes == MOODS
    for row in made.rows:
        assert row.label == row.meta["text_valence"] == row.meta["audio_valence"]
        assert row.meta["audio_valence"] in row.meta["audio_id"]
        assert row.meta["conflict"] == "no"
        assert row.meta["speaker"] == row.meta["audio_id"].partition("/")[0]
        assert row.media["audio"].name == row.meta["audio_id"].replace("/", "") + ".wav"
        assert row.group == f"block {row.meta['fold']}"
        assert row.split is None


def test_no_speaker_and_no_text_group_stands_in_two_blocks():
    made = pair(text_set(group=lambda i: f"author {i % 11}"), voice_set(), n_blocks=4)
    assert sorted(set(made.groups.tolist())) == ["block 1", "block 2", "block 3", "block 4"]
    for of in (lambda row: row.meta["speaker"], lambda row: int(row.meta["text_id"][1:]) % 11):
        blocks = {}
        for row in made.rows:
            blocks.setdefault(of(row), set()).add(row.group)
        assert max(map(len, blocks.values())) == 1
    for fold in plan(made, "classify").folds:
        speakers = [{made.rows[i].meta["speaker"] for i in part} for part in (fold.train, fold.test)]
        assert not speakers[0] & speakers[1]


def test_clips_are_used_equally_often(made):
    for block in set(made.groups.tolist()):
        for mood in MOODS:
            rows = [row for row in made.rows if row.group == block and row.meta["audio_valence"] == mood]
            count = Counter(row.meta["audio_id"] for row in rows)
            assert len(rows) >= 10
            assert max(count.values()) - min(count.values()) <= 1
            assert len(count) == 10


@pytest.mark.parametrize("follow", ["text", "audio"])
def test_conflicts_are_a_share_of_each_block(follow):
    made = pair(text_set(), voice_set(), conflict=0.2, follow=follow, n_blocks=4)
    for block in set(made.groups.tolist()):
        said = [row.meta["conflict"] for row in made.rows if row.group == block]
        assert said.count("yes") == round(0.2 * len(said))
    for row in made.rows:
        assert (row.meta["conflict"] == "yes") == (row.meta["text_valence"] != row.meta["audio_valence"])
        assert row.label == row.meta[f"{follow}_valence"]
    assert f"in 24 of 120 pairs the voice carries another valence, the label is the {follow}'s" in made.note


def test_all_or_three_values_can_conflict():
    made = pair(text_set(moods=(*MOODS, "neutral")), voice_set(), conflict=1.0)
    assert {row.meta["conflict"] for row in made.rows} == {"yes"}
    assert len({(row.meta["text_valence"], row.meta["audio_valence"]) for row in made.rows}) == 6


def test_the_seed_decides(made):
    again, other = (pair(text_set(), voice_set(), n_blocks=4, seed=seed) for seed in (0, 1))
    assert again.ids.tolist() == made.ids.tolist()
    assert other.ids.tolist() != made.ids.tolist()


def test_the_note_and_the_card_say_that_it_is_composed():
    made = pair(text_set(split="train", card="# Words\n\nmine", note="x"), voice_set(card=""))
    said = "composed: texts of words with voices of voices that share their valence; nobody ever said these words so"
    assert made.note.startswith(said)
    assert "the published split of words is set aside" in made.note
    assert "40 of 160 rows of voices have no valence" in made.note
    assert "40 rows of voices are left out, the other side has no neutral" in made.note
    assert made.card.startswith(f"# words+voices: a composed set\n\n**C{said[1:]}")
    assert "\n## Words\n" in made.card
    assert "Nobody wrote a card" in made.card
    assert not made.synthetic
    assert pair(text_set(synthetic=True), voice_set()).synthetic
    assert pair(text_set(), voice_set(synthetic=True)).synthetic


def test_copies_are_dropped_first():
    """Where copies contradict each other none is kept, for the published split is set aside."""
    copies = [("copy", "WORDS 0", "test", "negative"), ("opposite", "words 1", "test", "negative")]
    rows = [Row(id, {"text": text}, "0", None, split, {"valence": mood}) for id, text, split, mood in copies]
    made = pair(Dataset([*text_set(split="train").rows, *rows], "words"), voice_set())
    used = {row.meta["text_id"] for row in made.rows}
    assert "t1" not in used
    assert not used & {"copy", "opposite"}
    assert "words: 3 of 122 texts dropped" in made.note


def test_further_modalities_come_only_when_asked(made):
    assert "face" not in made.modalities
    for keep in (("face",), "face"):
        assert pair(text_set(), voice_set(), keep=keep).modalities == ("audio", "face", "text")
    with pytest.raises(ParameterError, match="'voices' has no lips"):
        pair(text_set(), voice_set(), keep=("lips",))


def test_by_label():
    voices = voice_set(moods=("1", "2", "9"))
    made = pair(text_set(), voices.relabel("valence"), by="label")
    assert made.classes == ("1", "2")
    assert all(row.meta["text_label"] == row.meta["audio_label"] for row in made.rows)


def test_few_speakers_make_fewer_blocks():
    made = pair(text_set(), voice_set(n_speakers=3))
    assert len(set(made.groups.tolist())) == 3
    assert "3 blocks instead of 6, for want of speakers" in made.note
    one_mood_each = Dataset([r for r in voice_set(n_speakers=4).rows if ("s0/n" in r.id or "s1/p" in r.id)], "voices")
    for voices in (voice_set(n_speakers=1), one_mood_each):
        with pytest.raises(DataError, match="cannot be dealt into 2 blocks with every valence in each"):
            pair(text_set(), voices)


def test_sets_that_do_not_fit():
    with pytest.raises(DataError, match=r"share 0 values of valence.*texts have good; voices have negative, neutral"):
        pair(text_set(moods=("good",)), voice_set())
    with pytest.raises(ParameterError, match="'voices' has no text"):
        pair(voice_set(), voice_set())
    with pytest.raises(ParameterError, match="'words' has no audio"):
        pair(text_set(), text_set())
    with pytest.raises(ParameterError, match="'words' has no column 'mood'"):
        pair(text_set(), voice_set(), by="mood")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"conflict": 1.1}, "from 0 to 1"),
        ({"conflict": -0.1}, "from 0 to 1"),
        ({"conflict": float("nan")}, "from 0 to 1"),
        ({"follow": "voice"}, "'text' or 'audio'"),
        ({"n_blocks": 1}, "2 or more"),
    ],
)
def test_parameters_out_of_range(wrong, said):
    with pytest.raises(ParameterError, match=said):
        pair(text_set(), voice_set(), **wrong)


def test_no_clip_is_used_more_than_so_many_times_and_values_are_as_frequent():
    made = pair(text_set(400), voice_set(n_each=3), n_blocks=4, times=2)
    used = Counter(row.meta["audio_id"] for row in made.rows)
    assert max(used.values()) <= 2
    for fold in "1234":
        labels = [row.label for row in made.rows if row.meta["fold"] == fold]
        assert labels.count("negative") == labels.count("positive") > 0
    assert "of 400 texts are used, no clip more than 2 times" in made.note
    with pytest.raises(ParameterError, match="times is 0"):
        pair(text_set(), voice_set(), times=0)


def picture_set(n=60):
    rows = [Row(f"p{i}", {"image": np.full((8, 8), i, np.uint8)}, MOODS[i % 2]) for i in range(n)]
    return Dataset(rows, "pictures")


def test_pictures_meet_voices_as_texts_do():
    voices = Dataset([Row(r.id, r.media, r.meta["valence"], r.group) for r in voice_set(moods=MOODS).rows], "voices")
    made = pair(picture_set(), voices, by="label", n_blocks=4, times=1)
    assert made.modalities == ("audio", "image")
    assert made.note.startswith(
        "composed: pictures of pictures with voices of voices that share their label; no picture"
    )
    for row in made.rows:
        assert row.label == row.meta["image_label"] == row.meta["audio_label"]
        assert row.meta["image_id"].startswith("p")
    assert max(Counter(row.meta["audio_id"] for row in made.rows).values()) == 1
    assert max(Counter(row.meta["image_id"] for row in made.rows).values()) == 1
    assert "no clip more than 1 time;" in made.note + ";"


def test_where_picture_and_voice_differ_the_followed_one_is_the_label():
    voices = Dataset([Row(r.id, r.media, r.meta["valence"], r.group) for r in voice_set(moods=MOODS).rows], "voices")
    for follow, column in (("text", "image_label"), ("audio", "audio_label")):
        made = pair(picture_set(), voices, by="label", n_blocks=4, conflict=0.5, follow=follow)
        assert any(row.meta["conflict"] == "yes" for row in made.rows)
        assert all(row.label == row.meta[column] for row in made.rows)
    assert "the label is the audio's" in made.note
