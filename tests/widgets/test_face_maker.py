"""Turning a head moves the picture, and the answer may change with it."""

from pathlib import Path

import numpy as np
import pytest

from mmteach.datasets.face_generator import people
from mmteach.widgets import FaceMaker
from mmteach.widgets.face_maker import SEED

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def maker() -> FaceMaker:
    return FaceMaker(n_people=4)


@pytest.fixture(autouse=True)
def _resting(maker):
    yield
    maker.person.value = "p01"
    maker.start_over()


def test_plain_front_picture_is_nearest_to_itself(maker):
    assert maker.nearest == {"pixels": "p01", "landmarks": "p01"}
    assert "p01 (right)" in maker.verdict.value


@pytest.mark.parametrize(
    ("control", "value"),
    [
        ("yaw", 20), ("pitch", 10), ("roll", 15), ("azimuth", -50), ("elevation", 60), ("ambient", 0.9),
        ("expression", "happy"), ("glasses", "dark"), ("noise", 30), ("person", "p02"),
    ],
)  # fmt: skip
def test_every_control_changes_the_picture(maker, control, value):
    before, shown = maker.rendering.image, maker.plot.png
    getattr(maker, control).value = value
    assert not np.array_equal(maker.rendering.image, before)
    assert maker.plot.png != shown


def test_text_alternative_follows(maker):
    maker.yaw.value, maker.expression.value = 35, "angry"
    assert "yaw 35" in maker.plot.alt
    assert "angry" in maker.plot.alt


def test_a_wrong_answer_is_called_wrong(maker):
    maker.azimuth.value, maker.yaw.value = -90, 45
    wrong = [how for how, name in maker.nearest.items() if name != "p01"]
    assert wrong
    assert "(wrong)" in maker.verdict.value


def test_start_over_keeps_the_person(maker):
    maker.person.value, maker.yaw.value = "p03", 40
    maker.start_over()
    assert (maker.person.value, maker.yaw.value) == ("p03", 0)


def test_people_are_those_of_the_embedded_set():
    text = (ROOT / "datasets" / "faces" / "make.py").read_text(encoding="utf-8")
    assert f"SEED, N_PEOPLE, N_IMAGES = {SEED}, " in text
    assert people(1, SEED) == people(40, SEED)[:1]
