import pytest

from mmteach.cases.report import Report, Row


def report(*rows):
    return Report("faces", "orl", "identify", "first5", "a note", 200, 200, rows, 1.0, 0)


def row(model, value, metric="accuracy", **further):
    return Row(model, metric, value, (value, value), 0.1, further)


def test_json_holds_further_numbers_beside_the_value():
    found = report(row("majority", 0.1), row("image", 0.5), row("fused", 0.6, macro_f1=0.55)).to_json()
    assert found["rows"][-1] == {
        "model": "fused", "metric": "accuracy", "value": 0.6, "ci95": [0.6, 0.6], "seconds": 0.1, "macro_f1": 0.55,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("metric", "single", "fused", "said"),
    [
        ("accuracy", 0.5, 0.6, "10.0 points better"),
        ("accuracy", 0.6, 0.5, "10.0 points worse"),
        ("eer", 0.2, 0.1, "10.0 points better"),
        ("accuracy", 0.6, 0.6, "adds nothing"),
    ],
)
def test_the_verdict_says_whether_fusing_helped(metric, single, fused, said):
    made = report(row("majority", 0.1, metric), row("image", single, metric), row("fused", fused, metric))
    assert said in made.verdict()
    assert made.verdict() in made.to_text()


def test_chance_is_called_chance():
    assert "could be chance" in report(row("image", 0.5), row("fused", 0.6, p_against_best=0.3)).verdict()
    assert "no chance" in report(row("image", 0.5), row("fused", 0.6, p_against_best=0.01)).verdict()


def test_markdown_has_a_line_a_model():
    assert report(row("image", 0.5), row("fused", 0.6)).to_markdown().count("\n") == 3
