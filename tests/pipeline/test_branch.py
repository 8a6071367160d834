import numpy as np
import pytest
import torch

from mmteach.errors import DataError
from mmteach.features import LBP, Eigenfaces, Landmarks, Pixels, Vector
from mmteach.pipeline import Branch
from mmteach.preprocess import Grey, Resize, Standardise
from mmteach.preprocess.augment import RandAugment, RandomView, SpecAugment
from mmteach.types import Sample

STEPS = (Grey(), Resize(8, 8), Standardise())


def without(samples, medium, rows):
    return [
        Sample(s.id, {m: v for m, v in s.media.items() if i not in rows or m != medium}, s.label, s.group)
        for i, s in enumerate(samples)
    ]


def extracted(branch, samples):
    return branch.extract([branch.clean(s) for s in samples], samples)


def test_what_it_gives_in_training_it_gives_again(make_samples):
    samples = make_samples()
    for branch in (Branch("image", Pixels(), STEPS), Branch("landmarks", Landmarks(), scale="train")):
        fitted = branch.fit(samples)
        for a, b in zip(fitted, extracted(branch, samples), strict=True):
            np.testing.assert_allclose(a, b, atol=1e-5)


def test_steps_extractor_and_scale_are_fitted_in_a_row(make_samples):
    branch = Branch("image", Eigenfaces(3), STEPS, scale="train")
    x = np.stack(branch.fit(make_samples()))
    assert x.shape == (12, 3)
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-4)
    np.testing.assert_allclose(x.std(axis=0), 1, atol=1e-4)
    assert branch.steps[-1].mean is not None
    pictures = np.stack([branch.clean(s).pixels.ravel() for s in make_samples()])
    np.testing.assert_allclose(branch.extractor.mean, pictures.mean(axis=0), atol=1e-5)


def test_each_array_goes_to_its_own_sample(make_samples):
    whole, some = make_samples(), without(make_samples(), "landmarks", {0, 5})
    branch = Branch("landmarks", Landmarks())
    all_there = branch.fit(whole)
    arrays = extracted(branch, some)
    assert [a is None for a in arrays] == [i in (0, 5) for i in range(12)]
    assert all(np.array_equal(a, b) for a, b in zip(arrays, all_there, strict=True) if a is not None)
    assert [a is None for a in Branch("landmarks", Landmarks()).fit(some)] == [i in (0, 5) for i in range(12)]


def test_groups_stay_with_their_samples(make_samples):
    """With some samples lacking the medium, the others must not get a neighbour's group."""
    samples = without(make_samples(), "landmarks", {0, 4})
    branch = Branch("landmarks", Landmarks(), scale="group")
    arrays = branch.fit(samples)
    for person in ("ann", "bob", "cyd"):
        own = np.stack([a for a, s in zip(arrays, samples, strict=True) if s.group == person and a is not None])
        np.testing.assert_allclose(own.mean(axis=0), 0, atol=1e-4)


def test_a_copy_is_fitted_by_itself(make_samples):
    branch = Branch("image", Eigenfaces(3), STEPS, scale="train")
    copy = branch.copy()
    copy.fit(make_samples())
    assert branch.extractor.mean is None
    assert branch.scale.mean is None
    assert branch.steps[-1].mean is None


def test_a_medium_that_nobody_has_gets_a_sentence(make_samples):
    with pytest.raises(DataError, match="no training sample has 'sound': leave out the modality"):
        Branch("sound", Vector()).fit(make_samples())
    branch = Branch("landmarks", Landmarks())
    branch.fit(make_samples())
    assert extracted(branch, without(make_samples(2), "landmarks", {0, 1})) == [None, None]


def test_steps_on_what_is_no_picture_get_a_sentence(make_samples):
    with pytest.raises(DataError, match="a picture was needed, a ndarray came"):
        Branch("landmarks", Pixels(), STEPS).fit(make_samples())
    with pytest.raises(DataError, match="a picture was needed, a ndarray came"):
        Branch("landmarks", Pixels(), STEPS).clean(make_samples()[0])


def test_a_step_takes_one_of_the_views_or_the_original(make_samples):
    samples = make_samples(6)
    branch = Branch("image", LBP(cell=7), (Grey(), Resize(16, 16)), augment=RandomView(), n_views=3)
    x = np.stack(branch.fit(samples))
    generator, ids = torch.Generator().manual_seed(0), [s.id for s in samples]
    taken = np.stack([branch.changed(ids, torch.from_numpy(x), generator).numpy() for _ in range(60)])
    for i, s in enumerate(samples):
        assert branch.bank[s.id].shape == (4, x.shape[1])
        np.testing.assert_array_equal(branch.bank[s.id][0], x[i])
        assert len(np.unique(taken[:, i], axis=0)) == 4


def test_views_are_of_training_pictures_and_change_nothing_learnt(make_samples):
    steps, samples = (Grey(), Resize(16, 16)), make_samples(6)
    plain = Branch("image", Eigenfaces(3), steps, scale="train")
    seen = Branch("image", Eigenfaces(3), steps, scale="train", augment=RandomView(), n_views=2)
    np.testing.assert_array_equal(np.stack(plain.fit(samples)), np.stack(seen.fit(samples)))
    seen.extract([seen.clean(s) for s in make_samples(6, seed=1)], make_samples(6, seed=1))
    assert set(seen.bank) == {s.id for s in samples}


def test_without_views_nothing_is_changed(make_samples):
    branch = Branch("image", LBP(cell=7), (Grey(), Resize(16, 16)))
    x = torch.from_numpy(np.stack(branch.fit(make_samples(6))))
    assert branch.changed([s.id for s in make_samples(6)], x, torch.Generator()) is x


def test_spectrograms_are_covered_in_training_and_padding_is_not():
    branch = Branch("audio", Vector(), augment=SpecAugment(2, 8, 1, 4))
    x = torch.randn(6, 40, 10)
    mask = torch.arange(40)[None] < torch.tensor([40, 30, 20, 10, 40, 25])[:, None]
    y = branch.changed(tuple("abcdef"), x, torch.Generator().manual_seed(0), mask)
    assert not torch.equal(y[mask], x[mask])
    assert torch.equal(y[~mask], x[~mask])


def test_views_by_randaugment_are_taken_beside_the_original(make_samples):
    samples = make_samples()
    branch = Branch("image", Pixels(), STEPS[:2], augment=RandAugment(("flip", "brightness"), 2, 0.5), n_views=3)
    x = torch.from_numpy(np.stack(branch.fit(samples)))
    ids, generator = [s.id for s in samples], torch.Generator().manual_seed(0)
    seen = torch.stack([branch.changed(ids, x, generator) for _ in range(20)])
    same = (seen == x).flatten(2).all(dim=2).float().mean()
    assert 0.1 < same < 0.5
    assert branch.bank[ids[0]].shape == (4, *x.shape[1:])
