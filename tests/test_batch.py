import numpy as np
import pytest
import torch

from mmteach.batch import collate, minibatches, only, take
from mmteach.errors import DataError, ParameterError
from mmteach.types import Features

SHAPES = {"audio": (-1, 2), "vector": (3,), "image": (1, 2, 2)}


def steps(n):
    return np.arange(2 * n, dtype=np.float32).reshape(n, 2) + 1


@pytest.fixture
def features():
    """Three samples: all modalities, two of them, one of them."""
    picture, vector = np.ones((1, 2, 2), np.float32), np.array([1, 2, 3], np.float32)
    return [
        Features("a", {"image": picture, "vector": vector, "audio": steps(2)}, "yes"),
        Features("b", {"vector": 2 * vector, "audio": steps(4)}, "no"),
        Features("c", {"image": 3 * picture}, "yes"),
    ]


def test_sequences_are_padded_and_masked(features):
    batch = collate(features, SHAPES)
    assert batch.x["audio"].shape == (3, 4, 2)
    np.testing.assert_array_equal(batch.x["audio"][0], [*steps(2), [0, 0], [0, 0]])
    np.testing.assert_array_equal(batch.x["audio"][1], steps(4))
    T, F = True, False
    assert batch.mask["audio"].tolist() == [[T, T, F, F], [T, T, T, T], [F, F, F, F]]
    assert set(batch.mask) == {"audio"}  # only what has time has a mask


def test_who_is_absent_is_marked_and_zero(features):
    batch = collate(features, SHAPES)
    assert {m: p.tolist() for m, p in batch.present.items()} == {
        "audio": [True, True, False],
        "image": [True, False, True],
        "vector": [True, True, False],
    }
    for m, present in batch.present.items():
        assert batch.x[m].dtype == torch.float32
        assert (batch.x[m][~present] == 0).all()
        assert (batch.x[m][present].flatten(1).abs().sum(dim=1) > 0).all()


def test_a_modality_that_the_model_does_not_know_is_left_out(features):
    batch = collate(features, {"vector": (3,), "image": (1, 2, 2)})
    assert set(batch.x) == set(batch.present) == {"vector", "image"}


def test_a_modality_that_nobody_has_is_still_there(features):
    batch = collate(features[2:], SHAPES)
    assert batch.x["audio"].shape == (1, 1, 2)
    assert not batch.mask["audio"].any()
    assert not batch.present["vector"].any()


def test_labels_become_indices_into_the_classes(features):
    batch = collate(features, SHAPES, ("no", "yes"))
    assert batch.y.tolist() == [1, 0, 1]
    assert batch.y.dtype == torch.int64
    assert batch.ids == ("a", "b", "c")
    assert collate(features, SHAPES).y is None


def test_an_unknown_label_gets_a_sentence(features):
    with pytest.raises(DataError, match="label 'no' was not in the training part, which knows 2 classes"):
        collate(features, SHAPES, ("maybe", "yes"))


def test_a_missing_label_gets_a_sentence(features):
    unlabelled = Features("d", features[0].x, None)
    with pytest.raises(DataError, match="sample d has no label"):
        collate([*features, unlabelled], SHAPES, ("no", "yes"))
    assert collate([unlabelled], SHAPES).ids == ("d",)  # at prediction nobody needs one


def test_a_sample_without_any_known_modality_gets_a_sentence(features):
    with pytest.raises(DataError, match="sample c has none of the modalities audio, vector"):
        collate(features, {"vector": (3,), "audio": (-1, 2)})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"vector": np.ones(4)}, r"vector has shape \(4,\); the model was made for \(3,\)"),
        ({"vector": np.ones(1)}, r"vector has shape \(1,\)"),  # numpy would spread it over the row
        ({"image": np.ones((1, 2, 1))}, r"image has shape \(1, 2, 1\)"),
        ({"audio": np.ones((5, 1))}, r"audio have shape \(1,\); the model was made for \(2,\)"),
        ({"audio": np.ones(2)}, r"audio have shape \(\)"),
    ],
)
def test_a_wrong_shape_gets_a_sentence(features, changed, said):
    with pytest.raises(ParameterError, match=said):
        collate([*features, Features("d", changed)], SHAPES)


def many(n):
    return collate([Features(str(i), {"vector": np.full(3, i)}, "yes") for i in range(n)], {"vector": (3,)}, ("yes",))


@pytest.mark.parametrize(("n", "size", "sizes"), [(10, 4, [4, 4, 2]), (9, 4, [4, 4, 1]), (3, 8, [3]), (1, 8, [1])])
def test_in_order_every_sample_comes_once(n, size, sizes):
    parts = list(minibatches(many(n), size))
    assert [len(part.ids) for part in parts] == sizes
    assert [i for part in parts for i in part.ids] == [str(i) for i in range(n)]


@pytest.mark.parametrize(("n", "size", "sizes"), [(10, 4, [4, 4, 2]), (9, 4, [4, 4]), (3, 8, [3]), (1, 8, [1])])
def test_in_random_order_a_last_single_one_is_left_out(n, size, sizes):
    parts = list(minibatches(many(n), size, torch.Generator().manual_seed(1)))
    ids = [i for part in parts for i in part.ids]
    assert [len(part.ids) for part in parts] == sizes
    assert len(set(ids)) == len(ids) == sum(sizes)
    for part in parts:
        assert part.x["vector"][:, 0].tolist() == [float(i) for i in part.ids]  # rows stay with their names


def test_the_generator_decides_the_order():
    orders = []
    for seed in (1, 1, 2):
        parts = minibatches(many(20), 5, torch.Generator().manual_seed(seed))
        orders.append([i for part in parts for i in part.ids])
    assert orders[0] == orders[1] != orders[2]
    assert orders[0] != sorted(orders[0], key=int)


def test_one_after_another_the_epochs_differ():
    generator = torch.Generator().manual_seed(1)
    first, second = ([i for part in minibatches(many(20), 5, generator) for i in part.ids] for _ in range(2))
    assert first != second


def test_take_picks_rows_of_everything(features):
    batch = take(collate(features, SHAPES, ("no", "yes")), torch.tensor([2, 0]))
    assert batch.ids == ("c", "a")
    assert batch.y.tolist() == [1, 1]
    assert batch.present["audio"].tolist() == [False, True]
    assert batch.mask["audio"].sum(dim=1).tolist() == [0, 2]
    assert batch.x["image"][:, 0, 0, 0].tolist() == [3, 1]


def test_only_hides_the_other_modalities(features):
    before = collate(features, SHAPES, ("no", "yes"))
    batch = only(before, ["image"])
    assert batch.present["image"].tolist() == [True, False, True]
    for m in ("audio", "vector"):
        assert not batch.present[m].any()
        assert (batch.x[m] == 0).all()
    assert torch.equal(batch.x["image"], before.x["image"])
    assert before.present["audio"].any()  # the given batch stays
    assert (before.x["audio"] != 0).any()
    assert torch.equal(batch.y, before.y)
