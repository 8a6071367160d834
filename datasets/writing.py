"""A set on disk: write its table and sounds, check them, and the command line of every make.py."""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import soundfile
from speech import SAMPLE_RATE, is_whole, program


def write_set(
    out: Path, columns: Sequence[str], utterances: Sequence[Any], record: Callable[[Any, Path], Mapping]
) -> None:
    """Write manifest.csv and audio/ into `out`; what was there is replaced once everything is done.

    Parameters
    ----------
    record : (utterance, folder) -> its row of the table, once its sound lies in the folder.
    """
    program()  # before anything is written
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix="making_") as place:
        made = Path(place)
        (made / "audio").mkdir()
        with (made / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, columns, lineterminator="\n")
            table.writeheader()
            for i, utterance in enumerate(utterances, start=1):
                table.writerow(record(utterance, made))
                print(f"\r{i} of {len(utterances)} recorded", end="", flush=True)
        if (out / "audio").exists():
            (out / "audio").rename(made / "old")  # goes with the temporary folder
        (made / "audio").rename(out / "audio")
        (made / "manifest.csv").replace(out / "manifest.csv")
    print()


def problems(folder: Path, expected: Sequence[Mapping[str, object]], seconds: tuple[float, float]) -> list[str]:
    """What is wrong with a finished set, a sentence each; espeak-ng is not needed.

    Parameters
    ----------
    expected : what is certain of each row before anything is spoken, in order.
    seconds : the shortest and the longest that a sound may be.
    """
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    known = [{name: str(value) for name, value in row.items()} for row in expected]
    if len(rows) != len(known) or any(not row.items() <= line.items() for row, line in zip(known, rows, strict=True)):
        found.append("manifest.csv is not what make.py writes from its seed")
    numbers = {f"{row['id']}.ogg": number_of(row["id"]) for row in known}
    found += [f"{path.name} is not listed" for path in sorted((folder / "audio").iterdir()) if path.name not in numbers]
    for name in sorted(numbers):
        found += _faults(folder / "audio" / name, numbers[name], seconds)
    return found


def number_of(id: str) -> int:
    """The number of an utterance in its language, which is that of its stream too: e03_07 -> 307."""
    return int(id[1:].replace("_", ""))


def _faults(path: Path, number: int, seconds: tuple[float, float]) -> list[str]:
    """What is wrong with one sound."""
    if not path.is_file():
        return [f"{path.name} is missing"]
    if not is_whole(path, number):
        return [f"{path.name} was changed, or is another utterance's sound"]
    about = soundfile.info(path)
    if (about.samplerate, about.channels) != (SAMPLE_RATE, 1) or not seconds[0] <= about.duration <= seconds[1]:
        return [f"{path.name}: {about.duration:.1f} s, {about.samplerate} Hz, {about.channels} channels"]
    return []


def command_line(
    about: str, here: Path, seed: int, make: Callable[[Path, int], None], check: Callable[[Path], list[str]]
) -> None:
    """What `python make.py` does: make the set, or with --check only look at it."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--out", type=Path, default=here, help="folder to write into")
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--check", action="store_true", help="only check the set that is there")
    arguments = parser.parse_args()
    if arguments.check:
        found = check(arguments.out)
        print("\n".join(found) or "all is well")
        raise SystemExit(bool(found))
    make(arguments.out, arguments.seed)
