"""How words sound: espeak-ng's phonemes, kept in sounds.csv, so that only making that table needs espeak-ng."""

from __future__ import annotations

import csv
import re
import subprocess
from pathlib import Path

from frames import GRAMMARS, vocabulary
from speech import program

TABLE = "sounds.csv"
VOICES = {"en": "en-us", "zh": "cmn-latn-pinyin"}


def write_sounds(folder: Path) -> None:
    """Ask espeak-ng for the sounds of every word, and write the table."""
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("language", "word", "sounds"))
        for language, grammar in GRAMMARS.items():
            readings = {}  # of single characters, from those of words
            for word, reading in grammar.READINGS.items():
                readings.update(zip(word, reading.split(), strict=True))
            for word in vocabulary(language):
                table.writerow((language, word, " ".join(pronounce(readings.get(word, word), VOICES[language]))))


def read_sounds(folder: Path) -> dict[str, dict[str, list[str]]]:
    """The sounds of each word, by language."""
    sounds: dict[str, dict[str, list[str]]] = {language: {} for language in GRAMMARS}
    with (folder / TABLE).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            sounds[row["language"]][row["word"]] = row["sounds"].split()
    return sounds


def pronounce(word: str, voice: str) -> list[str]:
    """The sounds of a word in espeak-ng's letters, without stress; a tone is a sound of its own."""
    command = [program(), "-q", "-x", "--sep=_", "-v", voice, word]
    done = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    sounds = []
    for letters in re.split(r"[_|\s]+", done.stdout):
        sound, tone = re.fullmatch(r"(.*?)(\d{2,}|)", re.sub(r"[',%=#\[-]", "", letters)).groups()
        sounds += [part for part in (re.sub(r"(?<=.)\d$", "", sound), tone) if part]
    return sounds
