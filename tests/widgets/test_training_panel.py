"""TrainingPanel: buttons, live learning rate, runs that end in every way."""

import threading
import time

import numpy as np
import pytest

from mmteach.errors import ParameterError
from mmteach.features import Vector
from mmteach.pipeline import Branch, Pipeline
from mmteach.train import Recipe
from mmteach.types import Sample
from mmteach.widgets.training_panel import TrainingPanel
from mmteach.widgets.training_record import curves_in_words, loss_ceiling, runs_table
from mmteach.widgets.training_run import TrainingRun


def samples(n=24, seed=0):
    rng = np.random.default_rng(seed)
    return [
        Sample(f"s{i}", {"vector": (rng.normal(size=6) + 3 * (i % 2)).astype(np.float32)}, "ab"[i % 2], f"g{i}")
        for i in range(n)
    ]


def pipeline(**recipe):
    branch = Branch("vector", Vector(), encoder={"name": "mlp", "hidden": 8, "dim": 4})
    return Pipeline({"vector": branch}, recipe=Recipe(**{"epochs": 4, "batch_size": 8, **recipe}))


@pytest.fixture
def panel():
    made = TrainingPanel(pipeline(), samples(), samples(12, 1))
    yield made
    TrainingRun.stop_current()
    for run in made.runs:
        run.wait(10)


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.005)


def test_train_runs_to_the_end_and_leaves_a_fitted_pipeline(panel):
    before = panel.plot.png
    fitted = panel.train(epochs=5)
    assert len(fitted.predict(samples(4))) == 4
    assert panel.runs[-1].state == "finished"
    assert len(panel.runs[-1].history.epochs) == 5
    assert panel.plot.png != before
    assert "after epoch 5" in panel.plot.alt
    assert ">finished</td>" in panel.table.value


def test_the_kept_epoch_is_the_best_in_validation(panel):
    panel.train(epochs=6)
    history = panel.runs[-1].history
    assert history.best == history.column("val_loss").argmin() + 1
    loss, _ = panel.runs[-1].trainer.measure(panel.bench.prepare()[1])
    assert loss == pytest.approx(history.column("val_loss").min(), abs=1e-5)


def test_the_learning_rate_is_obeyed_in_the_middle_of_a_run(panel):
    panel.schedule.value, panel.epochs.value, panel.rate.value = "constant", 100, 1e-3
    panel.start()
    until(lambda: len(panel.runs[-1].history.epochs) >= 2)
    panel.rate.value = 1e-2
    seen = len(panel.runs[-1].history.epochs)
    until(lambda: len(panel.runs[-1].history.epochs) >= min(seen + 2, 100))
    panel.stop()
    panel.runs[-1].wait(10)
    rates = panel.runs[-1].history.column("learning_rate")
    assert rates[0] == pytest.approx(1e-3)
    assert rates[-1] == pytest.approx(panel.rate.value)
    assert "to 1.0e-02" in runs_table(panel.runs)


def test_pause_keeps_everything_and_go_on_takes_it_up(panel):
    panel.epochs.value = 100
    panel.start()
    until(lambda: len(panel.runs[-1].history.epochs) >= 2)
    panel.pause()
    assert panel.pause_button.description == "Go on"
    time.sleep(0.1)
    seen = len(panel.runs[-1].history.epochs)
    time.sleep(0.1)
    assert len(panel.runs[-1].history.epochs) == seen
    panel.pause()
    until(lambda: len(panel.runs[-1].history.epochs) > seen)
    assert [e.number for e in panel.runs[-1].history.epochs[: seen + 1]] == list(range(1, seen + 2))


def test_stop_keeps_the_best_model_so_far_even_from_pause(panel):
    panel.epochs.value = 100
    panel.start()
    until(lambda: len(panel.runs[-1].history.epochs) >= 3)
    panel.pause()
    panel.stop()
    panel.runs[-1].wait(10)
    assert panel.runs[-1].state == "stopped"
    assert panel.pipeline.predict(samples(2))
    assert "stopped" in panel.table.value
    assert not panel.start_button.disabled


def test_a_loss_that_explodes_is_a_sentence_and_the_next_run_starts(panel):
    def explode(recipe):
        raise ParameterError("the loss became nan: lower the learning rate")

    panel.bench.trainer, kept = explode, panel.bench.trainer
    panel.train()
    assert panel.runs[-1].state == "failed"
    assert "lower the learning rate" in panel.message.value
    panel.bench.trainer = kept
    panel.train(rate=1e-3)
    assert panel.runs[-1].state == "finished"
    assert panel.message.value == ""


def test_a_mistake_of_ours_is_a_sentence_too(panel):
    panel.bench.trainer = lambda recipe: 1 / 0
    panel.train()
    assert panel.runs[-1].state == "failed"
    assert "ZeroDivisionError" in panel.message.value


def test_no_class_is_a_sentence():
    panel = TrainingPanel(pipeline(), [s for s in samples() if s.label == "a"], [])
    panel.train()
    assert "1 class" in panel.message.value


def test_running_the_cell_again_stops_the_run_before(panel):
    panel.epochs.value = 100
    panel.start()
    until(lambda: len(panel.runs[-1].history.epochs) >= 1)
    TrainingPanel(pipeline(), samples(), samples(12, 1))
    panel.runs[-1].wait(10)
    assert panel.runs[-1].state == "stopped"
    assert not [t for t in threading.enumerate() if t.name == "training" and t.is_alive()]


def test_a_second_start_waits_for_the_first(panel):
    panel.epochs.value = 100
    panel.start()
    panel.start()
    assert len(panel.runs) == 1
    assert "stop it" in panel.message.value


@pytest.mark.parametrize("loss", ["arcface", "triplet", "cross_entropy", "focal", "ldam", "logit_adjusted"])
def test_every_loss_trains_and_saves(panel, loss, tmp_path):
    fitted = panel.train(loss=loss, epochs=2)
    assert panel.runs[-1].state == "finished", panel.message.value
    again = Pipeline.load(fitted.save(tmp_path / "model"))
    np.testing.assert_allclose(again.predict(samples(3))[0].probs, fitted.predict(samples(3))[0].probs, atol=1e-6)


def test_without_validation_the_last_epoch_stays():
    panel = TrainingPanel(pipeline(), samples(), [])
    panel.train(epochs=3)
    assert panel.runs[-1].history.best == 3
    assert np.isnan(panel.runs[-1].history.column("val_loss")).all()


def test_the_ceiling_of_the_loss_survives_one_wild_epoch():
    assert loss_ceiling(np.array([1.0, 1.1, 500.0])) < 6
    assert loss_ceiling(np.array([np.nan])) == 1
    assert curves_in_words([], 0).endswith("no epoch yet")
