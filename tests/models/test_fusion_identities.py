"""What each fusion is, as an equation."""

import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.models import FUSIONS, ConcatFusion, GatedFusion, LateFusion, LowRankFusion, TensorFusion
from mmteach.models.fusion import AttentionFusion, BottleneckFusion, StackingFusion, attend, outer_with_one

NAMES = ("audio", "image", "vector")


def parts(n=4, width=3, seed=0, names=NAMES):
    generator = torch.Generator().manual_seed(seed)
    return {m: torch.randn(n, width, generator=generator) for m in names}


def here(n=4, names=NAMES, **absent):
    present = {m: torch.ones(n, dtype=torch.bool) for m in names}
    for m, rows in absent.items():
        present[m][rows] = False
    return present


def fusion(name, **options):
    torch.manual_seed(0)
    return FUSIONS[name](dict.fromkeys(NAMES, 3), 3, **options).eval()


# concat


def test_concat_tells_absent_from_zero():
    fuse, x = fusion("concat"), parts()
    x["image"] = torch.zeros_like(x["image"])
    assert not torch.allclose(fuse(x, here()), fuse(x, here(image=[0, 1, 2, 3])))


def test_concat_keeps_the_modalities_in_sorted_places():
    fuse, x = fusion("concat"), parts()
    with torch.no_grad():
        fuse.mix[0].weight.zero_()
        fuse.mix[0].weight[0, 3:6] = 1  # the second modality by name, image
    out = fuse(x, here())[:, 0]
    torch.testing.assert_close(out, x["image"].sum(dim=1).relu(), atol=1e-4, rtol=1e-4)


def test_concat_without_mixing_averages_the_cosines():
    x = parts()
    h = fusion("concat", dim=0)(x, here())
    each = [torch.nn.functional.normalize(v) for v in x.values()]
    torch.testing.assert_close(h @ h.T / 3, sum(v @ v.T for v in each) / 3)


# late


@pytest.mark.parametrize("rule", ["product", "mean"])
def test_late_fusion_of_equal_votes_changes_no_vote(rule):
    fuse, vote = fusion("late", rule=rule), parts()["image"]
    with torch.no_grad():
        fuse.weight.copy_(torch.tensor([0.3, -1.0, 2.0]))
    together = fuse(dict.fromkeys(NAMES, vote), here())
    torch.testing.assert_close(together.softmax(dim=1), vote.softmax(dim=1))


def test_the_product_begins_as_the_geometric_mean():
    x = parts()
    mean = torch.stack([v.softmax(dim=1).log() for v in x.values()]).mean(dim=0).exp()
    torch.testing.assert_close(fusion("late")(x, here()).exp(), mean / mean.sum(dim=1, keepdim=True))


def test_the_mean_is_the_mean_of_the_probabilities_of_those_present():
    x = parts()
    fuse = fusion("late", rule="mean", learn=False)
    torch.testing.assert_close(fuse(x, here()).exp(), sum(v.softmax(dim=1) for v in x.values()) / 3)
    two = fuse(x, here(audio=[0, 1, 2, 3])).exp()
    torch.testing.assert_close(two, (x["image"].softmax(dim=1) + x["vector"].softmax(dim=1)) / 2)


def test_one_never_decides_a_product_and_not_a_mean():
    never = torch.tensor([[-60.0, 0.0]])
    yes = torch.tensor([[2.0, 0.0]])
    x = {"audio": never, "image": yes, "vector": yes}
    said = {r: LateFusion(dict.fromkeys(NAMES, 2), 2, rule=r)(x, here(1)).argmax().item() for r in ("product", "mean")}
    assert said == {"product": 1, "mean": 0}


def test_late_fusion_weighs_by_its_weights():
    fuse, x = fusion("late"), parts()
    with torch.no_grad():
        fuse.weight.copy_(torch.tensor([0.0, 50.0, 0.0]))
    torch.testing.assert_close(fuse(x, here()).exp(), x["image"].softmax(dim=1))


def test_in_late_fusion_the_absent_have_no_vote_and_the_others_share_it():
    x = parts()
    together = fusion("late")(x, here(audio=[0, 1, 2, 3], vector=[0, 1, 2, 3]))
    torch.testing.assert_close(together.exp(), x["image"].softmax(dim=1))
    two = fusion("late")(x, here(audio=[0, 1, 2, 3]))
    wanted = (x["image"].log_softmax(dim=1) + x["vector"].log_softmax(dim=1)) / 2
    torch.testing.assert_close(two, wanted.log_softmax(dim=1))


def test_equal_weights_stay_equal():
    assert not [p for p in LateFusion({"a": 1, "b": 1}, 3, learn=False).parameters() if p.requires_grad]
    assert len(list(LateFusion({"a": 1}, 3).parameters())) == 1


def test_stacking_begins_as_the_product_and_becomes_a_regression():
    fuse, x, present = fusion("stacking"), parts(), here(image=[1])
    votes = torch.stack([v.log_softmax(dim=1) for v in x.values()])
    summed = (votes * torch.stack(list(present.values()))[..., None]).sum(dim=0)
    torch.testing.assert_close(fuse(x, present).softmax(dim=1), summed.softmax(dim=1))
    weight, bias = torch.randn(3, 9), torch.randn(3)
    fuse.fill(weight, bias)
    torch.testing.assert_close(fuse(x, present), fuse.votes(x, present) @ weight.T + bias)
    torch.testing.assert_close(fuse.votes(x, present)[1, 3:6], torch.zeros(3))  # absent: a vote for nothing
    with pytest.raises(ParameterError, match="fit it to the votes of all"):
        fuse.fill(torch.randn(3, 6), bias)


# gated


def test_a_gate_without_weights_gives_the_plain_mean():
    fuse = GatedFusion(dict.fromkeys(NAMES, 3), 3, dim=5)
    torch.nn.init.zeros_(fuse.gate.weight)
    torch.nn.init.zeros_(fuse.gate.bias)
    x = parts()
    said = [torch.tanh(layer(x[m])) for m, layer in zip(NAMES, fuse.project, strict=True)]
    torch.testing.assert_close(fuse(x, here()), sum(said) / 3)
    torch.testing.assert_close(fuse(x, here(audio=[0, 1, 2, 3])), (said[1] + said[2]) / 2)


def test_the_gate_of_two_is_the_papers_sigmoid():
    names = NAMES[:2]
    fuse, x = GatedFusion(dict.fromkeys(names, 3), 3, dim=5), parts(names=names)
    score = fuse.gate(torch.cat([x["audio"], x["image"]], dim=1))
    z = torch.sigmoid(score[:, :5] - score[:, 5:])
    a, b = (torch.tanh(layer(x[m])) for m, layer in zip(names, fuse.project, strict=True))
    torch.testing.assert_close(fuse(x, here(names=names)), z * a + (1 - z) * b)
    torch.testing.assert_close(fuse.gates(x, here(names=names)).sum(dim=1), torch.ones(4, 5))


# tensor


def test_the_products_hold_each_vector_and_every_pair():
    a, b = torch.randn(4, 2), torch.randn(4, 3)
    product = outer_with_one([a, b])
    assert product.shape == (4, 3 * 4)
    square = product.unflatten(1, (3, 4))
    torch.testing.assert_close(square[:, 0, 0], torch.ones(4))
    torch.testing.assert_close(square[:, 1:, 0], a)
    torch.testing.assert_close(square[:, 0, 1:], b)
    torch.testing.assert_close(square[:, 1:, 1:], a[:, :, None] * b[:, None, :])


def test_of_an_absent_modality_no_product_is_left():
    fuse = TensorFusion(dict.fromkeys(NAMES, 3), 3, size=0)
    cube = fuse.products(parts(), here(image=[0, 1, 2, 3])).unflatten(1, (4, 4, 4))
    assert (cube[:, :, 1:, :] == 0).all()
    torch.testing.assert_close(cube[:, :, 0, :].flatten(1), outer_with_one([parts()["audio"], parts()["vector"]]))


def test_low_rank_fusion_from_an_svd_is_tensor_fusion_and_its_layer():
    torch.manual_seed(0)
    dims, names = {"a": 3, "b": 4}, ("a", "b")
    rank = min(3, 4) + 1
    whole = TensorFusion(dims, 3, size=0, dim=5).double()
    few = LowRankFusion(dims, 3, rank=rank, dim=5).double()
    u, s, v = torch.linalg.svd(whole.linear.weight.detach().unflatten(1, (4, 5)), full_matrices=False)
    with torch.no_grad():
        few.weight.fill_(1)
        few.factors[0].copy_((u * s[:, None, :]).permute(2, 1, 0))  # (F, a + 1, R) -> (R, a + 1, F)
        few.factors[1].copy_(v.permute(1, 2, 0))  # (F, R, b + 1) -> (R, b + 1, F)
    x = {"a": torch.randn(6, 3).double(), "b": torch.randn(6, 4).double()}
    for present in (here(6, names), here(6, names, b=[2, 4])):
        torch.testing.assert_close(few(x, present), whole(x, present), atol=1e-5, rtol=1e-5)


# attention


def test_the_weights_of_real_keys_sum_to_one_and_padding_gets_none():
    q, k, v = torch.randn(2, 3, 4), torch.randn(2, 5, 4), torch.randn(2, 5, 6)
    real = torch.tensor([[True, True, False, True, False], [False] * 5])
    found, weights = attend(q, k, v, real)
    torch.testing.assert_close(weights[0].sum(dim=-1), torch.ones(3))
    assert (weights[0][:, ~real[0]] == 0).all()
    assert (weights[1] == 0).all()
    assert (found[1] == 0).all()
    wanted = torch.nn.functional.scaled_dot_product_attention(q[:1], k[:1, real[0]], v[:1, real[0]])
    torch.testing.assert_close(found[:1], wanted)


def test_equal_keys_give_the_mean_of_the_values():
    q, v = torch.randn(2, 3, 4), torch.randn(2, 5, 6)
    found, _ = attend(q, torch.randn(2, 1, 4).expand(-1, 5, -1), v, torch.ones(2, 5, dtype=torch.bool))
    torch.testing.assert_close(found, v.mean(dim=1, keepdim=True).expand(-1, 3, -1))


def test_each_modality_learns_of_the_others_that_are_there():
    fuse = AttentionFusion(dict.fromkeys(NAMES, 3), 3, dim=8).eval()
    x = {m: v.requires_grad_() for m, v in parts().items()}
    present = here(image=[1])
    fuse(x, present)[:, :8].square().sum().backward()  # audio's part of what comes out
    assert (x["vector"].grad.abs().sum(dim=1) > 0).all()
    assert (x["image"].grad.abs().sum(dim=1) > 0).tolist() == [True, False, True, True]


# bottleneck


def test_modalities_meet_only_through_the_bottleneck():
    fuse = BottleneckFusion(dict.fromkeys(NAMES, 3), 3, dim=8).eval()
    for meet in (True, False):
        x = {m: v.requires_grad_() for m, v in parts().items()}
        fuse.streams(x, here(), meet=meet)[0].x.square().sum().backward()
        assert x["audio"].grad.abs().sum() > 0
        assert [m for m in ("image", "vector") if x[m].grad is not None and x[m].grad.any()] == (
            ["image", "vector"] if meet else []
        )


def test_fusions_say_what_they_join():
    joins = {"concat": "embeddings", "late": "logits", "stacking": "logits", "attention": "sequences"}
    assert {name: FUSIONS[name].joins for name in joins} == joins
    assert (FUSIONS["concat"], FUSIONS["late"], FUSIONS["stacking"]) == (ConcatFusion, LateFusion, StackingFusion)


def of_image(fuse):
    """The parts of a fusion that belong to the second modality alone."""
    if isinstance(fuse, TensorFusion):
        return [fuse.shrink[1]]
    if isinstance(fuse, AttentionFusion):
        return [fuse.tokenise.project[1], *(layer for pair, layer in zip(fuse.pairs, fuse.cross) if 1 in pair)]  # noqa: B905
    if isinstance(fuse, BottleneckFusion):
        return [fuse.tokenise.project[1], *fuse.looks[1::3]]
    return [fuse.project[1]]


@pytest.mark.parametrize("name", ["gated", "tensor", "attention", "bottleneck"])
def test_of_an_absent_modality_not_even_the_weights_speak(name):
    fuse, x = fusion(name), parts()
    before = fuse(x, here(image=[0, 1]))
    for part in of_image(fuse):
        for parameter in part.parameters():
            torch.nn.init.normal_(parameter)
    after = fuse(x, here(image=[0, 1]))
    torch.testing.assert_close(after[:2], before[:2])
    assert not torch.allclose(after[2:], before[2:])


@pytest.mark.parametrize("name", ["attention", "bottleneck"])
def test_the_order_of_steps_is_heard(name):
    fuse = fusion(name, steps=["audio"])
    x = {**parts(), "audio": torch.randn(4, 5, 3)}
    backwards = {**x, "audio": x["audio"].flip(1)}
    assert not torch.allclose(fuse(x, here()), fuse(backwards, here()))
