"""Mixup: one share for everything, soft labels, torchvision's oracle, bags, time, absent modalities; in the loop."""

import numpy as np
import pytest
import torch
from torchvision.transforms import v2

from mmteach.errors import ParameterError
from mmteach.models import BagEncoder, ModelSpec, build_model
from mmteach.train import Recipe, Trainer, cross_entropy, draw_share, fit, mix, mixup
from mmteach.types import Batch


def seeded(number=0):
    return torch.Generator().manual_seed(number)


def test_share_1_is_the_identity(make_batch):
    batch = make_batch()
    mixed = mix(batch, torch.arange(12).flip(0), 1.0, 2)
    assert all(torch.equal(mixed.x[m], batch.x[m]) for m in batch.x)
    assert torch.equal(mixed.y, batch.y)
    assert torch.equal(mixed.soft, torch.nn.functional.one_hot(batch.y, 2).float())


def test_all_modalities_and_the_label_have_the_same_share_and_partner(make_batch):
    batch, partner = make_batch(), torch.randperm(12, generator=seeded())
    mixed = mix(batch, partner, 0.7, 2)
    for m in batch.x:
        torch.testing.assert_close(mixed.x[m], 0.7 * batch.x[m] + 0.3 * batch.x[m][partner])
    for b in range(12):
        expected = np.zeros(2)
        expected[batch.y[b]] += 0.7
        expected[batch.y[partner[b]]] += 0.3
        np.testing.assert_allclose(mixed.soft[b], expected, rtol=1e-6)
    assert torch.equal(mixed.y, batch.y)
    assert torch.equal(mix(batch, partner, 0.2, 2).y, batch.y[partner])


def test_it_is_torchvisions(make_batch):
    batch, x = make_batch(), torch.randn(12, 1, 4, 4)
    torch.manual_seed(3)
    theirs_x, theirs_y = v2.MixUp(alpha=0.8, num_classes=2)(x, batch.y)
    torch.manual_seed(3)
    share = float(torch.distributions.Beta(torch.tensor([0.8]), torch.tensor([0.8])).sample(()))
    present = {"image": torch.ones(12, dtype=torch.bool)}
    ours = mix(batch._replace(x={"image": x}, present=present), torch.arange(12).roll(1), share, 2)
    torch.testing.assert_close(ours.x["image"], theirs_x)
    torch.testing.assert_close(ours.soft, theirs_y)


@pytest.mark.parametrize("alpha", [0.2, 1.0, 8.0])
def test_shares_are_drawn_from_a_beta(alpha):
    drawn = np.array([draw_share(alpha, generator) for generator in [seeded()] for _ in range(3000)])
    assert drawn.mean() == pytest.approx(0.5, abs=0.04)
    assert drawn.var() == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.12)
    assert draw_share(alpha, seeded(4)) == draw_share(alpha, seeded(4))


def test_a_sample_whose_partner_has_other_modalities_stays_itself(make_batch):
    batch = make_batch(4)
    present = {**batch.present, "other": torch.tensor([True, True, False, True])}
    batch = batch._replace(present=present, y=torch.tensor([0, 1, 0, 1]))
    mixed = mix(batch, torch.tensor([1, 0, 3, 2]), 0.5, 2)
    for m in batch.x:
        assert torch.equal(mixed.x[m][2:], batch.x[m][2:])
    assert mixed.soft.tolist() == [[0.5, 0.5], [0.5, 0.5], [1, 0], [0, 1]]


def test_a_mixture_of_sequences_lasts_as_long_as_the_shorter():
    x, mask = torch.ones(2, 3, 4), torch.tensor([[True, True, True], [True, False, False]])
    x = x * mask[:, :, None]
    batch = Batch(("a", "b"), {"audio": x}, {"audio": mask}, {"audio": torch.ones(2).bool()}, torch.tensor([0, 1]))
    mixed = mix(batch, torch.tensor([1, 0]), 0.25, 2)
    assert mixed.mask["audio"].tolist() == [[True, False, False]] * 2
    assert mixed.x["audio"].sum(dim=2).tolist() == [[4, 0, 0]] * 2


def test_a_mixture_of_bags_is_encoded_as_the_mixture_of_their_embeddings():
    encoder = BagEncoder((-1, 2), n_tokens=9, dim=3).eval()
    torch.nn.init.normal_(encoder.table.weight)
    x = torch.stack([torch.randint(0, 9, (4, 5), generator=seeded()).float(), torch.rand(4, 5)], dim=-1)
    mask = torch.arange(5) < torch.tensor([5, 2, 3, 1])[:, None]
    batch = Batch(
        tuple("abcd"), {"text": x}, {"text": mask}, {"text": torch.ones(4).bool()}, torch.tensor([0, 1, 0, 1])
    )
    partner = torch.tensor([2, 3, 1, 0])
    mixed = mix(batch, partner, 0.6, 2, bags=("text",))
    alone = encoder(x, mask)
    torch.testing.assert_close(encoder(mixed.x["text"], mixed.mask["text"]), 0.6 * alone + 0.4 * alone[partner])


def test_soft_labels_give_the_weighted_sum_of_losses():
    z, y, other = torch.randn(6, 3), torch.tensor([0, 1, 2, 0, 1, 2]), torch.tensor([1, 1, 0, 2, 0, 2])
    soft = 0.3 * torch.eye(3)[y] + 0.7 * torch.eye(3)[other]
    for weight in (None, torch.tensor([0.5, 1.0, 2.0])):
        both = 0.3 * cross_entropy(z, z, y, weight) + 0.7 * cross_entropy(z, z, other, weight)
        torch.testing.assert_close(cross_entropy(z, z, soft, weight), both)


def test_the_loop_learns_from_mixtures(make_batch):
    shapes = {"other": (2,), "vector": (2,)}
    encoders = {m: {"name": "mlp", "hidden": 8, "dim": 4} for m in shapes}
    seen = []
    for alpha in (0.0, 0.4):
        torch.manual_seed(0)
        model = build_model(ModelSpec(shapes, 2, encoders))
        trainer = Trainer(model, make_batch(40), None, Recipe(epochs=30, batch_size=20, mixup=alpha))
        losses = [trainer.epoch().train_loss for _ in range(30)]
        seen.append(losses)
        assert losses[-1] < losses[0]
    assert seen[0] != seen[1]


def test_the_seed_decides(make_batch):
    a, b, c = (mixup(make_batch(), 1.0, seeded(s), 2) for s in (0, 0, 1))
    assert torch.equal(a.soft, b.soft)
    assert not torch.equal(a.soft, c.soft)


def test_what_cannot_be_is_a_sentence(make_batch):
    with pytest.raises(ParameterError, match="alpha is 0; it must be more than 0"):
        draw_share(0, seeded())
    with pytest.raises(ParameterError, match=r"share is 1\.2"):
        mix(make_batch(), torch.arange(12), 1.2, 2)
    with pytest.raises(ParameterError, match="mixup makes soft labels, which triplet does not take"):
        Recipe(mixup=0.2, loss="triplet")
    model = build_model(ModelSpec({"text": (-1, 1)}, 2, {"text": {"name": "words", "n_tokens": 9, "dim": 4}}))
    x = {"text": torch.ones(4, 3, 1)}
    present = {"text": torch.ones(4).bool()}
    batch = Batch(tuple("abcd"), x, {"text": torch.ones(4, 3).bool()}, present, torch.tensor([0, 1, 0, 1]))
    with pytest.raises(ParameterError, match="half of word 3 and half of word 5 is not word 4"):
        fit(model, batch, None, Recipe(epochs=1, mixup=0.2))
