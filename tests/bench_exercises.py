"""How long a student waits for a check: once a kernel is warm, and the very first one."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]

FIRST = """
import time
import torch
begin = time.perf_counter()
from mmteach.exercises import exercise
from mmteach.exercises.progress import Progress
from mmteach.exercises.practice import Practice
from mmteach.exercises.registry import find
found = find({id!r})
outcome = Practice(found, Progress({path!r})).check(found.reference)
assert outcome.status == "passed", outcome
print(time.perf_counter() - begin)
"""


def main(spread):
    """A passed check of every exercise, progress written to disk, and the first check in a fresh process."""
    from mmteach.exercises.practice import Practice
    from mmteach.exercises.progress import Progress
    from mmteach.exercises.registry import all_exercises

    with tempfile.TemporaryDirectory() as folder:
        book, times = Progress(Path(folder) / "progress.sqlite"), {}
        for exercise in all_exercises():
            practice, taken = Practice(exercise, book), []
            for _ in range(12):
                start = time.perf_counter()
                practice.check(exercise.reference)
                taken.append(1000 * (time.perf_counter() - start))
            times[exercise.id] = median(taken[1:])
        print(f"a passed check: {spread(list(times.values()))} ms over exercises; at most 50 is wanted")
        slowest = max(times, key=times.get)
        print(f"the slowest: {slowest}, median {times[slowest]:.3g} ms of 11")
        for id in ("welcome.first", "preprocess.rms_level", "fusion.gated"):
            code = FIRST.format(id=id, path=str(Path(folder) / "first.sqlite"))
            first = []
            for _ in range(5):
                done = subprocess.run(
                    [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
                )
                first.append(1000 * float(done.stdout))
            print(f"first check of a process, {id}: {spread(first)} ms beyond importing torch; at most 500 is wanted")
