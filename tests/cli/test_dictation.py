"""`mmteach evaluate dictation`: its own options, its errors in a sentence; the other cases are as before."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from mmteach.cases.studies import dictation
from mmteach.cli import app


@pytest.fixture
def asked(monkeypatch):
    seen = []

    def evaluate(*given):
        seen.append(given)
        return SimpleNamespace(
            to_json=lambda: {"case": "dictation"}, to_text=lambda: "wer", to_markdown=lambda: "| wer"
        )

    monkeypatch.setattr("mmteach.datasets.load", lambda name: name)
    monkeypatch.setattr(dictation, "evaluate", evaluate)
    return seen


def ask(*words):
    return CliRunner().invoke(app, ["evaluate", "dictation", *words])


def test_json_is_one_object_on_stdout(asked):
    told = ask("--data", "fsdd", "--strings", "20", "--seed", "3", "--protocol", "folds2", "--json")
    assert json.loads(told.stdout) == {"case": "dictation"}
    assert asked == [("fsdd", "folds2", 3, 20, False)]


def test_a_table_by_default_and_markdown_when_asked(asked):
    assert ask().stdout == "wer\n"
    assert ask("--markdown").stdout == "| wer\n"
    assert [given[0] for given in asked] == ["spoken_digits"] * 2


def test_wrong_options_are_usage_errors():
    assert ask("--strings", "1").exit_code == 2


def test_a_set_without_sound_is_a_sentence():
    wrong = ask("--data", "faces")
    assert wrong.exit_code == 1
    assert "needs recordings labelled 0 to 9" in wrong.output


def test_the_other_cases_are_as_before():
    shown = CliRunner().invoke(app, ["evaluate", "--help"]).output
    assert "mmteach evaluate dictation --help" in " ".join(shown.split())
    assert "mmteach evaluate imbalance --help" in " ".join(shown.split())
