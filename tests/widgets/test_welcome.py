"""The tour goes from the photo to the answer; the check says whether the machine is ready."""

import pytest

from mmteach.course.doctor import Finding
from mmteach.widgets import EnvironmentCheck, Tour


@pytest.fixture(scope="module")
def tour(few) -> Tour:
    return Tour(few)


def test_tour_passes_every_room(tour):
    seen = []
    for at in range(6):
        tour.go(at)
        seen.append(tour.station.name)
        assert tour.station.room.startswith("mmteach.")
        assert tour.plot.alt.startswith(tour.station.name)
    assert seen == ["Sample", "Cleaned", "Features", "Batch", "Output", "Prediction"]
    assert tour.message.value == ""


def test_tour_tells_shapes_as_they_are(tour):
    tour.go(0)
    assert "image</code> (96, 96)" in tour.text.value
    tour.go(3)
    assert "image</code> (1, 1, 32, 32)" in tour.text.value


def test_prediction_is_the_pipelines(tour):
    tour.go(5)
    (expected,) = tour.trained.pipeline.predict([tour.sample])
    assert tour.prediction.label == expected.label
    assert expected.label in tour.text.value


def test_buttons_stop_at_both_ends(tour):
    tour.go(0)
    assert tour.back.disabled
    tour.back.click()
    assert tour.at == 0
    for _ in range(9):
        tour.on.click()
    assert (tour.at, tour.on.disabled) == (5, True)


def test_another_photo_begins_where_the_tour_stands(tour):
    tour.go(2)
    before = tour.sample.id
    tour.other.click()
    assert tour.at == 2
    assert tour.sample.id != before


def test_a_photo_without_landmarks_goes_the_same_way(tour):
    which = next(i for i, s in enumerate(tour.trained.test) if "landmarks" not in s.media)
    tour.take(which)
    for at in range(6):
        tour.go(at)
        assert tour.message.value == ""
    assert tour.prediction.contributions["landmarks"] == 0


FINE, NOTE, BAD = Finding("Python", "ok", "3.12"), Finding("Disk", "warn", "0.5 GB"), Finding("Torch", "problem", "x<y")


def test_check_shows_findings_with_words():
    check = EnvironmentCheck(lambda: [FINE, NOTE])
    assert check.ready
    assert "Ready" in check.message.value
    assert "fine" in check.table.value
    assert "note" in check.table.value


def test_check_tells_of_a_problem_and_can_be_repeated():
    found = [[BAD], [FINE]]
    check = EnvironmentCheck(lambda: found.pop(0))
    assert not check.ready
    assert "1 problem" in check.message.value
    assert "x&lt;y" in check.table.value
    check.again.click()
    assert check.ready
    assert not check.again.disabled
