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


def test_a_modality_that_tells_nothing_is_named():
    rows = (row("majority", 0.5), row("acoustic", 0.52), row("text", 0.7), row("fused", 0.7, p_against_best=0.9))
    rows = [Row(r.model, r.metric, r.value, (r.value - 0.03, r.value + 0.03), 0.1, r.further) for r in rows]
    said = report(*rows).verdict()
    assert "Fused adds nothing to text alone" in said
    assert "acoustic alone (0.520) cannot be told from always answering the most frequent class (0.500)" in said
    assert "text alone (0.7" not in said


def test_one_modality_has_nothing_to_fuse():
    made = report(row("majority", 0.1), row("text", 0.5))
    assert made.verdict() == "One modality, text: there is nothing to fuse."
    assert made.verdict() in made.to_text()
