"""`mmteach train` with checkpoints, a device and a cluster."""

import os

import numpy as np
from click.testing import CliRunner

from mmteach import cli
from mmteach.pipeline import Pipeline
from mmteach.train.checkpoint import NAME


def train(manifest, out, *further):
    arguments = ["train", "sentiment", "--data", manifest, "--out", out, "--epochs", 3, *further]
    return CliRunner().invoke(cli.app, [str(a) for a in arguments], prog_name="mmteach")


def test_a_checkpoint_changes_nothing_and_a_second_start_goes_on(manifest, tmp_path):
    plain, kept, again = (tmp_path / f"{name}.mmt" for name in ("plain", "kept", "again"))
    assert train(manifest, plain).exit_code == 0
    for out in (kept, again):
        assert train(manifest, out, "--checkpoint", tmp_path / "run").exit_code == 0
    states = [Pipeline.load(out).fitted()[1].state_dict() for out in (plain, kept, again)]
    for name, value in states[0].items():
        assert all(np.array_equal(state[name], value) for state in states), name
    assert [f.name for f in (tmp_path / "run").iterdir()] == [NAME]


def test_a_checkpoint_of_another_seed_is_a_sentence(manifest, tmp_path):
    train(manifest, tmp_path / "a.mmt", "--checkpoint", tmp_path / "run")
    result = train(manifest, tmp_path / "b.mmt", "--checkpoint", tmp_path / "run", "--seed", 1)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "seed was 0, now 1" in result.stderr


def test_a_device_that_is_not_there_is_a_sentence(manifest, tmp_path):
    result = train(manifest, tmp_path / "a.mmt", "--device", "abacus")
    assert result.exit_code == 1
    assert "known are auto, cpu, cuda, mps" in result.stderr
    assert train(manifest, tmp_path / "a.mmt", "--device", "auto").exit_code == 0


def test_the_address_of_a_cluster_holds_for_one_command(manifest, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "mmteach.features.cluster.spread", lambda f, items, a, k, address: asked.append(address) or f(items, *a, **k)
    )
    monkeypatch.setenv("MMTEACH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MMTEACH_CLUSTER", "")
    assert train(manifest, tmp_path / "a.mmt", "--cluster", "tcp://10.0.0.1:8786").exit_code == 0
    assert set(asked) == {"tcp://10.0.0.1:8786"}
    assert os.environ["MMTEACH_CLUSTER"] == ""
