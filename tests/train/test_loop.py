import math

import numpy as np
import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.train import Recipe, Trainer, fit, seed_everything
from mmteach.train.losses import arcface, cross_entropy
from mmteach.train.objective import total_loss

PLAIN = {"optimiser": "sgd", "schedule": "constant", "weight_decay": 0.0, "learning_rate": 0.1}


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()]).clone()


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
