"""Retrieval is measured on every block in turn, and told beside chance."""

import numpy as np
import pytest

from mmteach.cases.studies.cross_modal_report import CHANCE, retrieval_report
from mmteach.datasets import Dataset, Row, plan
from mmteach.features import Vector
from mmteach.pipeline import Branch, Pipeline
from mmteach.train import Recipe


def made(n=120, n_groups=4):
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        x = rng.normal(size=(2, 5)).astype(np.float32) * 0.3
        x[0, i % 3] += 2
        x[1, (i + 1) % 3] += 2
        group = str(i // 3 % n_groups)
        meta = {"fold": group, "speaker": f"speaker {group}"}
        rows.append(Row(f"s{i}", {"look": x[0], "sound": x[1]}, str(i % 3), f"block {group}", meta=meta))
    return Dataset(rows, "made", note="made up")


@pytest.fixture(scope="module")
def report():
    branches = {m: Branch(m, Vector(), encoder={"name": "mlp", "dim": 8, "hidden": 16}) for m in ("look", "sound")}
    small = Pipeline(branches, recipe=Recipe(epochs=5, batch_size=15, learning_rate=0.02))
    said = []
    found = retrieval_report(made(), plan(made(), "classify"), by_speaker=False, pipeline=small, progress=said.append)
    assert len(said) == 4
    return found


def test_every_block_is_asked_once_by_a_space_that_never_met_it(report):
    assert report.n_test == 120
    assert report.n_train == 90
    for way in ("look -> sound", "sound -> look"):
        row = report[way]
        assert row.further["n"] == 120
        assert set(row.further["by_group"]) == {f"speaker {i}" for i in range(4)}
        assert row.value == pytest.approx(np.mean(list(row.further["by_group"].values())))
        assert row.ci95[0] < row.value <= row.ci95[1]
        assert row.value > 0.8


def test_chance_stands_beside_it_and_the_verdict_names_the_hardest(report):
    assert report[CHANCE].value == pytest.approx(1 / 3)
    assert "against 0.333 by chance" in report.verdict()
    assert "speaker" in report.verdict()
    assert "made up" in report.to_text()
    assert report.to_json()["rows"][1]["recall@5"] == 1


def test_classes_named_by_the_other_side_are_rows_too(report):
    assert report["look named by sound"].value > 0.8
    assert report["sound named by look"].further["n"] == 120
