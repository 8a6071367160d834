import csv

import numpy as np
import pytest
import torch
from PIL import Image as Pillow

from mmteach.datasets import Dataset, Row
from mmteach.datasets.face_generator import people, render
from mmteach.pipeline import Pipeline
from mmteach.types import Waveform


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def photos(tmp_path_factory):
    """A folder of one's own: 8 rendered people, 10 photos each, and a function that writes a manifest of some."""
    folder = tmp_path_factory.mktemp("photos")
    rng = np.random.RandomState(5)
    for i, person in enumerate(people(8, seed=11)):
        for k in range(10):
            pose = tuple(rng.normal(0, (6, 4, 3)))
            made = render(person, pose=pose, light=(rng.normal(0, 15), 30), size=64, noise=0.02, rng=rng)
            Pillow.fromarray(made.image).save(folder / f"p{i}_{k}.png")

    def write(rows, columns=("id", "label", "group", "image"), name="manifest.csv"):
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(rows)
        return folder / name

    return write


def rows_of(n_people, n_photos=10):
    """Rows (id, label, group, image) of the first people."""
    return [(f"p{i}_{k}", f"p{i}", f"p{i}", f"p{i}_{k}.png") for i in range(n_people) for k in range(n_photos)]


MOODS = {"glad": "a happy and lovely", "low": "a sad and awful"}


def tone(pitch, seconds=0.4, seed=0, sample_rate=16_000):
    """A hum of some harmonics, 0.1 s of soft noise around it: what stands for a voice here."""
    rng, t = np.random.default_rng(seed), np.arange(round(seconds * sample_rate)) / sample_rate
    hum = sum(np.sin(2 * np.pi * k * pitch * t + rng.uniform(0, 6)) / k for k in range(1, 6))
    noise = 0.003 * rng.normal(size=len(t) + sample_rate // 10)
    noise[sample_rate // 20 :][: len(t)] += 0.2 * hum
    return Waveform(np.clip(noise, -1, 1).astype(np.float32), sample_rate)


def spoken(n_groups=6, n_each=4, modalities=("audio", "text"), name="spoken"):
    """A set in which pitch and words carry the mood: n_groups speakers, n_each clips a mood.

    Parameters
    ----------
    modalities : some of audio, text, face.
    """
    rng, rows = np.random.default_rng(0), []
    for group in range(n_groups):
        for k, mood in enumerate(sorted(MOODS) * n_each):
            high = 4 if mood == "glad" else -4  # semitones
            pitch = 200 * 2 ** ((high + rng.normal(0, 0.5)) / 12)
            media = {
                "audio": tone(pitch, 0.3 + 0.1 * rng.random(), seed=len(rows)),
                "text": f"{MOODS[mood]} day number {len(rows)}",
                "face": (rng.normal(0, 0.3, 5) + high / 4).astype(np.float32),
            }
            media = {m: media[m] for m in modalities}
            rows.append(Row(f"{name}{group}.{k}", media, mood, f"{name} {group}", meta={"valence": mood}))
    return Dataset(rows, name)


def changed(dataset, change):
    return Dataset([change(i, row) for i, row in enumerate(dataset.rows)], dataset.name)


@pytest.fixture
def watched(monkeypatch):
    """Every fit is recorded: the pipeline, the samples it trained on and those that it stopped by."""
    seen, fit = [], Pipeline.fit

    def watch(self, train, val=(), *rest, **further):
        train, val = list(train), list(val)
        seen.append((self, train, val))
        return fit(self, train, val, *rest, **further)

    monkeypatch.setattr(Pipeline, "fit", watch)
    return seen


@pytest.fixture(scope="session")
def on_disk(tmp_path_factory):
    """Write a set as a manifest with sound files."""

    def write(dataset, name="manifest.csv"):
        import soundfile

        folder = tmp_path_factory.mktemp("spoken")
        columns = ("id", "label", "group", "split", "valence", "text", "audio")
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for row in dataset.rows:
                sound = row.media.get("audio")
                if sound is not None:
                    soundfile.write(folder / f"{row.id}.wav", sound.samples, sound.sample_rate)
                cells = [row.id, row.label, row.group, row.split, row.meta["valence"], row.media.get("text")]
                writer.writerow([*cells, f"{row.id}.wav" if sound is not None else ""])
        return folder / name

    return write
