"""Several processes do what one does; who was interrupted goes on; a card is used where there is one."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from mmteach.errors import ModelFileError, ParameterError
from mmteach.train import Recipe, Trainer
from mmteach.train.checkpoint import NAME
from mmteach.train.scale import Machine, choose_device, fit_on
from mmteach.train.shards import Share, look_at_all, look_at_own, shard

SCRIPT = Path(__file__).with_name("two_processes.py")
spec = importlib.util.spec_from_file_location("two_processes", SCRIPT)
small = importlib.util.module_from_spec(spec)
spec.loader.exec_module(small)


def state(model):
    return {k: v.clone() for k, v in model.state_dict().items()}


def curve(history):
    return torch.tensor([list(row[:6]) for row in history.epochs], dtype=torch.float64)


# shares


@pytest.mark.parametrize("world", [1, 2, 3, 5])
@pytest.mark.parametrize("n", [0, 1, 7, 10, 12])
def test_every_sample_once_and_none_twice(n, world):
    order = torch.randperm(n, generator=torch.Generator().manual_seed(n))
    shares = [shard(order, rank, world) for rank in range(world)]
    assert sorted(torch.cat(shares).tolist()) == list(range(n))
    sizes = [len(s) for s in shares]
    assert max(sizes) - min(sizes) <= 1


def gradients(model, loss):
    model.zero_grad()
    loss.backward()
    return {k: p.grad.clone() for k, p in model.named_parameters() if p.grad is not None}


@pytest.mark.parametrize("rows", [4, 7, 11, 2])
def test_the_mean_of_the_parts_gradients_is_the_whole_batch_s(make_model, make_batch, rows):
    """Parts are unequal, and a modality is missing from all rows of one of them."""
    model, batch = make_model("late", dropout=0.0).eval(), make_batch(rows)
    batch.present["other"][::2] = False
    trainer = Trainer(model, batch, None, Recipe())
    whole = gradients(model, trainer.answer(batch, 0.0)[2])
    parts = []
    for rank in range(2):
        share = Share(rank, 2)
        part = share.of(batch)
        output = model(part)
        weighed = share.weigh(*trainer.objective.parts(output, part), part, batch, output.unimodal)
        parts.append(gradients(model, trainer.balance.total(*weighed)))
    for name, gradient in whole.items():
        mean = sum(p.get(name, torch.zeros_like(gradient)) for p in parts) / 2
        torch.testing.assert_close(mean, gradient, atol=1e-6, rtol=1e-4)


def test_a_layer_is_itself_again_afterwards(make_model, make_batch):
    model, batch = make_model().eval(), make_batch()
    before = model(batch).logits
    look_at_all(model, Share(0, 2))
    assert any("forward" in vars(module) for module in model.modules())
    look_at_own(model)
    assert not any("forward" in vars(module) for module in model.modules())
    assert torch.equal(model(batch).logits, before)


@pytest.mark.parametrize("choice", [{"loss": "triplet"}, {"balance": "ogm_ge"}, {"balance": "blend"}])
def test_what_needs_a_whole_batch_in_one_place_is_refused(make_model, make_batch, choice):
    with pytest.raises(ParameterError, match="train with one process"):
        fit_on(Machine(world=2), make_model(), make_batch(), recipe=Recipe(**choice))


# two real processes, one of which is killed


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """Six epochs in two processes; the second is killed in the third epoch, and torchrun starts both again."""
    if not hasattr(signal, "SIGKILL"):
        pytest.skip("Windows cannot kill a process by a signal")
    if not (torch.distributed.is_available() and torch.distributed.is_gloo_available()):
        pytest.skip("this build of torch has no gloo, by which processes talk to each other")
    folder = tmp_path_factory.mktemp("shared")
    run = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node", "2", "--max-restarts", "1"]
    threads = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(SCRIPT.parents[2])}
    done = subprocess.run([*run, SCRIPT, folder, "die"], capture_output=True, text=True, timeout=300, env=threads)
    assert done.returncode == 0, done.stderr
    assert "exitcode: -9" in done.stderr  # it did die
    said = json.loads((folder / "history.json").read_text(encoding="utf-8"))
    return (
        torch.tensor(said["epochs"], dtype=torch.float64)[:, :6],
        said["steps"],
        load_file(folder / "model.safetensors"),
    )


def test_two_processes_give_the_loss_curve_of_one(shared):
    torch.testing.assert_close(shared[0], curve(small.alone()[1]), atol=1e-4, rtol=0)


def test_after_a_killed_worker_the_weights_are_those_of_an_uninterrupted_run(shared):
    for name, value in small.alone()[0].state_dict().items():
        torch.testing.assert_close(shared[2][name], value, atol=1e-5, rtol=1e-4)


def test_a_killed_worker_loses_no_finished_epoch(shared):
    assert shared[1] == 4 * 3  # two epochs of three steps were finished: four were left


# interrupted and started again, by one process


class Stop(Exception):
    """Somebody pulls the plug."""


def until(epochs, folder, recipe=small.RECIPE):
    """Train until the plug is pulled, in the middle of the epoch after `epochs`."""
    steps = []

    def pulled(batch, generator):
        steps.append(1)
        if len(steps) == 3 * epochs + 2:
            raise Stop
        return small.noisy(batch, generator)

    with pytest.raises(Stop):
        fit_on(Machine(checkpoint=folder), small.model(), *small.parts(), recipe, pulled)


def go_on(folder, recipe=small.RECIPE, model=None):
    steps = []
    made = model or small.model()
    counted = lambda batch, generator: steps.append(1) or small.noisy(batch, generator)  # noqa: E731
    return made, fit_on(Machine(checkpoint=folder), made, *small.parts(), recipe, counted), len(steps)


@pytest.mark.parametrize("choice", [{}, {"optimiser": "sgd"}, {"patience": 1, "learning_rate": 0.1}])
def test_a_second_start_ends_where_one_run_would(tmp_path, choice):
    recipe = replace(small.RECIPE, **choice)
    whole, history = small.alone(recipe)
    until(2, tmp_path, recipe)
    again, resumed, n_steps = go_on(tmp_path, recipe)
    assert n_steps == 3 * (len(history.epochs) - 2)
    assert torch.equal(curve(resumed), curve(history))
    assert (resumed.best, resumed.ended) == (history.best, history.ended)
    for name, value in whole.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name


def test_a_run_that_is_over_is_not_trained_on(tmp_path):
    first = state(go_on(tmp_path)[0])
    made, history, n_steps = go_on(tmp_path)
    assert (n_steps, history.ended) == (0, "finished")
    assert all(torch.equal(first[k], v) for k, v in made.state_dict().items())


def test_one_file_is_there_and_no_half_written_one(tmp_path):
    until(3, tmp_path / "new" / "folder")
    assert [f.name for f in (tmp_path / "new" / "folder").iterdir()] == [NAME]


def wider():
    encoders = {m: {"name": "mlp", "dim": 5} for m in ("audio", "text")}
    return small.build_model(small.ModelSpec({"audio": (3,), "text": (3,)}, 2, encoders, {"name": "late"}))


@pytest.mark.parametrize(
    ("change", "said"),
    [({"recipe": replace(small.RECIPE, seed=5)}, "seed was 0, now 5"), ({"model": wider()}, "another model")],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, change, said):
    until(1, tmp_path)
    with pytest.raises(ModelFileError, match=said):
        go_on(tmp_path, **change)


def test_a_checkpoint_of_other_data_is_refused(tmp_path):
    until(1, tmp_path)
    train, val = small.parts()
    train.x["text"][0, 0] += 1
    with pytest.raises(ModelFileError, match="another training part"):
        fit_on(Machine(checkpoint=tmp_path), small.model(), train, val, small.RECIPE)


@pytest.mark.parametrize("content", [b"", b"not one", None])
def test_a_damaged_checkpoint_is_said(tmp_path, content):
    until(1, tmp_path)
    file = tmp_path / NAME
    file.write_bytes(file.read_bytes()[:-9] if content is None else content)
    with pytest.raises(ModelFileError, match="delete it, and the run starts anew"):
        go_on(tmp_path)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("here", encoding="utf-8")
    with pytest.raises(ModelFileError, match="choose another folder"):
        go_on(tmp_path / "file" / "run")


# devices


def test_auto_is_a_card_where_there_is_one(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose_device("auto") == torch.device("cpu")
    with pytest.raises(ParameterError, match="take auto or cpu"):
        choose_device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert choose_device("auto", 1) == torch.device("cuda", 1)


def test_an_unknown_device_is_named():
    with pytest.raises(ParameterError, match="'tpu'; known are auto, cpu, cuda, mps"):
        choose_device("tpu")


def test_torchrun_says_who_this_is(monkeypatch):
    assert Machine.found() == Machine("auto")
    for name, value in (("RANK", "3"), ("WORLD_SIZE", "4"), ("LOCAL_RANK", "1")):
        monkeypatch.setenv(name, value)
    assert Machine.found("cpu") == Machine("cpu", None, None, 3, 4, 1)
    assert not Machine.found().first


def test_mixed_precision_learns_nearly_the_same_and_keeps_weights_in_float32():
    made = small.model()
    history = fit_on(Machine(mixed=True), made, *small.parts(), small.RECIPE, small.noisy)
    assert {p.dtype for p in made.parameters()} == {torch.float32}
    plain = curve(small.alone()[1])
    assert not torch.equal(curve(history), plain)
    torch.testing.assert_close(curve(history)[:, 1], plain[:, 1], atol=0.1, rtol=0)
