import csv
import re
import shutil
from collections import Counter, defaultdict

import numpy as np
import pytest

from mmteach.datasets import load
from mmteach.errors import ParameterError

SLOTS = ("room", "minutes", "what", "day")
WITH_ROOM = ("light_on", "light_off", "warmer", "cooler")
ROOMS = ("kitchen", "bedroom", "bathroom", "hall")


@pytest.fixture(scope="module")
def commands(speech_set):
    return speech_set("commands")


@pytest.fixture(scope="module")
def rows(commands):
    return commands.rows


@pytest.fixture(scope="module")
def errors(commands):
    return commands.modules["errors"]


@pytest.fixture(scope="module")
def recognise(commands, errors):
    """A recogniser that knows the English words of the set."""
    return errors.Recogniser(commands.modules["sounds"].read_sounds(commands.folder)["en"], ["the", "a"])


def test_every_voice_says_each_of_31_frames_twice_in_different_words(rows):
    said = defaultdict(list)
    for row in rows:
        said[row["group"], row["label"]].append(row["said"])
    assert len({label for _, label in said}) == 31
    assert len(said) == 16 * 31
    assert all(len(set(sentences)) == len(sentences) == 2 for sentences in said.values())


def test_the_frames_are_these(rows):
    expected = {f"{intent} room={room}" for intent in WITH_ROOM for room in ROOMS}
    expected |= {f"timer minutes={minutes}" for minutes in (5, 10, 15, 30, 50)}
    expected |= {f"play what={what}" for what in ("jazz", "piano", "news", "rain")}
    expected |= {f"weather day={day}" for day in ("today", "tomorrow", "weekend")}
    assert {row["label"] for row in rows} == expected | {"louder", "quieter", "stop"}


def test_a_label_is_made_of_the_intent_and_its_one_slot(rows):
    for row in rows:
        filled = [f"{slot}={row[slot]}" for slot in SLOTS if row[slot]]
        assert row["label"] == " ".join([row["intent"], *filled])
        assert len(filled) == (row["intent"] not in ("louder", "quieter", "stop"))


def test_an_intent_is_said_in_many_ways_and_each_names_the_slot(commands):
    values = defaultdict(set)
    for language, grammar in commands.modules["frames"].GRAMMARS.items():
        for intent, slot in commands.modules["frames"].SLOT_OF.items():
            phrases = grammar.PHRASES[intent]
            assert len(set(phrases)) == len(phrases) >= 4
            assert all(phrase.count("{}") == (slot != "") for phrase in phrases)
            values[slot].add(tuple(grammar.VALUES.get(slot, ())))
        assert set(grammar.PHRASES) == set(commands.modules["frames"].SLOT_OF)
        assert language in ("en", "zh")
    assert all(len(lists) == 1 for lists in values.values())  # the same values in both languages


def test_no_sentence_stands_for_two_frames(rows):
    meanings = defaultdict(set)
    for row in rows:
        meanings[row["said"]].add(row["label"])
    assert max(map(len, meanings.values())) == 1


def test_a_text_is_in_its_language_and_never_empty(rows):
    for row in rows:
        for text in (row["said"], row["text"]):
            assert text
            assert all("\u4e00" <= letter <= "\u9fff" for letter in text) == (row["language"] == "zh")


def test_every_word_that_was_written_is_known(commands):
    known = commands.modules["sounds"].read_sounds(commands.folder)
    for row in commands.rows:
        assert set(commands.modules["frames"].words(row["text"], row["language"])) <= set(known[row["language"]])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_errors_are_as_many_as_the_card_says_and_rise_with_the_noise(commands, errors, language):
    words, found = Counter(), Counter()
    for row in commands.rows:
        if row["language"] == language:
            said, written = (commands.modules["frames"].words(row[side], language) for side in ("said", "text"))
            assert errors.edit_distance(said, written) == int(row["n_errors"])
            step = min(int(float(row["snr_db"]) // 5), 4)
            words[step] += len(said)
            found[step] += int(row["n_errors"])
    rates = [found[step] / words[step] for step in range(5)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] > 0.35
    assert rates[-1] < 0.1
    assert 0.2 <= found.total() / words.total() <= 0.3
    card = (commands.folder / "CARD.md").read_text(encoding="utf-8")
    table = [line.strip("| ").split(" | ") for line in card.splitlines() if re.match(r"\| (\d+ to \d+ dB|all) ", line)]
    column = ("en", "zh").index(language) + 1
    assert [line[column] for line in table] == [f"{rate:.2f}" for rate in (*rates, found.total() / words.total())]


def test_noise_tells_nothing_of_the_intent(rows):
    snr = defaultdict(list)
    for row in rows:
        snr[row["intent"]].append(float(row["snr_db"]))
    everything = np.concatenate(list(snr.values()))
    assert everything.min() < 1
    assert everything.max() > 24
    assert np.ptp([np.mean(values) for values in snr.values()]) < 6


@pytest.mark.parametrize(("snr_db", "rate"), [(0, 0.45), (12.5, 0.15), (25, 0.05)])
def test_the_rate_of_errors(errors, snr_db, rate):
    assert errors.error_rate(snr_db) == pytest.approx(rate)


def test_nothing_is_changed_at_rate_0(recognise):
    said = ["turn", "the", "light", "on", "in", "the", "kitchen"]
    assert recognise.hear(said, 0, np.random.RandomState(0)) == said


def test_nothing_is_left_at_rate_1_but_something_is_written(recognise):
    said = ["turn", "the", "light", "on", "in", "the", "kitchen"]
    rng = np.random.RandomState(0)
    for _ in range(20):
        written = recognise.hear(said, 1, rng)
        assert written
        assert not {"turn", "light", "kitchen"} & set(written)
    assert all(recognise.hear(["a"], 1, rng) for _ in range(50))  # where all is dropped, it stays


def test_words_go_wrong_at_the_rate_asked_for(recognise, errors):
    said, rng = ["kitchen"] * 4000, np.random.RandomState(0)
    right = recognise.hear(said, 0.3, rng).count("kitchen") / len(said)
    assert right == pytest.approx(0.7, abs=0.03)


def test_near_sounding_words_are_likelier(recognise):
    chances = dict(zip(recognise.words, recognise.chances("fifteen"), strict=True))
    assert sum(chances.values()) == pytest.approx(1)
    assert chances["fifteen"] == 0
    assert chances["fifty"] > 10 * chances["thirty"] > chances["music"] * 100
    assert max(chances, key=chances.get) == "fifty"


def test_words_that_sound_the_same_are_the_likeliest(recognise):
    for said, written in (("too", "two"), ("hear", "here"), ("some", "sum"), ("weather", "whether")):
        chances = recognise.chances(said)
        assert chances[recognise.words.index(written)] == max(chances)


def test_the_cost_of_sounds(errors):
    assert errors.sound_cost("p", "p") == 0
    assert errors.sound_cost("p", "b") == errors.sound_cost("i:", "I") == 0.5
    assert errors.sound_cost("p", "s") == errors.sound_cost("p", "i:") == 1
    assert errors.sound_cost("55", "214") == 0.3
    assert errors.sound_cost("55", "3") == 1  # "3" is a vowel, as in "turn"


def test_the_distance_of_sequences(errors):
    assert errors.edit_distance("kitten", "sitting") == 3
    assert errors.edit_distance([], ["a", "b"]) == 2
    assert errors.edit_distance(["f", "I", "f"], ["f", "V", "f", "t"], errors.sound_cost) == 1.5


def test_the_same_seed_gives_the_same_commands(commands):
    make = commands.modules["make"]
    other = make.utterances(3)
    assert other == make.utterances(3)
    assert [one.said for one in other] != [row["said"] for row in commands.rows]


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_the_sounds_of_words_come_from_espeak(commands):
    sounds = commands.modules["sounds"]
    assert sounds.pronounce("fifteen", "en-us") == ["f", "I", "f", "t", "i:", "n"]
    assert sounds.pronounce("the", "en-us") == ["D", "@"]  # espeak-ng says @2
    assert sounds.pronounce("灯", "cmn-latn-pinyin")[-2:] == ["55", "N"]


def test_check_asks_for_the_sounds_of_every_word(commands, tmp_path):
    make = commands.modules["make"]
    assert make.check(tmp_path) == ["sounds.csv is missing"]
    with (commands.folder / "sounds.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.reader(file))
    with (tmp_path / "sounds.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(table[:-1])
    assert make.check(tmp_path) == ["sounds.csv does not hold the words of english.py and mandarin.py"]


def test_one_language_can_be_asked_for():
    mandarin = load("commands", language="zh")
    assert len(mandarin) == 372
    assert len(mandarin.classes) == 31
    assert {row.meta["language"] for row in mandarin.rows} == {"zh"}
    with pytest.raises(ParameterError, match="en and zh"):
        load("commands", language="fr")
