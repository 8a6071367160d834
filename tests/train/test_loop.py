import math

import numpy as np
import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.train import Recipe, Trainer, fit, schedule_factor, seed_everything
from mmteach.train.loop import drop_modalities, total_loss
from mmteach.train.losses import arcface, cross_entropy

PLAIN = {"optimiser": "sgd", "schedule": "constant", "weight_decay": 0.0, "learning_rate": 0.1}


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()]).clone()


# schedule


def torch_s_rates(scheduler, n, **options):
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], 1.0)
    schedule = scheduler(optimiser, **options)
    rates = []
    for _ in range(n):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        schedule.step()
    return rates


def ours(name, n):
    return [schedule_factor(name, step / (n - 1)) for step in range(n)]


def test_one_cycle_is_torch_s():
    n = 1500  # torch puts the peak a step earlier, which no longer shows
    theirs = torch_s_rates(torch.optim.lr_scheduler.OneCycleLR, n, max_lr=1.0, total_steps=n)
    np.testing.assert_allclose(ours("one_cycle", n), theirs, atol=5e-3)
    assert ours("one_cycle", n)[0] == pytest.approx(1 / 25)
    assert ours("one_cycle", n)[-1] == pytest.approx(theirs[-1])
    assert schedule_factor("one_cycle", 0.3) == pytest.approx(1)


def test_cosine_is_torch_s():
    n = 50
    theirs = torch_s_rates(torch.optim.lr_scheduler.CosineAnnealingLR, n, T_max=n - 1)
    np.testing.assert_allclose(ours("cosine", n), theirs, atol=1e-6)
    assert ours("constant", 5) == [1] * 5


@pytest.mark.parametrize("schedule", ["constant", "cosine", "one_cycle"])
def test_the_schedule_ends_with_the_last_step(line, make_batch, schedule):
    """13 samples in batches of 4 leave one over, so an epoch has 3 steps."""
    recipe = Recipe(epochs=5, batch_size=4, schedule=schedule, learning_rate=0.5)
    trainer, rates = Trainer(line, make_batch(13), None, recipe), []
    trainer.augment = lambda batch, _: rates.append(trainer.optimiser.param_groups[0]["lr"]) or batch
    while not trainer.done:
        trainer.epoch()
    np.testing.assert_allclose(rates, [0.5 * f for f in ours(schedule, 15)])


# one step


@pytest.mark.parametrize(
    ("options", "theirs"),
    [
        ({"optimiser": "sgd"}, lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, weight_decay=0.01)),
        ({"optimiser": "adamw"}, lambda p: torch.optim.AdamW(p, 0.1, weight_decay=0.01)),
    ],
)
def test_the_loop_is_torch_s_written_out(line, make_batch, options, theirs):
    recipe = Recipe(**{**PLAIN, "weight_decay": 0.01, **options}, epochs=3, batch_size=12)
    copy = torch.nn.Linear(2, 2)
    copy.load_state_dict(line.linear.state_dict())
    batch, optimiser = make_batch(), theirs(copy.parameters())
    for _ in range(3):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(copy(batch.x["vector"]), batch.y).backward()
        optimiser.step()
    fit(line, batch, recipe=recipe)
    torch.testing.assert_close(weights(line), weights(copy))


def test_the_first_step_of_sgd_by_hand(line, make_batch):
    batch = make_batch()
    x, y = batch.x["vector"], batch.y
    before = line.linear.weight.detach().clone()
    error = line(batch).logits.detach().softmax(dim=1) - torch.nn.functional.one_hot(y, 2)  # dL/dlogits, N times
    fit(line, batch, recipe=Recipe(**PLAIN, epochs=1, batch_size=12))
    torch.testing.assert_close(line.linear.weight.detach(), before - 0.1 * error.T @ x / 12)


def test_the_history_tells_loss_and_accuracy(line, make_batch):
    train, val = make_batch(), make_batch(7, seed=1)
    with torch.no_grad():
        said = [
            (total_loss(line(b), b, Recipe()).item(), (line(b).logits.argmax(1) == b.y).float().mean().item())
            for b in (train, val)
        ]
    trainer = Trainer(line, train, val, Recipe(**PLAIN | {"learning_rate": 1e-9}, epochs=2, batch_size=5))
    row = trainer.epoch()
    assert row.number == 1
    assert row[1:5] == pytest.approx((*said[0], *said[1]), abs=1e-5)
    assert row.seconds > 0
    np.testing.assert_array_equal(trainer.history.column("val_loss"), [row.val_loss])


# seeds


@pytest.mark.parametrize("fusion", ["concat", "late"])
def test_the_same_seed_gives_the_same_history_and_another_does_not(make_model, make_batch, fusion):
    histories = []
    for seed in (3, 3, 4):
        seed_everything(seed)
        model = make_model(fusion)
        seed_everything(seed)  # dropout draws from the global generator
        history = fit(model, make_batch(20), make_batch(8, seed=1), Recipe(epochs=3, batch_size=8, seed=seed))
        histories.append([row[:-1] for row in history.epochs])
    assert histories[0] == histories[1] != histories[2]


def test_the_recipe_s_seed_decides_the_order_of_the_samples(line, make_batch):
    orders = []
    for seed in (1, 1, 2):
        ids = []
        fit(
            line, make_batch(), recipe=Recipe(epochs=1, seed=seed), augment=lambda b, _, ids=ids: ids.extend(b.ids) or b
        )
        orders.append(ids)
    assert orders[0] == orders[1] != orders[2]


def test_seed_everything_seeds_python_numpy_and_torch():
    import random

    draws = []
    for _ in range(2):
        generator = seed_everything(11)
        draws.append(
            (random.random(), np.random.rand(), torch.rand(1).item(), torch.rand(1, generator=generator).item())
        )
    assert draws[0] == draws[1]


# which epoch is kept


def scripted(trainer, losses):
    """Let validation say these losses, one an epoch, and keep every epoch's weights."""
    said, kept = iter(losses), []
    trainer.measure = lambda _: kept.append(weights(trainer.model)) or (next(said), 0.5)
    return kept


def test_the_best_epoch_on_validation_is_put_back(line, make_batch):
    trainer = Trainer(line, make_batch(), make_batch(4), Recipe(**PLAIN, epochs=5))
    kept = scripted(trainer, [3.0, 1.0, 2.0, 0.5, 0.6])
    while not trainer.done:
        trainer.epoch()
    history = trainer.finish()
    assert (history.best, history.ended, len(history.epochs)) == (4, "finished", 5)
    assert torch.equal(weights(line), kept[3])
    assert not torch.equal(kept[3], kept[4])
    assert not line.training


def test_patience_counts_epochs_since_the_best(line, make_batch):
    trainer = Trainer(line, make_batch(), make_batch(4), Recipe(**PLAIN, epochs=50, patience=2))
    kept = scripted(trainer, [3.0, 1.0, 2.0, 0.9, 1.5, 0.9, 0.1])
    while not trainer.done:
        trainer.epoch()
    history = trainer.finish()
    assert (history.best, history.ended, len(history.epochs)) == (4, "early", 6)  # 0.9 again is not better
    assert torch.equal(weights(line), kept[3])


def test_a_rising_validation_loss_ends_training_though_training_gets_better(line, make_batch):
    """Validation labels are the opposite of training's: whatever is learnt, it gets worse."""
    recipe = Recipe(**PLAIN, epochs=50, batch_size=12, patience=3)
    history = fit(line, make_batch(), make_batch(sign=-1), recipe)
    assert history.ended == "early"
    assert (history.best, len(history.epochs)) == (1, 4)
    assert (np.diff(history.column("train_loss")) < 0).all()
    assert (np.diff(history.column("val_loss")) > 0).all()


def test_without_validation_the_last_epoch_stays(line, make_batch):
    trainer, last = Trainer(line, make_batch(), None, Recipe(**PLAIN, epochs=3, patience=1)), None
    while not trainer.done:
        row = trainer.epoch()
        last = weights(line)
    history = trainer.finish()
    assert math.isnan(row.val_loss)
    assert math.isnan(row.val_accuracy)
    assert (history.best, history.ended) == (3, "finished")
    assert torch.equal(weights(line), last)


def test_an_empty_validation_part_is_none(line, make_batch):
    history = fit(line, make_batch(), make_batch(4)._replace(ids=()), Recipe(**PLAIN, epochs=3, patience=1))
    assert (history.best, history.ended) == (3, "finished")


def test_validation_that_becomes_nan_does_not_win(line, make_batch):
    trainer = Trainer(line, make_batch(), make_batch(4), Recipe(**PLAIN, epochs=3))
    kept = scripted(trainer, [1.0, math.nan, math.nan])
    while not trainer.done:
        trainer.epoch()
    assert trainer.finish().best == 1
    assert torch.equal(weights(line), kept[0])


def test_validation_does_not_teach(make_model, make_batch):
    after = []
    for seed in (1, 2):
        model = make_model()
        seed_everything(0)
        trainer = Trainer(model, make_batch(20), make_batch(8, seed=seed), Recipe(epochs=3, batch_size=8))
        while not trainer.done:
            trainer.epoch()
        after.append(torch.cat([v.flatten().float() for v in model.state_dict().values()]))
    assert torch.equal(*after)


def interrupt_in_step(n):
    calls = []

    def augment(batch, generator):
        calls.append(1)
        if len(calls) == n:
            raise KeyboardInterrupt
        return batch

    return augment


def test_ctrl_c_keeps_the_best_model_so_far(line, make_batch):
    recipe = Recipe(**PLAIN, epochs=50, batch_size=12)
    best = type(line)()
    fit(best, make_batch(), None, Recipe(**PLAIN, epochs=1, batch_size=12))
    history = fit(line, make_batch(), make_batch(sign=-1), recipe, interrupt_in_step(4))
    assert history.ended == "stopped"
    assert (history.best, len(history.epochs)) == (1, 3)
    torch.testing.assert_close(weights(line), weights(best))


def test_ctrl_c_at_once_leaves_a_model_still(line, make_batch):
    before = weights(line)
    history = fit(line, make_batch(), make_batch(4), Recipe(**PLAIN), interrupt_in_step(1))
    assert (history.ended, history.epochs) == ("stopped", [])
    assert torch.equal(weights(line), before)


# what happens in between


def test_a_learning_rate_changed_between_epochs_is_obeyed(line, make_batch):
    trainer = Trainer(line, make_batch(), None, Recipe(**PLAIN, epochs=9, batch_size=12))
    assert trainer.epoch().learning_rate == pytest.approx(0.1)
    trainer.learning_rate = 0.025
    assert trainer.epoch().learning_rate == pytest.approx(0.025)
    trainer.learning_rate = 0.0
    before = weights(line)
    trainer.epoch()
    assert torch.equal(weights(line), before)


@pytest.mark.parametrize("optimiser", ["sgd", "adamw"])
def test_a_loss_that_is_no_number_gets_a_sentence(line, make_batch, optimiser):
    def explode(batch, generator):
        return batch._replace(x={m: x * math.inf for m, x in batch.x.items()})

    with pytest.raises(
        ParameterError, match=r"loss became nan in epoch 1 at learning rate 0\.1: lower the learning rate"
    ):
        fit(line, make_batch(), recipe=Recipe(**{**PLAIN, "optimiser": optimiser}), augment=explode)


def test_augmentation_is_for_training_alone(line, make_batch):
    seen = []
    train, val = make_batch(12), make_batch(4, seed=1)

    def augment(batch, generator):
        seen.extend(batch.ids)
        return batch._replace(x={m: torch.zeros_like(x) for m, x in batch.x.items()})

    with torch.no_grad():
        line.linear.bias.zero_()
    trainer = Trainer(line, train, val, Recipe(**PLAIN | {"learning_rate": 1e-9}, batch_size=4), augment)
    row = trainer.epoch()
    assert sorted(seen, key=int) == list(train.ids)
    assert row.train_loss == pytest.approx(math.log(2), abs=1e-5)  # all zeros: a guess
    assert row.val_loss != pytest.approx(math.log(2), abs=1e-3)


def test_the_loss_is_the_joint_one_and_a_share_of_each_modality_s_own(make_model, make_batch):
    model, batch = make_model().eval(), make_batch()
    batch.present["other"][:5] = False
    out, own = model(batch), []
    for m, here in batch.present.items():
        own.append(cross_entropy(out.unimodal[m][here], None, batch.y[here]))
    joint = cross_entropy(out.logits, None, batch.y)
    for share in (0, 0.5, 2):
        wanted = joint + share * sum(own) / 2
        torch.testing.assert_close(total_loss(out, batch, Recipe(unimodal=share)), wanted)


def test_a_modality_that_nobody_of_the_batch_has_is_left_out_of_the_loss(make_model, make_batch):
    model, batch = make_model().eval(), make_batch()
    batch.present["other"][:] = False
    out = model(batch)
    wanted = cross_entropy(out.logits, None, batch.y) + 0.5 * cross_entropy(out.unimodal["vector"], None, batch.y)
    torch.testing.assert_close(total_loss(out, batch, Recipe()), wanted)


@pytest.mark.parametrize("loss", ["arcface", "triplet"])
def test_votes_are_judged_by_cross_entropy_and_each_modality_by_its_own_loss(make_model, make_batch, loss):
    model, batch = make_model("late", "cosine").eval(), make_batch()
    out, recipe = model(batch), Recipe(loss=loss)
    assert Trainer(model, batch, None, recipe).votes
    assert not Trainer(make_model("concat", "cosine"), batch, None, recipe).votes
    with_none = total_loss(out, batch, Recipe(loss=loss, unimodal=0), votes=True)
    torch.testing.assert_close(with_none, cross_entropy(out.logits, None, batch.y))
    if loss == "arcface":
        own = sum(arcface(z, None, batch.y) for z in out.unimodal.values()) / 2
        torch.testing.assert_close(total_loss(out, batch, recipe, votes=True), with_none + 0.5 * own)


@pytest.mark.parametrize("loss", ["cross_entropy", "arcface", "triplet"])
@pytest.mark.parametrize("fusion", ["concat", "late"])
def test_every_loss_trains(make_model, make_batch, fusion, loss):
    """Each makes small what it promises: its own loss, on the training part."""
    recipe = Recipe(epochs=20, batch_size=20, loss=loss, learning_rate=0.02, schedule="constant")
    model, batch = make_model(fusion, "cosine", hidden=16, dropout=0.0), make_batch(40)
    before = Trainer(model, batch, None, recipe).measure(batch)[0]
    seed_everything(0)
    fit(model, batch, recipe=recipe)
    assert Trainer(model, batch, None, recipe).measure(batch)[0] < 0.9 * before


# modality dropout


def present(n=400, **absent):
    flags = {m: torch.ones(n, dtype=torch.bool) for m in ("audio", "image", "text")}
    for m, rows in absent.items():
        flags[m][rows] = False
    return flags


def dropped(batch, flags, p, seed=0):
    return drop_modalities(batch._replace(present=flags), p, torch.Generator().manual_seed(seed)).present


def test_dropping_with_probability_0_is_the_identity(make_batch):
    flags = present(image=slice(0, 9))
    after = dropped(make_batch(), flags, 0.0)
    assert all(torch.equal(after[m], flags[m]) for m in flags)


def test_nobody_loses_everything_and_nobody_gains(make_batch):
    flags = present(image=slice(0, 100), audio=slice(50, 150))
    after = dropped(make_batch(), flags, 0.9)
    assert torch.stack(list(after.values())).any(dim=0).all()
    assert all((after[m] <= flags[m]).all() for m in flags)


def test_about_the_asked_share_is_dropped(make_batch):
    after = dropped(make_batch(), present(4000), 0.3)
    share = 1 - torch.stack(list(after.values())).float().mean().item()
    assert share == pytest.approx(0.3 - 0.3**3, abs=0.02)  # who would lose all three keeps them
    assert not torch.equal(after["audio"], after["image"])


def test_dropping_changes_no_batch_and_obeys_the_generator(make_batch):
    flags = present()
    one, same, other = (dropped(make_batch(), flags, 0.5, seed) for seed in (1, 1, 2))
    assert torch.equal(one["text"], same["text"])
    assert not torch.equal(one["text"], other["text"])
    assert all(f.all() for f in flags.values())


def test_modalities_are_dropped_in_training_alone(make_model, make_batch):
    seen = {True: [], False: []}
    model = make_model()
    model.register_forward_pre_hook(
        lambda m, given: seen[m.training].append(all(p.all() for p in given[0].present.values()))
    )
    Trainer(model, make_batch(40), make_batch(8), Recipe(drop_modality=0.5)).epoch()
    assert not all(seen[True])
    assert all(seen[False])


# recipes


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"loss": "hinge"}, "loss is 'hinge'; known are cross_entropy"),
        ({"optimiser": "adam"}, "optimiser is 'adam'; known are adamw, sgd"),
        ({"schedule": "steps"}, "schedule is 'steps'; known are constant, cosine, one_cycle"),
        ({"epochs": 0}, "epochs is 0; it must lie between 1 and 10000"),
        ({"batch_size": 1}, "batch_size is 1"),
        ({"learning_rate": 0}, "learning_rate is 0"),
        ({"learning_rate": math.nan}, "learning_rate is nan"),
        ({"weight_decay": -1}, "weight_decay is -1"),
        ({"unimodal": -0.5}, "unimodal is -0.5"),
        ({"drop_modality": 1.0}, "drop_modality is 1.0"),
        ({"patience": 0}, "patience is 0"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_a_wrong_choice_gets_a_sentence(wrong, said):
    with pytest.raises(ParameterError, match=said):
        Recipe(**wrong)


def test_progress_goes_to_stderr_and_only_where_asked_for(line, make_batch, capsys):
    fit(line, make_batch(), recipe=Recipe(epochs=2), progress=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "training" in shown.err
    fit(line, make_batch(), recipe=Recipe(epochs=2))
    assert capsys.readouterr() == ("", "")
