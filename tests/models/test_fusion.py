"""What every fusion must do, whatever it is."""

import pytest
import torch

from mmteach.errors import ParameterError
from mmteach.models import FUSIONS

NAMES = ("audio", "image", "some.name", "vector")
CASES = {
    "concat": ("concat", {}),
    "side by side": ("concat", {"dim": 0}),
    "product": ("late", {"learn": False}),
    "mean": ("late", {"learn": False, "rule": "mean"}),
    "weighted": ("late", {}),
    "weighted mean": ("late", {"rule": "mean"}),
    "stacking": ("stacking", {}),
    "gated": ("gated", {}),
    "tensor": ("tensor", {"size": 5}),
    "low_rank": ("low_rank", {}),
    "attention": ("attention", {}),
    "bottleneck": ("bottleneck", {}),
    "attention of steps": ("attention", {"steps": ("audio", "some.name")}),
    "bottleneck of steps": ("bottleneck", {"steps": ("audio", "some.name")}),
}
EACH = pytest.mark.parametrize("case", CASES)
ANY_NUMBER = pytest.mark.parametrize("n_modalities", [1, 2, 3, 4])


def make(case, n_modalities=3, seed=0, backwards=False):
    torch.manual_seed(seed)
    name, options = CASES[case]
    names = NAMES[:n_modalities]
    dims = dict.fromkeys(reversed(names) if backwards else names, 3)
    if "steps" in options:
        options = {"steps": [m for m in options["steps"] if m in names]}
    return FUSIONS[name](dims, 3, **options)


def inputs(fusion, n=4, seed=0, **absent):
    """Parts, presence and, for sequences, masks of `n` samples."""
    generator = torch.Generator().manual_seed(seed)
    steps = fusion.tokenise.steps if fusion.joins == "sequences" else ()
    parts = {m: torch.randn(n, *([5] if m in steps else []), 3, generator=generator) for m in fusion.names}
    present = {m: torch.ones(n, dtype=torch.bool) for m in fusion.names}
    for m, rows in absent.items():
        present[m][rows] = False
    masks = {m: torch.arange(5)[None] < torch.tensor([5, 3, 1, 2])[:n, None] for m in steps}
    return (parts, present, masks) if fusion.joins == "sequences" else (parts, present)


def test_every_known_fusion_is_tested():
    assert {name for name, _ in CASES.values()} == set(FUSIONS)


@EACH
def test_the_order_of_the_keys_changes_nothing(case):
    fusion, other = make(case).eval(), make(case, seed=1, backwards=True).eval()
    other.load_state_dict(fusion.state_dict())
    given = inputs(fusion, image=[1], audio=[2])
    backwards = [dict(reversed(list(d.items()))) for d in given]
    assert torch.equal(fusion(*given), fusion(*backwards))
    assert torch.equal(fusion(*given), other(*given))


@EACH
@ANY_NUMBER
def test_what_comes_out_has_the_width_that_it_states(case, n_modalities):
    fusion = make(case, n_modalities)
    assert fusion(*inputs(fusion)).shape == (4, fusion.dim)


@EACH
@pytest.mark.parametrize("garbage", [1e3, torch.nan])
def test_what_is_absent_is_not_read_and_gets_no_gradient(case, garbage):
    fusion = make(case).eval()
    parts, present, *masks = inputs(fusion, image=[1, 3], audio=[0])
    wrong = {m: x.clone() for m, x in parts.items()}
    wrong["image"][[1, 3]] = wrong["audio"][0] = garbage
    wrong = {m: x.requires_grad_() for m, x in wrong.items()}
    out = fusion(wrong, present, *masks)
    torch.testing.assert_close(out, fusion(parts, present, *masks))
    (out * torch.randn(out.shape)).sum().backward()
    assert (wrong["image"].grad[[1, 3]] == 0).all()
    assert wrong["image"].grad[[0, 2]].abs().sum() > 0
    everybody = {m: torch.ones_like(p) for m, p in present.items()}
    assert not torch.allclose(out[1], fusion(parts, everybody, *masks)[1])


@EACH
@ANY_NUMBER
def test_nobody_present_gives_numbers_still(case, n_modalities):
    fusion = make(case, n_modalities)
    parts, present, *masks = inputs(fusion, **{m: [2] for m in NAMES[:n_modalities]})
    parts = {m: x.requires_grad_() for m, x in parts.items()}
    out = fusion(parts, present, *masks)
    assert out.isfinite().all()
    out.square().sum().backward()
    assert all(x.grad.isfinite().all() for x in parts.values())
    assert all(p.grad.isfinite().all() for p in fusion.parameters() if p.requires_grad)


@EACH
@ANY_NUMBER
def test_every_parameter_gets_a_gradient(case, n_modalities):
    fusion = make(case, n_modalities)
    out = fusion(*inputs(fusion))
    if out.requires_grad:
        (out * torch.randn(4, fusion.dim)).sum().backward()
    for name, parameter in fusion.named_parameters():
        if parameter.requires_grad and not (name == "weight" and n_modalities == 1):  # one vote weighs 1 in any case
            assert parameter.grad is not None, name
            assert parameter.grad.abs().max() > 1e-6, name


@EACH
def test_its_state_gives_the_same_fusion_again(case):
    fusion, other = make(case), make(case, seed=1)
    given = inputs(fusion, image=[1])
    fusion(*given)  # so that statistics, where there are some, are no longer the first ones
    if case == "stacking":
        fusion.fill(torch.randn(3, 9), torch.randn(3))
    assert not torch.allclose(fusion.eval()(*given), other.eval()(*given)) or not list(fusion.parameters())[1:]
    other.load_state_dict(fusion.state_dict())
    assert torch.equal(fusion(*given), other(*given))


@EACH
def test_padding_is_never_heard(case):
    fusion = make(case).eval()
    if not (masked := inputs(fusion)[2:]) or not masked[0]:
        return
    parts, present, masks = inputs(fusion)
    wrong = {m: x.masked_fill(~masks[m][..., None], torch.nan) if m in masks else x for m, x in parts.items()}
    torch.testing.assert_close(fusion(wrong, present, masks), fusion(parts, present, masks))
    short = {m: x[2:3, :1] if m in masks else x[2:3] for m, x in parts.items()}  # the third has one real step
    alone = fusion(short, {m: p[2:3] for m, p in present.items()}, {m: k[2:3, :1] for m, k in masks.items()})
    torch.testing.assert_close(alone, fusion(parts, present, masks)[2:3])


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("late", {"rule": "sum"}, "known are product and mean"),
        ("tensor", {"size": 30}, "31 x 31 x 31 = 29,791 products"),
        ("tensor", {"size": -1}, "size is -1"),
        ("low_rank", {"rank": 0}, "rank is 0"),
        ("gated", {"dim": 2.5}, "dim is 2.5"),
        ("concat", {"dropout": 1}, "dropout is 1"),
        ("attention", {"heads": 3}, "cannot be shared among 3 heads"),
        ("attention", {"n_tokens": 1}, "n_tokens is 1"),
        ("attention", {"dim": 7}, "an even width"),
        ("attention", {"steps": ["video"]}, "'video'"),
        ("bottleneck", {"layers": 1}, "layers is 1"),
        ("bottleneck", {"n_bottleneck": 0}, "n_bottleneck is 0"),
    ],
)
def test_what_cannot_be_made_gets_a_sentence(name, options, said):
    with pytest.raises(ParameterError, match=said):
        FUSIONS[name](dict.fromkeys(NAMES[:3], 40), 3, **options)


def test_steps_and_embeddings_are_not_mixed_up():
    fusion = make("attention of steps")
    with pytest.raises(ParameterError, match="audio came as"):
        fusion({m: torch.randn(2, 3) for m in fusion.names}, {m: torch.ones(2).bool() for m in fusion.names})
