import csv

import numpy as np
import pytest
import torch
from PIL import Image as Pillow

from mmteach.datasets.face_generator import people, render


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
