"""TaskBalance: what is trained in the background, in which order, what the controls show, what it says."""

import statistics
import time

import numpy as np
import pytest

from mmteach.cases.studies import multitask
from mmteach.cases.studies.multitask_report import ALONE
from mmteach.datasets import Dataset, Row
from mmteach.errors import ParameterError
from mmteach.widgets.task_balance import TaskBalance
from mmteach.widgets.task_views import BalancePlot, smooth, task_scores, whole
from mmteach.widgets.task_worker import FIXED, MODELS, SHARES, TaskWorker, name_of
from tests.widgets.conftest import trained_in_background


def dataset(name="faces", n=120, columns=("expression",)):
    rng = np.random.default_rng(0)
    rows = []
    for i in range(n):
        person, mood = i % 8, i // 8 % 3
        media = {"vector": (np.eye(8)[person] + mood + 0.1 * rng.normal(size=8)).astype(np.float32)}
        meta = dict.fromkeys(columns, "abc"[mood])
        rows.append(Row(f"s{i}", media, f"p{person}", f"p{person}", meta=meta))
    return Dataset(rows, name, note="made up")


@pytest.fixture(autouse=True, scope="module")
def few_steps():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(multitask, "N_STEPS", 4)
        yield


@pytest.fixture(scope="module")
def trained(few_steps):
    with trained_in_background(TaskBalance(dataset(), n_seeds=2)) as made:
        yield made


@pytest.fixture
def lab(trained):
    trained.method.value, trained.share.value, trained.setting.value = "fixed", 0.5, "usual"
    trained.wait(60)
    return trained


def test_everything_of_a_setting_is_trained_in_the_background(lab):
    found = lab.worker.found["usual"]
    for scores in found.scores.values():
        assert {name: len(runs) for name, runs in scores.items()} == dict.fromkeys((ALONE, *MODELS), 2)
    assert f"{2 * len(MODELS)} of {2 * len(MODELS)} models" in lab.busy.value
    assert "made up" in lab.source.value
    assert lab.message.value == ""


def test_the_words_under_the_figure_say_what_it_shows(lab):
    x, y = task_scores(lab.worker.found["usual"], "0.5 : 0.5").mean(axis=1)
    assert lab.model == "0.5 : 0.5"
    assert f"0.5 : 0.5 {x:.2f} and {y:.2f}" in lab.plot.alt
    assert lab.plot.alt.startswith("usual. Balanced accuracy of identity and expression: alone ")
    assert "mean cosine" in lab.plot.alt
    ringed = [float(v[0]) for v in lab.plot._here.get_data()]
    assert ringed == pytest.approx([x, y])
    assert np.array(lab.plot._fixed.get_data()).shape == (2, len(SHARES))


def test_the_lines_are_the_tasks_alone_and_the_table_compares_with_them(lab):
    alone = task_scores(lab.worker.found["usual"], ALONE).mean(axis=1)
    assert [lab.plot._alone[0].get_xdata()[0], lab.plot._alone[1].get_ydata()[0]] == pytest.approx(alone.tolist())
    assert all(band.get_visible() for band in lab.plot._bands)
    gain = (
        task_scores(lab.worker.found["usual"], "PCGrad")[0] - task_scores(lab.worker.found["usual"], ALONE)[0]
    ).mean()
    assert f"{whole(gain)} (" in lab.table.value.split("PCGrad")[1]


def test_learnt_weights_show_their_s_and_need_no_slider(lab):
    lab.method.value = "uncertainty"
    assert lab.share.disabled
    assert "; s " in lab.plot.alt
    assert np.isfinite(lab.plot._s[0].get_ydata()).all()
    lab.method.value = "PCGrad"
    assert "; s " not in lab.plot.alt
    lab.method.value = "fixed"
    assert not lab.share.disabled


def test_another_setting_is_trained_when_it_is_asked_for_and_the_first_one_kept(lab):
    kept = lab.worker.found["usual"]
    lab.setting.value = "few labels"
    lab.wait(60)
    assert "few labels. Balanced accuracy" in lab.plot.alt
    lab.setting.value = "usual"
    lab.wait(60)
    assert lab.worker.found["usual"] is kept
    assert len(kept.scores["identity"][ALONE]) == 2


def test_what_is_wanted_is_trained_first():
    worker = TaskWorker(dataset(), 2, lambda: None, lambda said: None)
    jobs = list(worker._jobs("usual", "PCGrad"))
    assert [(j.model, j.seed) for j in jobs[:4]] == [(ALONE, 0), (ALONE, 1), ("PCGrad", 0), ("PCGrad", 1)]
    assert len(jobs) == len(set(jobs)) == 2 * (1 + len(MODELS))
    worker.stop()


def test_a_step_of_the_slider_redraws_quickly(lab):
    taken = []
    for i in range(10):
        start = time.thread_time()
        lab.share.value = SHARES[i % len(SHARES)]
        taken.append(time.thread_time() - start)
    assert statistics.median(taken) < 0.3  # processor time, and generous: a test may share its machine


def test_running_the_cell_again_stops_what_was_begun():
    first = TaskBalance(dataset(), n_seeds=50)
    second = TaskBalance(dataset(), n_seeds=1)
    first.wait(30)
    second.wait(60)
    assert first.worker.n_done("usual", "PCGrad") < 50
    assert second.worker.n_done("usual", "PCGrad") == 1


def test_what_cannot_be_asked_is_a_sentence():
    assert "is asked one thing" in TaskBalance(dataset("other")).message.value
    broken = TaskBalance(dataset(columns=()))
    broken.wait(30)
    assert "it needs two" in broken.message.value
    with pytest.raises(ParameterError, match="0 seeds"):
        TaskBalance(dataset(), n_seeds=0)


def test_the_names_of_fixed_weights_say_both_shares():
    assert name_of(0.3) == "0.7 : 0.3"
    assert FIXED["0.9 : 0.1"].weights == pytest.approx((0.9, 0.1))
    assert len(smooth(np.arange(5))) == 5
    np.testing.assert_allclose(smooth(np.arange(12.0)), [4.5, 5.5, 6.5])
    empty = BalancePlot(("a", "b"))
    empty.draw(None, "PCGrad", "usual")
    assert "nothing is trained yet" in empty.alt
