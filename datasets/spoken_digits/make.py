"""Make the embedded set of spoken digits: `python datasets/spoken_digits/make.py`. It needs espeak-ng.

The same seed gives the same samples with the same espeak-ng, and the same bytes with the same libsndfile. Read on in
speakers.py (who says what, and how). From there to a file it goes as in the spoken reviews: sound.py beside those.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile

sys.path.append(str(Path(__file__).resolve().parents[1] / "spoken_reviews"))  # a script's own folder is there already
from sound import SAMPLE_RATE, in_a_room, program, recorded, speak, with_effort, write_ogg
from speakers import WORDS, Speaker, prosody, speakers

SEED = 9
TAKES = 5
COLUMNS = ("id", "label", "group", "audio", "word", "language", "take", "voice")
COLUMNS += ("pitch", "range", "rate", "loudness", "snr_db", "echo")


class Utterance(NamedTuple):
    """Which digit is said by whom, for the how-manieth time."""

    id: str
    speaker: Speaker
    digit: int
    take: int

    @property
    def word(self) -> str:
        """The digit in the speaker's language."""
        return WORDS[self.speaker.language][self.digit]


def utterances(seed: int = SEED) -> list[Utterance]:
    """Everything that is said, speaker by speaker, digit by digit."""
    return [
        Utterance(f"{speaker.id}_{digit}_{take}", speaker, digit, take)
        for speaker in speakers(np.random.RandomState(seed))
        for digit in range(10)
        for take in range(1, TAKES + 1)
    ]


def record(utterance: Utterance, seed: int, out: Path) -> dict[str, object]:
    """Speak it and write the sound; returns its row of the manifest."""
    speaker, number = utterance.speaker, int(utterance.id[1:].replace("_", ""))
    rng = np.random.RandomState([seed, ord(speaker.id[0]), number])
    how = prosody(speaker, rng)
    snr_db, echo = round(rng.uniform(3, 30), 1), round(rng.uniform(0.1, 0.4), 2)
    speech = speak(utterance.word, speaker.voice, how, {})
    heard = in_a_room(with_effort(speech, how.loudness), echo, snr_db, rng)
    audio = f"audio/{utterance.id}.ogg"
    write_ogg(out / audio, recorded(heard, how.loudness), serial=number, subtype="OPUS")
    said = (utterance.id, utterance.digit, speaker.id, audio, utterance.word, speaker.language, utterance.take)
    setting = (speaker.voice, how.pitch, how.range, how.rate, how.loudness, snr_db, echo)
    return dict(zip(COLUMNS, (*said, *setting), strict=True))


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
    expected = [(one.id, one.word, str(one.digit)) for one in utterances()]
    problems = []
    if [(row["id"], row["word"], row["label"]) for row in rows] != expected:
        problems.append("manifest.csv is not what make.py writes from its seed")
    listed = {row["audio"] for row in rows}
    problems += [f"{path} is not listed" for path in (folder / "audio").iterdir() if f"audio/{path.name}" not in listed]
    for name in sorted(listed):
        if not (folder / name).is_file():
            problems.append(f"{name} is missing")
            continue
        about = soundfile.info(folder / name)
        if (about.samplerate, about.channels) != (SAMPLE_RATE, 1) or not 0.25 <= about.duration <= 2:
            problems.append(f"{name}: {about.duration:.1f} s, {about.samplerate} Hz, {about.channels} channels")
    return problems


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the embedded set of spoken digits.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write into")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--check", action="store_true", help="only check the set that is there")
    arguments = parser.parse_args()
    if arguments.check:
        found = check(arguments.out)
        print("\n".join(found) or "all is well")
        raise SystemExit(bool(found))
    make(arguments.out, arguments.seed)
