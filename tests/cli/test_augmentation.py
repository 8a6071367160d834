"""`mmteach evaluate augmentation`: its own options, its errors in a sentence."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from mmteach.cases.studies import augmentation
from mmteach.cli import app
from mmteach.datasets import Dataset, Row


@pytest.fixture
def made(monkeypatch):
    rng = np.random.default_rng(0)
    rows = [
        Row(f"s{i}", {"vector": (rng.normal(size=4) + i % 2).astype(np.float32)}, "ab"[i % 2], f"g{i % 12}")
        for i in range(60)
    ]
    monkeypatch.setattr("mmteach.datasets.load", lambda name: Dataset(rows, str(name)))
    monkeypatch.setattr(augmentation, "N_STEPS", 3)
    monkeypatch.setattr(augmentation, "MOST_SIZES", 2)


def ask(*words):
    return CliRunner().invoke(app, ["evaluate", "augmentation", *words])


def test_json_is_one_object_on_stdout(made):
    told = json.loads(ask("--data", "mine", "--seeds", "2", "--json").stdout)
    assert told["case"] == "augmentation"
    assert told["sizes"] == [3, 6]
    assert told["rows"][1]["model"] == "plain, 3 a class"


def test_a_table_by_default_and_markdown_when_asked(made):
    assert "balanced accuracy by samples of a class" in ask("--data", "mine", "--seeds", "2").stdout
    assert ask("--data", "mine", "--seeds", "2", "--markdown").stdout.startswith("| model |")


def test_a_wrong_option_is_a_usage_error_and_a_wrong_label_a_sentence(made):
    assert ask("--seeds", "1").exit_code == 2
    wrong = ask("--data", "mine", "--label", "nothing")
    assert wrong.exit_code == 1
    assert "nothing" in wrong.output


def test_the_other_cases_are_as_before():
    shown = " ".join(CliRunner().invoke(app, ["evaluate", "--help"]).output.split())
    assert "evaluate augmentation --help" in shown
    assert "--protocol" in shown
    assert "--seeds" in ask("--help").output
    assert "--ratio" in CliRunner().invoke(app, ["evaluate", "imbalance", "--help"]).output
    assert CliRunner().invoke(app, ["evaluate", "nothing"]).exit_code == 2
