"""EmbeddingMap and RetrievalBoard: what moves, what is chosen, what is told."""

import numpy as np
import pytest

from mmteach.cases.studies.cross_modal import Journey
from mmteach.models import MLPEncoder, SharedSpace
from mmteach.train import SpaceEpoch
from mmteach.types import Image, Sample, Waveform
from mmteach.widgets.embedding_map import MOST, N_NEAR, EmbeddingMap
from mmteach.widgets.retrieval_board import RetrievalBoard
from mmteach.widgets.sample_view import card, enlarged, medium_html


def sample(i, label):
    rng = np.random.default_rng(i)
    picture = Image(rng.integers(0, 255, (8, 8)).astype(np.uint8))
    return Sample(
        f"s{i}",
        {"image": picture, "audio": Waveform(rng.normal(size=800).astype(np.float32) / 9, 8000)},
        label,
        f"g{i % 4}",
    )


def journey(n=40, n_classes=4):
    """Three epochs in which both sides move from anywhere to the corner of their class."""
    rng = np.random.default_rng(0)
    y = np.arange(n) % n_classes
    corner, places = np.eye(8)[y], []
    for share in (0.0, 0.4, 0.9, 1.0):
        moved = {m: share * corner + (1.02 - share) * rng.normal(size=(n, 8)) for m in ("audio", "image")}
        places.append({m: e / np.linalg.norm(e, axis=1, keepdims=True) for m, e in moved.items()})
    epochs = [SpaceEpoch(i, 2.0 - i / 2, np.nan, 14.0 + i, 0.01, 0.5) for i in (1, 2, 3)]
    space = SharedSpace({m: MLPEncoder((8,), dim=8) for m in places[0]}, 8)
    return Journey([sample(i, str(k)) for i, k in enumerate(y)], y.astype(str), places, epochs, space, "made up")


@pytest.fixture
def made():
    return EmbeddingMap(journey())


@pytest.fixture
def board():
    return RetrievalBoard(journey())


def xy(shown):
    return np.frombuffer(shown.map.xy, dtype=np.float32).reshape(-1, 2)


def test_each_sample_is_two_letters_within_the_map(made):
    assert len(made.map.marks) == 80
    assert made.map.marks[0] == ["0", 0, "image: 0 (s0)"]
    assert made.map.marks[41] == ["1", 1, "audio: 1 (s1)"]
    assert xy(made).min() >= -1e-6
    assert xy(made).max() <= 1 + 1e-6
    assert "recall@1 audio -> image 1.00" in made.map.alt
    assert "training loss 0.50" in made.words.value


def test_the_epoch_moves_the_samples_and_the_words(made):
    last = xy(made)
    made.epoch.value = 0
    assert not np.allclose(xy(made), last)
    assert "Epoch 0:" in made.words.value
    assert "temperature" not in made.words.value
    before = made.journey.retrieval(0)["audio -> image"].recall()
    assert f"audio -> image {before:.2f} " not in made.words.value or before < 0.6
    made.epoch.value = 3
    np.testing.assert_allclose(xy(made), last)


def test_another_view_of_the_same_space(made):
    first = xy(made)
    made.directions.value = (2, 3)
    assert not np.allclose(xy(made), first)


def test_a_chosen_letter_shows_its_media_and_its_nearest(made):
    assert "Click a letter" in made.shown.value
    made.map.chosen = 1
    assert "image: 1" in made.shown.value
    assert "<img" in made.shown.value
    assert "<audio" in made.shown.value
    assert "✓ audio: 1" in made.shown.value
    assert len(made.map.near) == N_NEAR
    assert all(40 <= j < 80 and made.map.marks[j][0] == "1" for j in made.map.near)
    made.map.chosen = 45
    assert all(j < 40 for j in made.map.near)
    made.map.chosen = -1
    assert made.map.near == []


def test_of_many_samples_some_are_drawn_and_all_are_measured():
    shown = EmbeddingMap(journey(MOST + 50))
    assert len(shown.map.marks) == 2 * MOST
    assert f"n {MOST + 50}" in shown.words.value


def test_the_board_marks_right_and_wrong(board):
    board.epoch.value = 1
    board.k.value = 10
    board.which.value = 3
    rank = board.journey.retrieval(1)["audio -> image"].ranks[np.flatnonzero(board.journey.y == "0")[2]]
    assert board.answers.value.count("✓") + board.answers.value.count("✗") == 10
    assert f"{board.answers.value.count('✓')} of 10 answers are a 0" in board.words.value
    assert f"the first hit comes at rank {rank}" in board.words.value
    assert "✗" in board.answers.value
    assert "(wrong: " in board.words.value


def test_a_sound_asks_for_pictures_and_a_picture_for_sounds(board):
    assert "<audio" in board.query.value
    assert "spoken by g0" in board.query.value
    assert board.answers.value.count("<img") == 5
    board.way.value = ("image", "audio")
    assert "<img" in board.query.value
    assert board.answers.value.count("<audio") == 5


def test_another_class_asks(board):
    board.which.value = 4
    board.label.value = "2"
    assert board.which.value == 1
    assert board.which.max == 10
    assert "sound: 2" in board.query.value
    assert "answers are a 2" in board.words.value


def test_bars_and_table_tell_recall_chance_and_n(board):
    assert "audio -> image: recall@1 1.00" in board.plot.alt
    assert "chance at 1 0.25" in board.plot.alt
    assert "0.250" in board.table.value
    assert ">40<" in board.table.value
    board.epoch.value = 0
    assert "audio -> image: recall@1 1.00" not in board.plot.alt


def test_right_and_wrong_are_told_by_a_mark_and_names_are_harmless():
    made = sample(0, "<b>7</b>")
    assert "✓ " in card(made, "image", made.label, "words", True)
    assert "✗ " in card(made, "image", made.label, "words", False)
    assert "<b>7</b>" not in card(made, "image", made.label, "words").replace("<b>&lt;", "")
    assert "aria-label='audio of sample s0'" in medium_html(made, "audio")


def test_small_pixels_are_repeated_not_blurred():
    assert enlarged(np.zeros((8, 8), np.uint8), 64).shape == (64, 64)
    assert enlarged(np.zeros((100, 50, 3), np.uint8), 64).shape == (100, 50, 3)
