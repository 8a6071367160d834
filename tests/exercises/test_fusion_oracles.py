"""The references of chapter 8 agree with the library, with torch, and with each technique's identity."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mmteach.exercises.chapters.fusion.attention import my_attention
from mmteach.exercises.chapters.fusion.concat import my_concat
from mmteach.exercises.chapters.fusion.gated import MyGated
from mmteach.exercises.chapters.fusion.late import my_late
from mmteach.exercises.chapters.fusion.low_rank import MyLowRank
from mmteach.exercises.chapters.fusion.tensor import my_tensor
from mmteach.exercises.judge import judge
from mmteach.exercises.registry import find
from mmteach.models import ConcatFusion, GatedFusion, LateFusion, LowRankFusion
from mmteach.models.fusion import attend, outer_with_one

DIMS = {"audio": 3, "image": 2, "text": 4}


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def drawn(dims=DIMS, n=6, share=0.7):
    parts = {m: torch.randn(n, e) for m, e in dims.items()}
    present = {m: torch.rand(n) < share for m in dims}
    present["audio"][:] = True
    return parts, present


# concat


def test_concat_is_what_the_librarys_layer_is_given():
    parts, present = drawn()
    fusion = ConcatFusion(DIMS, 2, dim=5)
    given = []
    fusion.mix[0].register_forward_pre_hook(lambda layer, inputs: given.append(inputs[0]))
    fusion(parts, present)
    torch.testing.assert_close(my_concat(parts, present), given[0])


# late


@pytest.mark.parametrize("rule", ["mean", "product"])
def test_late_names_the_librarys_classes(rule):
    logits, present = drawn(dict.fromkeys(DIMS, 4), n=50)
    own = my_late(logits, present, rule)
    library = LateFusion(DIMS, 4, rule=rule)(logits, present).softmax(dim=1)
    assert torch.equal(own.argmax(dim=1), library.argmax(dim=1))
    if rule == "product":  # the library takes the geometric mean: the root of the product, normalised again
        n = torch.stack(list(present.values()), dim=1).sum(dim=1, keepdim=True)
        library = library**n / (library**n).sum(dim=1, keepdim=True)
    torch.testing.assert_close(own, library)


def test_the_mean_of_equal_votes_is_that_vote():
    logits = torch.randn(5, 3)
    everybody = {m: torch.ones(5, dtype=torch.bool) for m in "abc"}
    torch.testing.assert_close(my_late(dict.fromkeys("abc", logits), everybody, "mean"), logits.softmax(dim=1))


# gated


def test_gated_is_the_librarys_with_two_modalities():
    own = MyGated(3, 2, 4)
    library = GatedFusion({"a": 3, "b": 2}, 2, dim=4)
    with torch.no_grad():
        library.project[0].load_state_dict(own.from_a.state_dict())
        library.project[1].load_state_dict(own.from_b.state_dict())
        # softmax(score, 0) is (sigmoid(score), 1 - sigmoid(score))
        library.gate.weight.copy_(torch.cat([own.gate.weight, torch.zeros(4, 5)]))
        library.gate.bias.copy_(torch.cat([own.gate.bias, torch.zeros(4)]))
    a, b, here = torch.randn(6, 3), torch.randn(6, 2), torch.ones(6, dtype=torch.bool)
    torch.testing.assert_close(own(a, b), library({"a": a, "b": b}, {"a": here, "b": here}))


def test_a_gate_of_zeros_gives_the_plain_mean():
    own = MyGated(3, 2, 4)
    nn.init.zeros_(own.gate.weight), nn.init.zeros_(own.gate.bias)
    a, b = torch.randn(6, 3), torch.randn(6, 2)
    torch.testing.assert_close(own(a, b), (own.from_a(a).tanh() + own.from_b(b).tanh()) / 2)


# tensor and low rank


def test_tensor_is_the_librarys():
    a, b = torch.randn(6, 3), torch.randn(6, 2)
    out = my_tensor(a, b)
    torch.testing.assert_close(out, outer_with_one([a, b]))
    assert out.shape == (6, 4 * 3)
    torch.testing.assert_close(out[:, 1:3], b)
    torch.testing.assert_close(out[:, 3::3], a)


def test_low_rank_is_the_librarys():
    own, library = MyLowRank(list(DIMS.values()), 3, 5), LowRankFusion(DIMS, 2, rank=3, dim=5)
    with torch.no_grad():
        library.bias.zero_(), library.weight.copy_(own.weight)
        for mine, theirs in zip(own.factors, library.factors, strict=True):
            theirs.copy_(mine)
    parts = {m: torch.randn(6, e) for m, e in DIMS.items()}
    here = {m: torch.ones(6, dtype=torch.bool) for m in DIMS}
    torch.testing.assert_close(own(list(parts.values())), library(parts, here))


def test_low_rank_of_full_rank_is_tensor_fusion_and_a_linear_layer():
    a, b, linear = torch.randn(6, 3), torch.randn(6, 2), nn.Linear(4 * 3, 1, bias=False)
    u, s, v = torch.linalg.svd(linear.weight.detach().view(4, 3), full_matrices=False)  # rank 3 = min(3 + 1, 2 + 1)
    own = MyLowRank([3, 2], 3, 1)
    with torch.no_grad():
        own.factors[0].copy_(u.T[:, :, None]), own.factors[1].copy_(v[:, :, None]), own.weight.copy_(s)
    torch.testing.assert_close(own([a, b]), linear(my_tensor(a, b)), atol=1e-5, rtol=1e-5)


# attention


def test_attention_is_the_librarys_and_torchs():
    q, k, v = torch.randn(3, 4, 8), torch.randn(3, 5, 8), torch.randn(3, 5, 2)
    real = torch.tensor([[True] * 5, [True] * 2 + [False] * 3, [False] * 5])
    own = my_attention(q, k, v, real)
    torch.testing.assert_close(own, attend(q, k, v, real)[0])
    theirs = F.scaled_dot_product_attention(q, k, v, attn_mask=real[:, None, :])
    torch.testing.assert_close(own[:2], theirs[:2])
    assert bool((own[2] == 0).all())


def test_equal_keys_give_the_mean_of_the_values():
    v, real = torch.randn(2, 5, 3), torch.ones(2, 5, dtype=torch.bool)
    found = my_attention(torch.randn(2, 4, 8), torch.ones(2, 5, 8), v, real)
    torch.testing.assert_close(found, v.mean(dim=1, keepdim=True).expand(2, 4, 3))


# what a student hears


def test_a_list_that_no_optimiser_sees_is_named_whatever_it_is_filled_with():
    class Low(MyLowRank):
        def __init__(self, dims, rank, dim):
            super().__init__(dims, rank, dim)
            del self.factors
            self.factors = tuple(torch.zeros(rank, 1 + n, dim, requires_grad=True) for n in dims)

    assert judge(find("fusion.low_rank"), Low).mistake == "a plain list of parameters"


def test_in_place_changes_of_the_embeddings_are_told():
    def my_answer(parts, present):
        for m, x in parts.items():
            x[~present[m]] = 0
        return my_concat(parts, present)

    assert "in place" in judge(find("fusion.concat"), my_answer).sentence


def test_masked_scores_of_zero_are_not_taken_for_a_late_mask():
    def my_answer(q, k, v, real):
        score = q @ k.mT / q.shape[-1] ** 0.5
        return torch.softmax(score * real.unsqueeze(1), -1) @ v

    assert judge(find("fusion.attention"), my_answer).mistake == "a score of 0 for padding"
