"""`mmteach evaluate retrieval`: its own options, its rows, its errors in a sentence."""

import json

import pytest
from click.testing import CliRunner

from mmteach.cases import digits
from mmteach.cases.studies import cross_modal
from mmteach.cli import app
from mmteach.pipeline import Pipeline
from mmteach.train import Recipe


@pytest.fixture
def quick(monkeypatch):
    """One epoch, ten pairs of each digit, two blocks of speakers."""
    from mmteach import datasets

    voices = datasets.load("spoken_digits", language="en")
    speakers = sorted({row.group for row in voices.rows})[:2]
    few = voices.subset(i for i, row in enumerate(voices.rows) if row.group in speakers)
    paired = digits.paired(few)
    monkeypatch.setattr(digits, "paired", lambda data, seed: paired)
    made = Pipeline(cross_modal.branches(), recipe=Recipe(epochs=1, batch_size=32))
    monkeypatch.setattr(cross_modal, "pipeline", lambda seed=0: made)


def test_both_ways_stand_beside_chance(quick):
    shown = CliRunner().invoke(app, ["evaluate", "retrieval", "--json"])
    assert shown.exit_code == 0, shown.output
    rows = {row["model"]: row for row in json.loads(shown.stdout)["rows"]}
    assert rows["chance"]["value"] == pytest.approx(0.1, abs=0.01)
    for way in ("audio -> image", "image -> audio"):
        assert (rows[way]["metric"], rows[way]["n"]) == ("recall@1", 100)


def test_a_set_without_recordings_is_a_sentence():
    shown = CliRunner().invoke(app, ["evaluate", "retrieval", "--data", "faces"])
    assert shown.exit_code == 1
    assert "no recordings" in shown.output


def test_the_help_of_evaluate_names_every_study():
    shown = " ".join(CliRunner().invoke(app, ["evaluate", "--help"]).output.split())
    for study in ("imbalance", "retrieval", "transfer", "augmentation", "compression", "dictation"):
        assert f"mmteach evaluate {study} --help" in shown
