import itertools
import json

import pytest
import torch
from torch import nn

from mmteach.batch import only
from mmteach.errors import ParameterError
from mmteach.models import FUSIONS, ModelSpec, MultimodalModel, build_model
from mmteach.models.multimodal import encode_present, side_by_side
from mmteach.train import LOSSES
from mmteach.types import Batch

ALL = pytest.mark.parametrize(
    ("fusion", "encoders", "head"),
    [
        *itertools.product(("concat", "late"), (("cnn", "mlp"), ("mlp", "mlp"), ("cnn", "cnn")), ("linear", "cosine")),
        *((fusion, ("cnn", "mlp"), "linear") for fusion in sorted(set(FUSIONS) - {"concat", "late"})),
    ],
)
SQUARE = {"image": (1, 8, 8), "vector": (2, 8, 8)}  # with two networks for pictures, the vector is a picture too


def built_spec(make_spec, fusion, encoders, head):
    spec = make_spec(fusion, head, encoders)
    return ModelSpec(SQUARE, 3, spec.encoders, spec.fusion, spec.head) if encoders[1] == "cnn" else spec


def built(make_spec, make_batch, fusion, encoders, head, **absent):
    model, batch = build_model(built_spec(make_spec, fusion, encoders, head)), make_batch(**absent)
    if encoders[1] == "cnn":
        batch.x["vector"] = torch.randn(6, 2, 8, 8, generator=torch.Generator().manual_seed(1))
        batch.x["vector"][~batch.present["vector"]] = 0
    return model, batch


def own_and_joint(out, batch, loss):
    """The joint loss and each modality's own, as training adds them up."""
    own = sum(loss(out.unimodal[m][p], out.embeddings[m][p], batch.y[p]) for m, p in batch.present.items())
    return own + LOSSES["cross_entropy"](out.logits, out.fused, batch.y)


@ALL
def test_every_parameter_gets_a_gradient(make_spec, make_batch, fusion, encoders, head):
    model, batch = built(make_spec, make_batch, fusion, encoders, head, image=[1])
    for loss in ("cross_entropy", "arcface") if head == "cosine" else ("cross_entropy",):
        model.zero_grad(set_to_none=True)
        own_and_joint(model(batch), batch, LOSSES[loss]).backward()
        for name, parameter in model.named_parameters():
            assert parameter.grad is not None, (loss, name)
            assert parameter.grad.abs().sum() > 0, (loss, name)


@ALL
def test_its_state_gives_the_same_model_again(make_spec, make_batch, fusion, encoders, head):
    model, batch = built(make_spec, make_batch, fusion, encoders, head, image=[1])
    model(batch)  # so that the statistics are no longer the first ones
    spec = built_spec(make_spec, fusion, encoders, head)
    torch.manual_seed(1)  # other weights: what the state leaves out would be seen
    again = build_model(spec)
    again.load_state_dict(model.state_dict())
    one, other = model.eval()(batch), again.eval()(batch)
    assert torch.equal(one.logits, other.logits)
    assert torch.equal(one.fused, other.fused)
    assert all(torch.equal(one.unimodal[m], other.unimodal[m]) for m in one.unimodal)


@ALL
def test_what_an_absent_modality_holds_changes_nothing(make_spec, make_batch, fusion, encoders, head):
    model, batch = built(make_spec, make_batch, fusion, encoders, head, image=[1, 4], vector=[0])
    garbage = batch._replace(x={m: x.clone() for m, x in batch.x.items()})
    for m, x in garbage.x.items():
        x[~batch.present[m]] = float("nan")
    model.eval()
    one, other = model(batch), model(garbage)
    assert torch.equal(one.logits, other.logits)
    assert torch.equal(one.fused, other.fused)
    assert one.logits.isfinite().all()
    for m, present in batch.present.items():
        assert (one.unimodal[m][~present] == 0).all()
        assert (one.embeddings[m][~present] == 0).all()


@pytest.mark.parametrize("fusion", ["concat", "late"])
def test_the_order_of_the_modalities_changes_nothing(make_spec, make_batch, fusion):
    spec, batch = make_spec(fusion), make_batch(image=[2])
    model = build_model(spec).eval()
    turned = ModelSpec(
        dict(reversed(spec.shapes.items())), 3, dict(reversed(spec.encoders.items())), spec.fusion, spec.head
    )
    torch.manual_seed(0)
    again = build_model(turned).eval()
    backwards = batch._replace(x=dict(reversed(batch.x.items())), present=dict(reversed(batch.present.items())))
    assert torch.equal(model(batch).logits, again(backwards).logits)
    by_hand = MultimodalModel(
        {"vector": again.encoders[1], "image": again.encoders[0]},
        again.fusion,
        again.head,
        {"vector": again.heads[1], "image": again.heads[0]},
    )
    assert torch.equal(by_hand.eval()(batch).logits, again(batch).logits)
    assert by_hand.modalities == again.modalities == ("image", "vector")
    assert by_hand.state_dict().keys() == again.state_dict().keys()
    assert torch.equal(by_hand.state_dict()["heads.0.linear.bias"], again.state_dict()["heads.0.linear.bias"])


def test_what_comes_out_has_its_shapes(make_spec, make_batch):
    out = build_model(make_spec("concat", dim=10))(make_batch())
    assert out.logits.shape == (6, 3)
    assert out.fused.shape == (6, 10)
    assert {m: tuple(h.shape) for m, h in out.embeddings.items()} == {"image": (6, 6), "vector": (6, 6)}
    assert {m: tuple(z.shape) for m, z in out.unimodal.items()} == {"image": (6, 3), "vector": (6, 3)}
    late = build_model(make_spec("late"))(make_batch())
    torch.testing.assert_close(late.fused, side_by_side(late.embeddings))


def test_late_fusion_hears_the_modalities_own_logits(make_spec, make_batch):
    model, batch = build_model(make_spec("late")).eval(), make_batch()
    alone = model(only(batch, ["vector"]))
    torch.testing.assert_close(alone.logits, model(batch).unimodal["vector"].log_softmax(dim=1))


def test_the_absent_do_not_enter_the_statistics(make_spec, make_batch):
    """Batch normalisation of the picture sees four rows, whatever lies in the other two."""
    first, second = (build_model(make_spec()) for _ in range(2))
    second.load_state_dict(first.state_dict())
    some = make_batch(image=[1, 4])
    for m in (first, second):
        for layer in m.modules():
            if isinstance(layer, nn.Dropout):
                layer.p = 0.0
    first(some)
    rows = some.present["image"]
    second.encoders[0](some.x["image"][rows])
    after = second.encoders[0].state_dict()
    for name, value in first.encoders[0].state_dict().items():
        torch.testing.assert_close(value, after[name], msg=name)


def test_a_single_present_row_leaves_the_statistics_alone(make_spec, make_batch):
    model = build_model(make_spec())
    before = {k: v.clone() for k, v in model.encoders[0].state_dict().items()}
    out = model(make_batch(image=[0, 1, 2, 3, 4]))  # one picture: nothing to normalise it by
    assert all(torch.equal(before[k], v) for k, v in model.encoders[0].state_dict().items())
    assert (out.embeddings["image"] == 0).all()
    assert model.eval()(make_batch(image=[0, 1, 2, 3, 4])).embeddings["image"][5].abs().sum() > 0


class Rows(nn.Module):
    """Adds up the steps that the mask allows, and remembers how many rows it saw."""

    dim = 2

    def __init__(self):
        super().__init__()
        self.seen = []

    def forward(self, x, mask):
        self.seen.append(len(x))
        return (x * mask[..., None]).sum(dim=1)


def test_everybody_present_is_the_same_as_row_by_row():
    encoder, x = Rows().eval(), torch.randn(5, 4, 2)
    mask = torch.arange(4)[None] < torch.tensor([[1], [2], [3], [4], [4]])
    whole = encode_present(encoder, x, mask, torch.ones(5, dtype=torch.bool))
    present = torch.tensor([True, True, False, True, True])
    some = encode_present(encoder, x, mask, present)
    torch.testing.assert_close(some[present], whole[present])
    assert (some[2] == 0).all()
    nobody = encode_present(encoder, x, mask, torch.zeros(5, dtype=torch.bool))
    assert nobody.shape == (5, 2)
    assert encoder.seen == [5, 4]


def test_side_by_side_averages_the_cosines():
    h = {"b": torch.randn(4, 3), "a": torch.randn(4, 7)}
    joint = side_by_side(h)
    assert joint.shape == (4, 10)
    cosines = [torch.nn.functional.cosine_similarity(v[:1], v) for v in h.values()]
    torch.testing.assert_close(torch.nn.functional.cosine_similarity(joint[:1], joint), sum(cosines) / 2)
    torch.testing.assert_close(joint[:, :7], torch.nn.functional.normalize(h["a"]))


def test_a_spec_is_json_and_comes_back(make_spec, make_batch):
    spec = make_spec("late", "cosine")
    d = json.loads(json.dumps(spec.to_json()))
    again = ModelSpec({m: tuple(s) for m, s in d.pop("shapes").items()}, **d)
    torch.manual_seed(0)
    one = build_model(spec).eval()
    torch.manual_seed(0)
    other = build_model(again).eval()
    assert torch.equal(one(make_batch()).logits, other(make_batch()).logits)


CNN, MLP = {"name": "cnn", "channels": [3]}, {"name": "mlp"}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"encoders": {"image": {"name": "rnn"}, "vector": MLP}}, "'rnn'; known are"),
        ({"encoders": {"image": {}, "vector": MLP}}, "None; known are"),
        ({"encoders": {"image": CNN}}, "give each modality one"),
        ({"encoders": {"image": CNN, "vector": CNN}}, "cannot be built"),
        ({"encoders": {"image": CNN, "vector": {**MLP, "width": 3}}}, "cannot be built"),
        ({"encoders": {"image": CNN, "vector": {**MLP, "dropout": 2}}}, "cannot be built"),
        ({"encoders": {"image": CNN, "vector": {**MLP, "hidden": -5}}}, "cannot be built"),
        ({"encoders": {"image": CNN, "vector": {**MLP, "hidden": "many"}}}, "cannot be built"),
        ({"encoders": {"image": {"name": "cnn", "channels": []}, "vector": MLP}}, "cannot be built"),
        ({"encoders": {"image": {"name": "cnn", "channels": [3] * 9}, "vector": MLP}}, "too small for 9 halvings"),
        ({"encoders": {"image": CNN, "vector": {**MLP, "hidden": 10**12}}}, "asks for 1000000000000"),
        ({"encoders": {"image": CNN, "vector": {**MLP, "hidden": float("nan")}}}, "asks for nan"),
        ({"fusion": {"name": "vote"}}, "'vote'; known are"),
        ({"head": {"name": "__reduce__"}}, "'__reduce__'; known are"),
        ({"fusion": {"name": "concat", "dim": 10**9}}, "asks for 1000000000"),
        ({"n_classes": 1}, "1 classes"),
        ({"n_classes": 10**9}, "1000000000 classes"),
        ({"shapes": {"image": (1, 8, 8)}}, "give each modality one"),
        ({"shapes": {"image": (1, 8), "vector": (5,)}}, "cannot be built"),
        ({"shapes": {"image": (1, 8, 8), "vector": (-1, 5)}}, "cannot be built"),
        ({"shapes": {}, "encoders": {}}, "give each modality one"),
    ],
)
def test_a_model_that_cannot_be_built_gets_a_sentence(changes, said):
    spec = {"shapes": {"image": (1, 8, 8), "vector": (5,)}, "n_classes": 3, "encoders": {"image": CNN, "vector": MLP}}
    build_model(ModelSpec(**spec))
    with pytest.raises(ParameterError, match=said) as caught:
        build_model(ModelSpec(**{**spec, **changes}))
    assert ("cannot be built" in str(caught.value)) == (said == "cannot be built")


def spoken(fusion, fresh=0):
    """A model of frames, words and a vector, and a batch in which each is missing once."""
    encoders = {
        "audio": {"name": "gru", "dim": 6, "hidden": 5, "stride": 1, "dropout": 0.0},
        "clip": {"name": "clip_cnn", "dim": 6, "channels": [4], "dropout": 0.0},
        "text": {"name": "words", "dim": 6, "n_tokens": 9, "dropout": 0.0},
        "vector": {"name": "mlp", "dim": 6, "hidden": 7, "dropout": 0.0},
    }
    shapes = {"audio": (-1, 3), "clip": (-1, 3), "text": (-1, 1), "vector": (5,)}
    torch.manual_seed(fresh)
    model = build_model(ModelSpec(shapes, 3, encoders, {"name": fusion, "dim": 8, "dropout": 0.0}))
    generator = torch.Generator().manual_seed(0)
    x = {m: torch.randn(5, *(7 if k == -1 else k for k in shape), generator=generator) for m, shape in shapes.items()}
    x["text"] = torch.randint(0, 9, (5, 7, 1), generator=generator).float()
    mask = {m: torch.arange(7)[None] < torch.tensor([7, 1, 3, 5, 2])[:, None] for m in ("audio", "clip", "text")}
    present = {m: torch.arange(5) != i for i, m in enumerate(shapes)}
    return model, Batch(tuple("abcde"), x, mask, present, torch.arange(5) % 3)


@pytest.mark.parametrize("fusion", ["attention", "bottleneck"])
def test_encoders_hand_their_steps_to_a_fusion_of_sequences(fusion):
    model, batch = spoken(fusion)
    assert model.fusion.tokenise.steps == {"audio", "clip", "text"}
    own_and_joint(model(batch), batch, LOSSES["cross_entropy"]).backward()
    lost = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.any()]
    assert not lost
    model.eval()
    out = model(batch)
    wrong = {m: v.masked_fill(~batch.present[m].view(-1, *[1] * (v.ndim - 1)), 7.0) for m, v in batch.x.items()}
    wrong |= {m: wrong[m].masked_fill(~batch.mask[m][..., None], 3.0) for m in batch.mask}
    again = model(batch._replace(x=wrong))
    torch.testing.assert_close(again.logits, out.logits)
    for m in batch.x:
        torch.testing.assert_close(again.unimodal[m], out.unimodal[m])
    nobody = model(only(batch, []))
    assert nobody.logits.isfinite().all()


def test_an_embedding_is_what_its_steps_are_pooled_to():
    model, batch = spoken("attention")
    late, _ = spoken("concat")
    late.encoders.load_state_dict(model.encoders.state_dict())
    one, other = model.eval()(batch), late.eval()(batch)
    for m in batch.x:
        torch.testing.assert_close(one.embeddings[m], other.embeddings[m])
