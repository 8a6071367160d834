import math

import numpy as np
import torch

from mmteach.train import Recipe, Trainer, fit, seed_everything

PLAIN = {"optimiser": "sgd", "schedule": "constant", "weight_decay": 0.0, "learning_rate": 0.1}


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()]).clone()


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
