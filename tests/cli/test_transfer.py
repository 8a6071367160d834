"""`mmteach evaluate transfer`: its own options, its errors in a sentence, and the other cases as before."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from mmteach import datasets
from mmteach.cases.studies import transfer
from mmteach.cli import app
from mmteach.datasets import Dataset, Row


@pytest.fixture
def made(monkeypatch):
    rng = np.random.default_rng(0)
    rows = [
        Row(f"s{i}", {m: (rng.normal(size=4) + i % 2).astype(np.float32) for m in ("face", "voice")}, "ab"[i % 2],
            f"g{i % 20}")
        for i in range(60)
    ]  # fmt: skip
    monkeypatch.setattr("mmteach.datasets.load", lambda name: Dataset(rows, str(name)))
    monkeypatch.setattr(transfer, "BIG", {"name": "mlp", "hidden": 4, "dim": 4})
    monkeypatch.setattr(transfer, "epochs_for", lambda n, n_steps: 1)
    monkeypatch.setattr(transfer, "N_FOLDS", 2)


def ask(*words):
    return CliRunner().invoke(app, ["evaluate", "transfer", *words])


def test_json_is_one_object_on_stdout(made):
    told = json.loads(ask("--data", "mine", "--student", "voice", "--seeds", "2", "--labelled", "20", "--json").stdout)
    assert (told["teacher"], told["student"], told["n_labelled"], told["n_seeds"]) == (["face"], "voice", 20, 2)
    assert set(told["rows"][-1]["against"]) >= {"labels alone", "smoothed labels"}
    assert "face" in told["verdict"]


def test_a_table_by_default_and_markdown_when_asked(made, monkeypatch):
    report = transfer.evaluate(datasets.load("mine"), n_seeds=2)
    monkeypatch.setattr(transfer, "evaluate", lambda *_: report)
    assert ask("--data", "mine").stdout == report.to_text() + "\n"
    assert ask("--data", "mine", "--markdown").stdout == report.to_markdown() + "\n"


def test_what_cannot_be_is_a_sentence(made):
    wrong = ask("--data", "mine", "--teacher", "smell")
    assert wrong.exit_code == 1
    assert "has face, voice and no 'smell'" in wrong.output
    assert "temperature is 0" in ask("--data", "mine", "--temperature", "0").output
    assert ask("--seeds", "1").exit_code == 2


def test_the_other_cases_are_as_before():
    shown = CliRunner().invoke(app, ["evaluate", "--help"]).output
    assert "evaluate transfer --help" in shown
    assert "evaluate imbalance --help" in shown
    assert "--protocol" in shown
    assert "--temperature" in ask("--help").output
    assert "--ratio" in CliRunner().invoke(app, ["evaluate", "imbalance", "--help"]).output
    assert CliRunner().invoke(app, ["evaluate", "nothing"]).exit_code == 2
