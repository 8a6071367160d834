import math

import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.train import Recipe, Trainer, fit
from mmteach.train.missing import drop_modalities

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


# choices


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
