"""What holds for every embedded set of speech; what is one set's own is tested beside this file."""

import shutil
from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np
import pytest
import soundfile

from mmteach.datasets import load
from mmteach.datasets.known import known_sets

needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


class Expected(NamedTuple):
    utterances: dict[str, int]
    n_speakers: int
    modalities: tuple[str, ...]
    megabytes: float
    stream: tuple[str, int]  # an utterance, and the number of its stream


SETS = {
    "commands": Expected({"en": 620, "zh": 372}, 16, ("audio", "text"), 9, ("z03_05_2", 3052)),
    "spoken_digits": Expected({"en": 700, "zh": 300}, 20, ("audio",), 5, ("e03_7_2", 372)),  # a word is the answer
    "spoken_reviews": Expected({"en": 440, "zh": 280}, 18, ("audio", "text"), 12, ("z03_05", 305)),
}
every_set = pytest.mark.parametrize("name", SETS)


@every_set
def test_counts_speakers_and_languages(speech_set, name):
    rows = speech_set(name).rows
    expected = SETS[name]
    assert len(rows) == len({row["id"] for row in rows}) == len({row["audio"] for row in rows})
    assert Counter(row["language"] for row in rows) == expected.utterances
    said = Counter(row["group"] for row in rows)
    assert len(said) == expected.n_speakers
    assert len(set(said.values())) == 1


@every_set
def test_a_speaker_has_one_voice_and_nobody_elses(speech_set, name):
    voices = defaultdict(set)
    for row in speech_set(name).rows:
        voices[row["group"]].add((row["voice"], row["language"]))
    assert all(len(voice) == 1 for voice in voices.values())
    assert len({voice for both in voices.values() for voice in both}) == len(voices)


def test_no_voice_speaks_in_two_sets(speech_set):
    voices = [{row["voice"] for row in speech_set(name).rows} for name in SETS]
    assert len(set.union(*voices)) == sum(map(len, voices)) == 54


@needs_espeak
def test_no_two_voices_sound_the_same(speech_set):
    """espeak-ng says nothing when it does not know a variant, and takes the plain voice."""
    modules = speech_set("commands").modules
    names = {row["voice"] for name in SETS for row in speech_set(name).rows}
    asked = names | {name.partition("+")[0] for name in names}
    plain = modules["habits"].Prosody(50, 80, 160, 0.0)
    heard = {name: modules["speech"].speak("light the hall", name, plain).tobytes() for name in asked}
    assert len(set(heard.values())) == len(asked)


@every_set
def test_recordings_can_be_read(speech_set, name):
    folder, rows, _ = speech_set(name)
    for row in rows[::50]:
        samples, rate = soundfile.read(folder / row["audio"], dtype="float32")
        assert (rate, samples.ndim) == (16_000, 1)
        assert 0.01 < np.abs(samples).max() <= 1.1  # the codecs may overshoot a little
        assert 0.25 < samples.size / rate < 8


@every_set
def test_the_number_of_a_stream_is_ours(speech_set, name):
    id, number = SETS[name].stream
    kept = (speech_set(name).folder / "audio" / f"{id}.ogg").read_bytes()
    assert int.from_bytes(kept[14:18], "little") == number


@every_set
def test_the_set_is_what_make_py_makes(speech_set, name):
    folder, _, modules = speech_set(name)
    assert modules["make"].check(folder) == []


@every_set
def test_check_names_what_is_wrong(speech_set, name, tmp_path):
    folder, rows, modules = speech_set(name)
    shutil.copytree(folder, tmp_path / "set", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    gone, short, damaged, swapped, other, text = (tmp_path / "set" / row["audio"] for row in rows[:6])
    gone.unlink()
    number = int.from_bytes(short.read_bytes()[14:18], "little")
    modules["speech"].write_ogg(short, np.zeros(800, np.int16), number, "VORBIS")
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content)
    swapped.write_bytes(other.read_bytes())
    text.write_text("no sound", encoding="utf-8")
    (tmp_path / "set" / "audio" / "more.ogg").write_bytes(b"")
    manifest, id = tmp_path / "set" / "manifest.csv", rows[7]["id"]
    table = manifest.read_text(encoding="utf-8").replace(f"{id},{rows[7]['label']},", f"{id},something else,")
    manifest.write_text(table, encoding="utf-8", newline="\n")
    assert modules["make"].check(tmp_path / "set") == [
        "manifest.csv is not what make.py writes from its seed",
        "more.ogg is not listed",
        f"{gone.name} is missing",
        f"{short.name}: 0.1 s, 16000 Hz, 1 channels",
        f"{damaged.name} was changed, or is another utterance's sound",
        f"{swapped.name} was changed, or is another utterance's sound",
        f"{text.name} was changed, or is another utterance's sound",
    ]


def test_a_sound_that_was_cut_off_is_not_whole(speech_set, tmp_path):
    folder, _, modules = speech_set("commands")
    ogg = (folder / "audio" / "e01_01_1.ogg").read_bytes()
    for end in (10, len(ogg) // 2, len(ogg) - 1):
        (tmp_path / "cut.ogg").write_bytes(ogg[:end])
        assert not modules["speech"].is_whole(tmp_path / "cut.ogg", 1011)
    (tmp_path / "cut.ogg").write_bytes(ogg)
    assert modules["speech"].is_whole(tmp_path / "cut.ogg", 1011)


@pytest.mark.parametrize("subtype", ["OPUS", "VORBIS"])
def test_the_same_samples_give_the_same_bytes(speech_set, tmp_path, subtype):
    speech = speech_set("commands").modules["speech"]
    samples = np.random.RandomState(0).randint(-3000, 3000, 20_000).astype(np.int16)
    for name in ("a.ogg", "b.ogg"):
        speech.write_ogg(tmp_path / name, samples, 7, subtype)
    assert (tmp_path / "a.ogg").read_bytes() == (tmp_path / "b.ogg").read_bytes()
    assert soundfile.info(tmp_path / "a.ogg").frames == samples.size  # a wrong checksum would drop the page


@every_set
@needs_espeak
def test_the_same_utterance_is_spoken_the_same_way_twice(speech_set, name, tmp_path):
    make = speech_set(name).modules["make"]
    utterance = make.utterances()[-1]
    rows, sounds = [], []
    for place in ("a", "b"):
        (tmp_path / place / "audio").mkdir(parents=True)
        rows.append(make.speak(utterance, make.SEED, tmp_path / place))
        sounds.append((tmp_path / place / "audio" / f"{utterance.id}.ogg").read_bytes())
    assert sounds[0] == sounds[1]
    assert rows[0] == rows[1]
    assert {column: str(value) for column, value in rows[0].items()} == speech_set(name).rows[-1]


@every_set
def test_without_espeak_a_sentence_says_how_to_get_it(speech_set, name, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match=r"espeak-ng is not installed.*apt install espeak-ng"):
        speech_set(name).modules["make"].make(tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_a_set_replaces_the_one_before_once_it_is_done(speech_set, tmp_path, monkeypatch, capsys):
    writing = speech_set("commands").modules["writing"]
    monkeypatch.setattr(writing, "program", lambda: "espeak-ng")

    def record(id, folder):
        if id == "breaks":
            raise RuntimeError
        (folder / "audio" / id).write_text(id, encoding="utf-8")
        return {"id": id}

    writing.write_set(tmp_path, ("id",), ["a", "b"], record)
    with pytest.raises(RuntimeError):
        writing.write_set(tmp_path, ("id",), ["c", "breaks"], record)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "audio", "b", "manifest.csv"]
    writing.write_set(tmp_path, ("id",), ["c"], record)
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["audio", "c", "manifest.csv"]
    assert (tmp_path / "manifest.csv").read_bytes() == b"id\nc\n"


@every_set
def test_the_set_is_small(speech_set, name):
    files = [path for path in speech_set(name).folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < SETS[name].megabytes * 1e6


@every_set
def test_it_is_found_by_name_and_says_what_it_is(speech_set, name):
    dataset = load(name)
    assert len(dataset) == sum(SETS[name].utterances.values())
    assert dataset.modalities == SETS[name].modalities
    assert dataset.synthetic
    assert dataset.note.startswith("synthetic voices, made with espeak-ng")
    assert "no real person" in " ".join(dataset.card.casefold().split())
    sample, row = dataset[0], speech_set(name).rows[0]
    assert (sample.label, sample.group, sample.meta["language"]) == (row["label"], row["group"], "en")
    assert sample.media.get("text") == row.get("text")
    assert sample.media["audio"].sample_rate == 16_000


@every_set
def test_a_folder_of_ones_own_is_not_taken_for_it(name, tmp_path):
    (tmp_path / name).mkdir()
    assert not known_sets()[name].fits(tmp_path / name)
