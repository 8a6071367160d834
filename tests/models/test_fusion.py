import pytest
import torch

from mmteach.models import FUSIONS, ConcatFusion, LateFusion

NAMES = ("audio", "image", "vector")


def parts(n=4, width=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return {m: torch.randn(n, width, generator=generator) for m in NAMES}


def here(n=4, **absent):
    present = {m: torch.ones(n, dtype=torch.bool) for m in NAMES}
    for m, rows in absent.items():
        present[m][rows] = False
    return present


def fusion(name, **options):
    torch.manual_seed(0)
    return FUSIONS[name](dict.fromkeys(NAMES, 3), 3, **options).eval()


EACH = pytest.mark.parametrize(("name", "options"), [("concat", {}), ("concat", {"dim": 0}), ("late", {})])


@EACH
def test_the_order_of_the_keys_changes_nothing(name, options):
    fuse, x, present = fusion(name, **options), parts(), here(image=[1], audio=[2])
    backwards = {m: x[m] for m in reversed(NAMES)}, {m: present[m] for m in reversed(NAMES)}
    assert torch.equal(fuse(x, present), fuse(*backwards))
    torch.manual_seed(0)
    made_backwards = FUSIONS[name](dict.fromkeys(reversed(NAMES), 3), 3, **options).eval()
    made_backwards.load_state_dict(fuse.state_dict())
    assert torch.equal(fuse(x, present), made_backwards(x, present))


@EACH
def test_what_comes_out_has_the_width_that_it_states(name, options):
    fuse = fusion(name, **options)
    assert fuse(parts(), here()).shape == (4, fuse.dim)


@EACH
def test_what_is_absent_is_not_read(name, options):
    fuse, x, present = fusion(name, **options), parts(), here(image=[1, 3])
    garbage = {**x, "image": x["image"].clone()}
    garbage["image"][[1, 3]] = 1e3 * torch.randn(2, 3)
    torch.testing.assert_close(fuse(garbage, present), fuse(x, present))
    assert not torch.allclose(fuse(garbage, here())[1], fuse(x, here())[1])


@EACH
def test_nobody_present_gives_numbers_still(name, options):
    fuse = fusion(name, **options)
    x = {m: v.requires_grad_() for m, v in parts().items()}
    out = fuse(x, here(audio=[2], image=[2], vector=[2]))
    assert out.isfinite().all()
    (out**2).sum().backward()
    assert all(v.grad.isfinite().all() for v in x.values())
    assert all(p.grad.isfinite().all() for p in fuse.parameters())


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


def test_late_fusion_of_equal_votes_changes_no_vote():
    fuse, vote = fusion("late"), parts()["image"]
    with torch.no_grad():
        fuse.weight.copy_(torch.tensor([0.3, -1.0, 2.0]))
    together = fuse(dict.fromkeys(NAMES, vote), here())
    torch.testing.assert_close(together.softmax(dim=1), vote.softmax(dim=1))


def test_late_fusion_begins_as_the_geometric_mean():
    x = parts()
    mean = torch.stack([v.softmax(dim=1).log() for v in x.values()]).mean(dim=0).exp()
    torch.testing.assert_close(fusion("late")(x, here()).exp(), mean / mean.sum(dim=1, keepdim=True))


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


def test_fusions_say_what_they_join():
    assert FUSIONS["concat"] is ConcatFusion
    assert FUSIONS["late"] is LateFusion
    assert (ConcatFusion.joins, LateFusion.joins) == ("embeddings", "logits")


def test_equal_weights_stay_equal():
    fusion = LateFusion({"a": 1, "b": 1}, 3, learn=False)
    assert not [p for p in fusion.parameters() if p.requires_grad]
    parts = {"a": torch.randn(4, 3), "b": torch.randn(4, 3)}
    here = {m: torch.ones(4, dtype=torch.bool) for m in parts}
    mean = (parts["a"].log_softmax(dim=1) + parts["b"].log_softmax(dim=1)) / 2
    torch.testing.assert_close(fusion(parts, here), mean.log_softmax(dim=1))
    assert len(list(LateFusion({"a": 1}, 3).parameters())) == 1
