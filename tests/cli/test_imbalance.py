"""`mmteach evaluate imbalance`: its own options, its errors in a sentence."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from mmteach.cases.studies import imbalance
from mmteach.cli import app
from mmteach.datasets import Dataset, Row


@pytest.fixture
def made(monkeypatch):
    rng = np.random.default_rng(0)
    rows = [
        Row(f"s{i}", {"vector": (rng.normal(size=4) + i % 2).astype(np.float32)}, "ab"[i % 2], f"g{i % 20}")
        for i in range(200)
    ]
    monkeypatch.setattr("mmteach.datasets.load", lambda name: Dataset(rows, str(name)))
    monkeypatch.setattr(imbalance, "N_STEPS", 6)


def ask(*words):
    return CliRunner().invoke(app, ["evaluate", "imbalance", *words])


def test_json_is_one_object_on_stdout(made):
    told = json.loads(ask("--data", "mine", "--ratio", "20", "--seeds", "2", "--json").stdout)
    assert told["ratio"] == 20
    assert told["n_seeds"] == 2
    assert told["rows"][1]["model"] == "cross-entropy"


def test_a_table_by_default_and_markdown_when_asked(made):
    assert "balanced accuracy" in ask("--data", "mine", "--ratio", "5", "--seeds", "2").stdout
    assert ask("--data", "mine", "--ratio", "5", "--seeds", "2", "--markdown").stdout.startswith("| model |")


def test_a_wrong_ratio_is_a_sentence_and_a_wrong_option_a_usage_error(made):
    wrong = ask("--data", "mine", "--ratio", "0")
    assert wrong.exit_code == 1
    assert "ratio is 0" in wrong.output
    assert ask("--ratio", "much").exit_code == 2
    assert ask("--seeds", "1").exit_code == 2


def test_the_other_cases_are_as_before():
    shown = " ".join(CliRunner().invoke(app, ["evaluate", "--help"]).output.split())
    assert "evaluate imbalance --help" in shown
    assert "--protocol" in shown
    assert "--ratio" in ask("--help").output
    assert CliRunner().invoke(app, ["evaluate", "nothing"]).exit_code == 2
