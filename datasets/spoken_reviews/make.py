"""Make the embedded set of spoken reviews: `python datasets/spoken_reviews/make.py`. It needs espeak-ng.

The same seed gives the same samples with the same espeak-ng, and the same bytes with the same libsndfile. Read on in
sentences.py (what is said), voices.py (by whom and how) and sound.py (from there to a file).
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from sentences import GRAMMARS, Writer
from sound import SAMPLE_RATE, in_a_room, program, recorded, speak, with_effort, write_ogg
from voices import MOODS, Voice, prosody, voices

SEED = 7
COLUMNS = ("id", "label", "group", "audio", "text", "language", "text_mood", "voice_mood", "conflict", "voice")
COLUMNS += ("pitch", "range", "rate", "loudness", "snr_db", "echo")

# How often a voice speaks in each pair (mood of the voice, mood of the words): 40 utterances, 12 to 14 of each label.
# A moved voice meets words of its own mood as often as words of the opposite one;
# so neither side alone can be right about more than 30 of the 40.
PLAN = {
    (0, 0): 12, (0, -1): 5, (0, 1): 5,
    (-1, -1): 4, (-1, 0): 1, (-1, 1): 4,
    (1, 1): 4, (1, 0): 1, (1, -1): 4,
}  # fmt: skip


class Utterance(NamedTuple):
    """What is said by whom, in which mood of the voice and of the words (-1, 0, 1)."""

    id: str
    voice: Voice
    text: str
    voice_mood: int
    text_mood: int

    @property
    def label(self) -> str:
        """The voice decides when it is clearly moved; when it is flat, the words decide."""
        return MOODS[self.voice_mood or self.text_mood]


def utterances(seed: int = SEED) -> list[Utterance]:
    """Everything that is said, voice by voice, in random order within a voice."""
    rng = np.random.RandomState(seed)
    writers = {language: Writer(language, rng) for language in GRAMMARS}
    pairs = [pair for pair, n in PLAN.items() for _ in range(n)]
    made = []
    for voice in voices(rng):
        for i, k in enumerate(rng.permutation(len(pairs)), start=1):
            voice_mood, text_mood = pairs[k]
            text = writers[voice.language].write(MOODS[text_mood])
            made.append(Utterance(f"{voice.id}_{i:02d}", voice, text, voice_mood, text_mood))
    return made


def record(utterance: Utterance, seed: int, out: Path) -> dict[str, object]:
    """Speak it and write the sound; returns its row of the manifest."""
    voice, number = utterance.voice, int(utterance.id[1:].replace("_", ""))
    rng = np.random.RandomState([seed, ord(voice.id[0]), number])
    how = prosody(voice, utterance.voice_mood, rng)
    snr_db, echo = round(rng.uniform(8, 30), 1), round(rng.uniform(0.1, 0.4), 2)
    speech = speak(utterance.text, voice.name, how, GRAMMARS[voice.language].READINGS)
    heard = in_a_room(with_effort(speech, how.loudness), echo, snr_db, rng)
    audio = f"audio/{utterance.id}.ogg"
    write_ogg(out / audio, recorded(heard, how.loudness), serial=number)
    conflict = "yes" if utterance.voice_mood * utterance.text_mood < 0 else "no"
    moods = (MOODS[utterance.text_mood], MOODS[utterance.voice_mood], conflict)
    setting = (voice.name, how.pitch, how.range, how.rate, how.loudness, snr_db, echo)
    row = (utterance.id, utterance.label, voice.id, audio, utterance.text, voice.language, *moods, *setting)
    return dict(zip(COLUMNS, row, strict=True))


def make(out: Path, seed: int = SEED) -> None:
    """Write manifest.csv and audio/ into `out`; what was there is replaced once everything is done."""
    program()
    out.mkdir(parents=True, exist_ok=True)
    said = utterances(seed)
    with tempfile.TemporaryDirectory(dir=out, prefix="making_") as place:
        made = Path(place)
        (made / "audio").mkdir()
        with (made / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
            table.writeheader()
            for i, utterance in enumerate(said, start=1):
                table.writerow(record(utterance, seed, made))
                print(f"\r{i} of {len(said)} recorded", end="", flush=True)
        if (out / "audio").exists():
            (out / "audio").rename(made / "old")  # goes with the temporary folder
        (made / "audio").rename(out / "audio")
        (made / "manifest.csv").replace(out / "manifest.csv")
    print()


def check(folder: Path) -> list[str]:
    """What is wrong with a finished set, a sentence each; espeak-ng is not needed."""
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = [(one.id, one.text, one.label) for one in utterances()]
    problems = []
    if [(row["id"], row["text"], row["label"]) for row in rows] != expected:
        problems.append("manifest.csv is not what make.py writes from its seed")
    listed = {row["audio"] for row in rows}
    problems += [f"{path} is not listed" for path in (folder / "audio").iterdir() if f"audio/{path.name}" not in listed]
    for name in sorted(listed):
        if not (folder / name).is_file():
            problems.append(f"{name} is missing")
            continue
        about = soundfile.info(folder / name)
        if (about.samplerate, about.channels) != (SAMPLE_RATE, 1) or not 0.5 <= about.duration <= 10:
            problems.append(f"{name}: {about.duration:.1f} s, {about.samplerate} Hz, {about.channels} channels")
    return problems


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the embedded set of spoken reviews.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write into")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--check", action="store_true", help="only check the set that is there")
    arguments = parser.parse_args()
    if arguments.check:
        found = check(arguments.out)
        print("\n".join(found) or "all is well")
        raise SystemExit(bool(found))
    make(arguments.out, arguments.seed)
