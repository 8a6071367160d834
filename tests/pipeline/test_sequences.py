"""Pipelines that read texts and recordings, whose features have time: words and frames."""

import json
from dataclasses import replace

import numpy as np
import pytest

from mmteach.errors import DataError, MmteachError
from mmteach.features import LogMel, NGrams, Tokens, VoiceStatistics
from mmteach.pipeline import Branch, Pipeline, saved
from mmteach.preprocess import Clean, Level, Lower, Normalise, PadCrop, Resample, Trim
from mmteach.preprocess.augment import Speed
from mmteach.train import Recipe
from mmteach.types import Sample, Waveform


def spoken_samples(n=12, seed=0):
    """Words and pitch carry the mood."""
    rng, samples = np.random.default_rng(seed), []
    for i in range(n):
        mood = ("glad", "low")[i % 2]
        t = np.arange(4_800) / 16_000
        hum = 0.3 * np.sin(2 * np.pi * (300 if mood == "glad" else 150) * t) + 0.01 * rng.normal(size=len(t))
        media = {"audio": Waveform(hum.astype(np.float32), 16_000), "text": f"a {mood} day 好 number {i}"}
        samples.append(Sample(f"{seed}.{i}", media, mood, f"speaker {i // 4}"))
    return samples


def spoken_pipeline():
    """Two ways to read a text and two to hear a voice, not yet trained."""
    words, heard = (Clean(), Normalise(), Lower()), (Resample(), Trim(), Level(), PadCrop(0.3))
    return Pipeline(
        {
            "bag": Branch("text", NGrams(min_count=1, lexicon=True), words, encoder={"name": "bag", "dim": 4}),
            "clip": Branch("audio", LogMel(), heard, "train", {"name": "clip_cnn", "dim": 4, "channels": [4]}),
            "voice": Branch(
                "audio", VoiceStatistics(), heard[:2], "group", {"name": "mlp", "dim": 4, "hidden": 8}, Speed(), 2
            ),
            "words": Branch("text", Tokens(length=20), words, encoder={"name": "words", "dim": 4}),
        },
        {"name": "late"},
        recipe=Recipe(epochs=3, batch_size=6),
    )


@pytest.fixture(scope="module")
def trained():
    pipeline = spoken_pipeline()
    pipeline.fit(spoken_samples())
    return pipeline


@pytest.fixture(scope="module")
def model_file(trained, tmp_path_factory):
    return trained.save(tmp_path_factory.mktemp("model") / "moods.mmteach")


def test_texts_and_voices_are_answered_as_before(trained, model_file):
    again, samples = Pipeline.load(model_file), spoken_samples(6, seed=8)
    samples += [Sample("words alone", {"text": "glad"}), Sample("unknown", {"text": "zzyzx"})]
    for one, other in zip(trained.predict(samples), again.predict(samples), strict=True):
        np.testing.assert_array_equal(one.probs, other.probs)
        assert one.contributions == other.contributions


def test_the_vocabulary_and_the_steps_come_back(trained, model_file):
    again = Pipeline.load(model_file)
    for m, branch in trained.branches.items():
        other = again.branches[m]
        assert other.steps == branch.steps
        assert json.dumps(saved._describe_branch(other)) == json.dumps(saved._describe_branch(branch))
    for m in ("bag", "words"):
        assert again.branches[m].extractor.vocabulary == trained.branches[m].extractor.vocabulary
    np.testing.assert_array_equal(again.branches["bag"].extractor.idf, trained.branches["bag"].extractor.idf)


def probs(pipeline, samples):
    return np.stack([p.probs for p in pipeline.predict(samples, contributions=False)])


def state(pipeline):
    """Everything that the branches have learnt."""
    out = {}
    for m, branch in pipeline.branches.items():
        out |= {(m, "extractor", k): v.tobytes() for k, v in branch.extractor.state().items()}
        out |= {(m, "scale", k): v.tobytes() for k, v in (branch.scale.state() if branch.scale else {}).items()}
    return out


def other_words(samples):
    """Whoever learns from these, learns other words and another voice."""
    return [
        replace(s, media={"audio": Waveform(s.media["audio"].samples ** 2, 16_000), "text": f"strange {s.id}"})
        for s in samples
    ]


def test_words_and_voices_are_learnt(make_fitted):
    samples = spoken_samples(8, seed=3)
    for m in ("bag", "clip", "voice", "words"):
        answers = make_fitted(m, epochs=30).predict(samples)
        assert np.mean([a.label == s.label for a, s in zip(answers, samples, strict=True)]) > 0.8, m


@pytest.fixture(scope="module")
def make_fitted():
    def make(*modalities, val=(), **recipe):
        pipeline = spoken_pipeline().only(*modalities) if modalities else spoken_pipeline()
        pipeline.recipe = replace(pipeline.recipe, **recipe)
        pipeline.fit(spoken_samples(), val)
        return pipeline

    return make


def test_the_vocabulary_is_that_of_the_training_part(make_fitted):
    val = spoken_samples(6, seed=1)
    states = [state(make_fitted(val=part, epochs=1)) for part in (val, other_words(val), [])]
    assert states[0] == states[1] == states[2]
    pipeline = spoken_pipeline()
    pipeline.fit(other_words(spoken_samples()), val)
    assert all(state(pipeline)[k] != v for k, v in states[0].items())  # the strange words do act in training


def test_predicting_teaches_no_word(trained):
    before, sample = state(trained), spoken_samples(1, seed=5)
    one = probs(trained, sample)
    probs(trained, other_words(spoken_samples(6, seed=2)))
    assert state(trained) == before
    np.testing.assert_array_equal(probs(trained, sample), one)


def test_the_encoder_of_tokens_is_told_how_many_there_are(trained):
    for m in ("bag", "words"):
        extractor = trained.branches[m].extractor
        assert trained.spec.encoders[m]["n_tokens"] == extractor.n_tokens
        assert "n_tokens" not in trained.branches[m].encoder
    assert "n_tokens" not in trained.spec.encoders["clip"]


def test_a_sample_is_judged_by_itself_however_long_its_neighbours(trained):
    """A long text beside a short one means padding, which must not be heard."""
    sample = spoken_samples(1, seed=5)
    long = Sample("long", {"text": "a low day " * 200, "audio": Waveform(np.ones(9_000, np.float32) / 9, 16_000)})
    np.testing.assert_allclose(probs(trained, [*sample, long])[:1], probs(trained, sample), atol=1e-5)


@pytest.mark.parametrize("missing", ["text", "audio"])
def test_one_side_is_enough(trained, missing):
    bare = [replace(s, media={m: v for m, v in s.media.items() if m != missing}) for s in spoken_samples(4, seed=5)]
    reads = {m for m, branch in trained.branches.items() if branch.source == missing}
    for answer in trained.predict(bare):
        assert np.isfinite(answer.probs).all()
        assert {m for m, share in answer.contributions.items() if share == 0} == reads


def test_training_gets_along_with_missing_sides():
    lacking = ["text", "audio", "", ""]
    samples = [
        replace(s, media={m: v for m, v in s.media.items() if m != lacking[i // 2 % 4]})
        for i, s in enumerate(spoken_samples(16))
    ]
    pipeline = spoken_pipeline()
    pipeline.fit(samples)
    assert np.isfinite(probs(pipeline, spoken_samples(4, seed=5))).all()


def test_a_text_without_a_known_word_is_all_bias(make_fitted):
    bag = make_fitted("bag")
    unknown = [Sample("x", {"text": text}) for text in ("zzyzx", "วันนี้", "qwrty asdf")]
    assert bag.extract(unknown)[0].x["bag"].shape == (0, 2)
    assert len(np.unique(probs(bag, unknown).round(6), axis=0)) == 1


def test_the_wrong_medium_gets_a_sentence(trained):
    for media in ({"audio": "words"}, {"text": spoken_samples(1)[0].media["audio"]}):
        with pytest.raises(DataError, match=r"was needed, a (str|Waveform) came"):
            trained.predict([Sample("x", media)])


def test_a_sample_with_neither_gets_a_sentence(trained):
    with pytest.raises(DataError, match="none of the modalities bag, clip, voice, words"):
        trained.predict([Sample("x", {"image": np.zeros((4, 4))})])


@pytest.mark.parametrize("n", [0, 1, 10, 399])
def test_a_clip_shorter_than_a_frame_is_answered_or_refused_in_a_sentence(trained, n):
    try:
        answer = probs(trained, [Sample("x", {"audio": Waveform(np.full(n, 0.1, np.float32), 16_000)})])
    except MmteachError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either is right
    else:
        assert np.isfinite(answer).all()


def test_voices_are_standardised_within_each_speaker(trained):
    """In a composed set a group is a block of several speakers; who speaks stands in its own column."""
    samples = [
        replace(s, group="block 1", meta={"speaker": f"s{i // 4}"}) for i, s in enumerate(spoken_samples(8, seed=5))
    ]
    x = np.stack([f.x["voice"] for f in trained.extract(samples)])
    for rows in (slice(0, 4), slice(4, 8)):
        np.testing.assert_allclose(x[rows].mean(axis=0), 0, atol=1e-3)
    alone = np.stack([f.x["voice"] for f in trained.extract(samples[:4])])
    np.testing.assert_allclose(alone, x[:4], atol=1e-3)


def test_training_voices_are_heard_at_other_speeds_too(make_fitted):
    pipeline = make_fitted("voice")
    bank = pipeline.branches["voice"].bank
    assert set(bank) == {s.id for s in spoken_samples()}
    assert all(views.shape[0] == 3 for views in bank.values())
    assert all(not np.allclose(views[0], views[1]) and not np.allclose(views[1], views[2]) for views in bank.values())


def test_the_same_seed_gives_the_same_model(make_fitted):
    samples = spoken_samples(4, seed=5)
    first, again, other = (probs(make_fitted(epochs=2, seed=seed), samples) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_voice_is_trained_at_several_speeds_and_saved_with_them(tmp_path):
    rng = np.random.default_rng(0)
    clips = [Waveform(rng.normal(0, 0.1, 8_000).astype(np.float32), 16_000) for _ in range(6)]
    samples = [Sample(f"s{i}", {"audio": clip}, "ab"[i % 2], f"g{i}") for i, clip in enumerate(clips)]
    encoder = {"name": "mlp", "hidden": 4, "dim": 3}
    branch = Branch("audio", VoiceStatistics(parts=("energy",)), (), "train", encoder, Speed((0.8, 1.25)), n_views=2)
    made = Pipeline({"audio": branch}, {"name": "late"}, recipe=Recipe(epochs=2))
    made.fit(samples)
    bank = made.branches["audio"].bank
    assert {rows.shape[0] for rows in bank.values()} == {3}
    assert all(not np.allclose(rows[0], rows[1]) for rows in bank.values())
    again = Pipeline.load(made.save(tmp_path / "voice.mmt"))
    assert again.branches["audio"].augment == Speed((0.8, 1.25))
    np.testing.assert_allclose(again.predict(samples)[0].probs, made.predict(samples)[0].probs, atol=1e-6)
