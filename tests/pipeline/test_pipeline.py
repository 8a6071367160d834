from dataclasses import replace

import numpy as np
import pytest
import torch

from mmteach.errors import DataError, NotFittedError, ParameterError
from mmteach.features import Landmarks, Vector
from mmteach.infer import softmax
from mmteach.pipeline import Branch, Pipeline
from mmteach.train import Recipe
from mmteach.types import Image, Sample


def probs(pipeline, samples):
    return np.stack([p.probs for p in pipeline.predict(samples, contributions=False)])


def weights(pipeline):
    return torch.cat([v.flatten().double() for v in pipeline.model.state_dict().values()])


def test_it_learns_what_is_easy(make_pipeline, make_samples):
    pipeline = make_pipeline(epochs=30)
    history = pipeline.fit(make_samples(30), make_samples(12, seed=1))
    assert history.ended == "finished"
    test = make_samples(30, seed=2)
    assert np.mean([p.label == s.label for p, s in zip(pipeline.predict(test), test, strict=True)]) > 0.8


def test_a_prediction_names_a_class_and_what_each_modality_added(trained, make_samples):
    samples = make_samples(5, seed=3)
    for prediction, sample in zip(trained.predict(samples), samples, strict=True):
        assert prediction.id == sample.id
        assert prediction.label == trained.classes[prediction.probs.argmax()]
        assert prediction.probs.sum() == pytest.approx(1)
        assert set(prediction.contributions) == {"features", "image", "landmarks"}
        assert sum(prediction.contributions.values()) == pytest.approx(prediction.probs.max() - 1 / 3, abs=1e-6)
    assert trained.classes == ("ann", "bob", "cyd")
    assert trained.predict([]) == []


def test_the_same_seed_gives_the_same_model_and_another_does_not(make_pipeline, make_samples):
    made = []
    for seed in (0, 0, 1):
        pipeline = make_pipeline(seed=seed, epochs=2)
        pipeline.fit(make_samples(), make_samples(6, seed=1))
        made.append(weights(pipeline))
    assert torch.equal(made[0], made[1])
    assert not torch.equal(made[0], made[2])


def test_the_pipeline_s_own_branches_are_copies(make_samples):
    branch = Branch("landmarks", Vector())
    pipeline = Pipeline({"a": branch, "b": branch})
    assert pipeline.branches["a"] is not branch
    assert pipeline.branches["a"].extractor is not pipeline.branches["b"].extractor


@pytest.mark.parametrize("fusion", ["concat", "late"])
def test_a_modality_may_be_missing_at_prediction(make_pipeline, make_samples, fusion):
    pipeline = make_pipeline(fusion=fusion)
    pipeline.fit(make_samples())
    whole = make_samples(4, seed=4)
    for gone, left in (("landmarks", {"image", "features"}), ("image", {"landmarks"})):
        some = [replace(s, media={m: v for m, v in s.media.items() if m != gone}) for s in whole]
        for prediction in pipeline.predict(some):
            assert np.isfinite(prediction.probs).all()
            assert prediction.probs.sum() == pytest.approx(1)
            assert {m for m, share in prediction.contributions.items() if abs(share) > 1e-9} <= left
        mixed = probs(pipeline, [whole[0], *some[1:]])
        np.testing.assert_allclose(mixed[0], probs(pipeline, whole[:1])[0], atol=1e-6)
        np.testing.assert_allclose(mixed[1:], probs(pipeline, some)[1:], atol=1e-6)


def test_a_sample_with_nothing_gets_a_sentence(trained):
    with pytest.raises(DataError, match="sample x has none of the modalities features, image, landmarks"):
        trained.predict([Sample("x", {"sound": "la"})])


def test_a_photo_from_a_turned_camera_is_the_same_photo(trained, make_samples):
    upright = make_samples(3, seed=4)
    for orientation, stored in ((3, 2), (6, 1), (8, 3)):
        turned = [
            replace(s, media={**s.media, "image": Image(np.rot90(s.media["image"].pixels, stored), orientation)})
            for s in upright
        ]
        np.testing.assert_array_equal(probs(trained, turned), probs(trained, upright))


def test_a_picture_of_another_size_or_in_grey_is_taken_too(trained, make_samples):
    (sample,) = make_samples(1)
    grey = replace(sample, media={"image": Image(np.zeros((300, 200), np.uint8))})
    assert probs(trained, [grey]).shape == (1, 3)


def test_only_keeps_some_of_the_branches(make_pipeline, make_samples):
    whole = make_pipeline(epochs=1)
    part = whole.only("landmarks")
    part.fit(make_samples())
    assert set(part.branches) == set(part.spec.shapes) == {"landmarks"}
    assert set(part.predict(make_samples(1))[0].contributions) == {"landmarks"}
    assert whole.model is None  # and nothing of it was fitted
    assert whole.branches["landmarks"].scale.mean is None
    assert part.recipe == whole.recipe


def test_only_of_what_is_not_there_gets_a_sentence(make_pipeline):
    with pytest.raises(ParameterError, match=r"\['sound'\]; choose among features, image, landmarks"):
        make_pipeline().only("sound")
    with pytest.raises(ParameterError, match="choose among"):
        make_pipeline().only()


def test_within_a_group_a_common_offset_changes_nothing(make_samples):
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(24, 4)).astype(np.float32)
    samples = [Sample(str(i), {"vector": v}, "ab"[i % 2], f"g{i // 6}") for i, v in enumerate(vectors)]
    shifted = [replace(s, media={"vector": s.media["vector"] + (7 if s.group == "g1" else 0)}) for s in samples]
    for scale, same in (("group", True), ("train", False)):
        branch = Branch("vector", Vector(), scale=scale, encoder={"name": "mlp", "dim": 4, "hidden": 8})
        pipeline = Pipeline({"vector": branch}, recipe=Recipe(epochs=3))
        pipeline.fit(samples)
        assert np.allclose(probs(pipeline, samples), probs(pipeline, shifted), atol=1e-4) == same


def test_someone_alone_has_no_group_to_be_measured_by(make_samples, make_pipeline):
    """A group of one falls back to the training part, whatever its name."""
    pipeline = make_pipeline(scale="group", epochs=1)
    pipeline.fit(make_samples())
    (sample,) = make_samples(1, seed=4)
    np.testing.assert_array_equal(probs(pipeline, [sample]), probs(pipeline, [replace(sample, group=None)]))


def test_the_temperature_cools_every_prediction(make_pipeline, make_samples):
    pipeline, samples = make_pipeline(epochs=1), make_samples(5, seed=3)
    pipeline.fit(make_samples())
    logits = np.log(probs(pipeline, samples))
    pipeline.temperature = 2.5
    np.testing.assert_allclose(probs(pipeline, samples), softmax(logits, 2.5), atol=1e-6)


def test_at_prediction_nobody_asks_for_labels(trained, make_samples):
    samples = make_samples(2)
    for label in (None, "zoe"):
        strangers = [replace(s, label=label, group=None) for s in samples]
        np.testing.assert_array_equal(probs(trained, strangers), probs(trained, samples))


def test_epoch_by_epoch_is_the_same_as_at_once(make_pipeline, make_samples):
    at_once, by_hand = make_pipeline(), make_pipeline()
    at_once.fit(make_samples(), make_samples(6, seed=1))
    trainer = by_hand.trainer(make_samples(), make_samples(6, seed=1))
    while not trainer.done:
        trainer.epoch()
    trainer.finish()
    by_hand.calibrate(trainer.val)
    np.testing.assert_array_equal(probs(at_once, make_samples(3)), probs(by_hand, make_samples(3)))


def test_augmentation_changes_its_own_branch_in_training_alone(trained, make_samples):
    batch = trained.batch(make_samples())
    changed = trained.augment(batch, torch.Generator().manual_seed(0))
    assert not torch.allclose(changed.x["image"], batch.x["image"])
    assert torch.equal(changed.x["features"], batch.x["features"])
    np.testing.assert_array_equal(probs(trained, make_samples(3)), probs(trained, make_samples(3)))


def test_embeddings_have_unit_length_and_views_stay_near(trained, make_samples):
    samples = make_samples(5, seed=3)
    plain = trained.embed(samples)
    np.testing.assert_allclose(np.linalg.norm(plain, axis=1), 1, rtol=1e-5)
    trained.views = True
    try:
        views, again = trained.embed(samples), trained.embed(samples)
    finally:
        trained.views = False
    np.testing.assert_allclose(np.linalg.norm(views, axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(views, again)
    assert not np.allclose(views, plain)
    assert ((views * plain).sum(axis=1) > 0.5).all()


def test_preprocess_shows_each_branch_what_it_sees(trained, make_samples):
    (clean,) = trained.preprocess(make_samples(1))
    assert clean.media["image"].pixels.shape == (16, 16)
    assert clean.media["image"].pixels.dtype == np.float32
    assert clean.media["features"].pixels.dtype == np.uint8
    assert clean.media["landmarks"].shape == (5, 2)
    (features,) = trained.extract(make_samples(1))
    assert {m: x.shape for m, x in features.x.items()} == trained.spec.shapes


def test_before_training_it_says_so(make_pipeline, make_samples):
    for use in (Pipeline.predict, Pipeline.embed, Pipeline.batch):
        with pytest.raises(NotFittedError):
            use(make_pipeline(), make_samples(2))
        with pytest.raises(NotFittedError, match="has not been trained: call fit"):
            use(Pipeline({"landmarks": Branch("landmarks", Landmarks())}), make_samples(2))  # no step needs fitting


@pytest.mark.parametrize("label", ["ann", None])
def test_fewer_than_two_classes_get_a_sentence(make_pipeline, make_samples, label):
    samples = [replace(s, label=label) for s in make_samples()]
    with pytest.raises(DataError, match=f"has {1 if label else 0} class; a model needs two"):
        make_pipeline().fit(samples)


def test_a_training_sample_without_a_label_gets_a_sentence(make_pipeline, make_samples):
    with pytest.raises(DataError, match="sample nameless has no label"):
        make_pipeline().fit([*make_samples(), replace(make_samples(1)[0], id="nameless", label=None)])
