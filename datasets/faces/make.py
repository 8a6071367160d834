"""Make the embedded set of synthetic faces: `python datasets/faces/make.py --out FOLDER`.

The same seed gives the same bytes on every machine:
- numpy's RandomState never changes its stream (the newer Generator may, from one numpy to the next);
- everything is computed in float64 and rounded far more coarsely, so that the last digit of a sine does not matter;
- the PNG files store their pixels uncompressed, because compressed bytes depend on the build of zlib.
"""

from __future__ import annotations

import argparse
import csv
import struct
import zlib
from pathlib import Path

import numpy as np

from mmteach.datasets.face_generator import EXPRESSIONS, Person, Scene, detect, people, render

SEED, N_PEOPLE, N_IMAGES = 20, 40, 12
COLUMNS = ("id", "label", "group", "image", "landmarks", "expression", "yaw", "pitch", "light", "glasses")
LANDMARK_ERROR = 0.9  # pixels
DETECTOR_FAILS = 0.03


def png(image: np.ndarray) -> bytes:
    """An 8-bit grey picture (H, W) as a PNG file whose pixels are stored, not compressed."""
    height, width = image.shape
    rows = b"".join(b"\0" + row.tobytes() for row in image)  # each row says 0: "no filter"
    blocks = [rows[i : i + 65535] for i in range(0, len(rows), 65535)]
    stream = b"\x78\x01"
    for i, block in enumerate(blocks):
        stream += struct.pack("<BHH", i == len(blocks) - 1, len(block), 65535 - len(block)) + block
    stream += struct.pack(">I", zlib.adler32(rows))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", stream) + chunk(b"IEND", b"")


def scenes(rng: np.random.RandomState, n_images: int) -> list[Scene]:
    """How one person is photographed: every expression about as often, all else at random, in random order."""
    names = ["neutral", *EXPRESSIONS]
    wears_glasses = rng.uniform() < 0.3
    made = []
    for name in rng.permutation([names[i % len(names)] for i in range(n_images)]):
        turn = np.clip(rng.normal(size=3) * [7, 4, 2.5], [-25, -14, -8], [25, 14, 8]).round(1)
        glasses = "clear" if rng.uniform() < (0.6 if wears_glasses else 0.06) else "none"
        scene = Scene(
            pose=(float(turn[0]), float(turn[1]), float(turn[2])),
            light=(round(float(np.clip(17 * rng.normal(), -50, 50)), 1), round(rng.uniform(10, 40), 1)),
            ambient=rng.uniform(0.4, 0.6),
            expression=str(name),
            strength=rng.uniform(0.55, 1.1),
            glasses="dark" if rng.uniform() < 0.03 else glasses,
            scarf=rng.uniform() < 0.04,
            zoom=rng.uniform(1.0, 1.06),
            shift=(rng.uniform(-0.01, 0.01), rng.uniform(-0.01, 0.01)),
            background=rng.uniform(0.3, 0.4),
            clothes=rng.uniform(0.1, 0.2),
            blur=rng.uniform(0.45, 0.9),
            noise=rng.uniform(1.5, 5),
        )
        made.append(scene)
    return made


def photograph(person: Person, name: str, seed: int, n_images: int, out: Path) -> list[dict[str, object]]:
    """Write the pictures and landmarks of one person; returns the rows of the manifest."""
    rng = np.random.RandomState([seed, int(name[1:])])
    rows = []
    for i, scene in enumerate(scenes(rng, n_images), start=1):
        sample = f"{name}_{i:02d}"
        picture = render(person, scene, rng=rng)
        landmarks = (np.round(detect(picture, rng, LANDMARK_ERROR) * 64) / 64).astype("<f4")
        image, points = f"images/{sample}.png", f"landmarks/{sample}.npy"
        (out / image).write_bytes(png(picture.image))
        if rng.uniform() < DETECTOR_FAILS:
            points = ""  # the detector found no face: this sample has no landmarks
        else:
            np.save(out / points, landmarks, allow_pickle=False)
        yaw, pitch, _ = scene.pose
        values = (sample, name, name, image, points, scene.expression, yaw, pitch, scene.light[0], scene.glasses)
        rows.append(dict(zip(COLUMNS, values, strict=True)))
    return rows


def make(out: Path, seed: int = SEED, n_people: int = N_PEOPLE, n_images: int = N_IMAGES) -> None:
    """Write manifest.csv, images and landmarks into `out`; fewer people give the first people of the whole set."""
    for folder in ("images", "landmarks"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    with (out / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        for i, person in enumerate(people(n_people, seed), start=1):
            table.writerows(photograph(person, f"p{i:02d}", seed, n_images, out))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the embedded set of synthetic faces.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder to write into")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    make(arguments.out, arguments.seed)
