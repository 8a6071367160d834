"""`mmteach evaluate multitask`: its own options, its errors in a sentence, the other cases as before."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from mmteach.cases.studies import multitask
from mmteach.cli import app
from mmteach.datasets import Dataset, Row


@pytest.fixture
def made(monkeypatch):
    rng = np.random.default_rng(0)
    rows = [
        Row(
            f"s{i}", {"vector": (rng.normal(size=4) + i % 3).astype(np.float32)}, "abc"[i % 3], f"g{i % 10}",
            meta={"conflict": "ny"[i % 2]},
        )
        for i in range(120)
    ]  # fmt: skip
    monkeypatch.setattr("mmteach.datasets.load", lambda name: Dataset(rows, str(name)))
    monkeypatch.setattr(multitask, "N_STEPS", 2)
    monkeypatch.setattr(multitask, "SETTINGS", {"usual": multitask.Setting()})


def ask(*words):
    return CliRunner().invoke(app, ["evaluate", "multitask", *words])


def test_json_is_one_object_on_stdout(made):
    told = json.loads(ask("--data", "spoken_reviews", "--seeds", "3", "--json").stdout)
    assert told["n_seeds"] == 3
    assert told["task"] == "mood + conflict"
    assert {r["model"] for r in told["rows"]} == {"majority", "alone", *multitask.WEIGHINGS}


def test_a_table_by_default_and_markdown_when_asked(made):
    assert "cosine of the gradients" in ask("--data", "spoken_reviews", "--seeds", "3").stdout
    assert ask("--data", "spoken_reviews", "--seeds", "3", "--markdown").stdout.startswith("| setting |")


def test_errors_are_sentences(made):
    wrong = ask("--data", "mine")
    assert wrong.exit_code == 1
    assert "'mine' is asked one thing; two are asked of faces and spoken_reviews" in wrong.output
    assert ask("--seeds", "2").exit_code == 2


def test_the_other_cases_are_as_before():
    shown = " ".join(CliRunner().invoke(app, ["evaluate", "--help"]).output.split())
    assert "evaluate multitask --help" in " ".join(shown.split())
    assert "--protocol" in shown
    assert "--ratio" in CliRunner().invoke(app, ["evaluate", "imbalance", "--help"]).output
    assert CliRunner().invoke(app, ["evaluate", "nothing"]).exit_code == 2
