"""TransferLab: what is trained in the background, what its controls show, what it says."""

import numpy as np
import pytest

from mmteach.cases.studies import transfer
from mmteach.cases.studies.transfer import ITSELF, WAYS
from mmteach.cases.studies.transfer_report import HARD, TEACHER
from mmteach.errors import ParameterError
from mmteach.widgets import transfer_lab
from mmteach.widgets.transfer_lab import TransferLab
from tests.widgets.conftest import clouds, trained_in_background


@pytest.fixture(autouse=True, scope="module")
def quick():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transfer_lab, "N_STEPS", 2)
        patch.setattr(transfer, "BIG", {"name": "mlp", "hidden": 5, "dim": 4})
        yield


@pytest.fixture(scope="module")
def trained(quick):
    with trained_in_background(TransferLab(clouds(n=120, n_groups=20), n_seeds=2)) as made:
        yield made


@pytest.fixture
def lab(trained):
    trained.wait(60)
    trained.temperature.value, trained.labelled.value = 4.0, 0
    trained.wait(60)
    return trained


def test_every_student_is_trained_in_the_background_and_shown(lab):
    results = lab.worker.results[lab.setting]
    assert {way: len(runs) for way, runs in results.right.items()} == dict.fromkeys((ITSELF, *WAYS), 2)
    for way in WAYS:
        value = np.mean([r.mean() for r in results.right[way]])
        assert f"{way} {value:.2f} (" in lab.plot.alt
    assert "2 of 2 seeds are trained" in lab.busy.value
    assert "made up" in lab.source.value
    assert lab.message.value == ""


def test_the_table_tells_paired_differences(lab):
    right = lab.worker.results[lab.setting].right
    gain = 100 * np.mean([a.mean() - b.mean() for a, b in zip(right[TEACHER], right[HARD], strict=True)])
    assert f"{gain:+.1f}" in lab.table.value
    assert "no difference shown" in lab.table.value or "better" in lab.table.value or "worse" in lab.table.value


def test_the_teacher_is_shown_at_another_temperature_at_once(lab):
    logits, y = lab.worker.results[lab.setting].soft
    lab.temperature.value = 16.0
    row = (logits / 16).softmax(dim=1)[y == 0].mean(dim=0)
    assert "soft targets at T = 16" in lab.plot.alt
    assert f"a: a {row[0]:.2f}, b {row[1]:.2f}" in lab.plot.alt
    lab.wait(60)
    assert "teacher 0." in lab.plot.alt


def test_fewer_labels_are_another_run_that_is_kept(lab):
    before = lab.worker.results[lab.setting]
    lab.labelled.value = 12
    lab.wait(60)
    assert lab.setting.n_labelled == 12
    assert lab.worker.n_done(lab.setting) == 2
    lab.labelled.value = 0
    assert lab.worker.results[lab.setting] is before


def test_menus_offer_what_the_set_has(lab):
    assert [label for label, _ in lab.teacher.options] == ["face", "voice", "face + voice"]
    assert (lab.setting.teacher, lab.setting.student) == (("voice",), "face")


def test_what_cannot_be_trained_is_a_sentence_once_and_stops(lab):
    lab.worker.want(lab.setting._replace(n_labelled=3))
    lab.wait(30)
    assert "3 labels for 3 classes" in lab.message.value
    lab.temperature.value = 2.0
    assert lab.message.value == ""
    lab.wait(60)


def test_one_modality_is_a_sentence():
    assert "has voice alone" in TransferLab(clouds(n=120, n_groups=20, modalities=("voice",))).message.value
    with pytest.raises(ParameterError, match="0 seeds"):
        TransferLab(clouds(n=120, n_groups=20), n_seeds=0)


def test_running_the_cell_again_stops_what_was_begun():
    first = TransferLab(clouds(n=120, n_groups=20), n_seeds=200)
    second = TransferLab(clouds(n=120, n_groups=20), n_seeds=1)
    first.wait(30)
    second.wait(60)
    assert first.worker.n_done(first.setting) < 200
    assert second.worker.n_done(second.setting) == 1


def test_a_mistake_of_ours_ends_in_a_sentence_too(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("no tensor")
        yield

    monkeypatch.setattr(transfer, "run", broken)
    lab = TransferLab(clouds(n=120, n_groups=20), n_seeds=1)
    lab.wait(30)
    assert "something went wrong inside mmteach (RuntimeError: no tensor)" in lab.message.value
