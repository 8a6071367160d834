"""What validation, test or a neighbour could teach a pipeline, and must not."""

from dataclasses import replace

import numpy as np
import torch

from mmteach.types import Image


def probs(pipeline, samples):
    return np.stack([p.probs for p in pipeline.predict(samples, contributions=False)])


def state(pipeline):
    """Everything that the steps before the model have learnt."""
    out = {}
    for m, branch in pipeline.branches.items():
        out[m, "steps"] = branch.steps
        out |= {(m, "extractor", k): v.tobytes() for k, v in branch.extractor.state().items()}
        out |= {(m, "scale", k): v.tobytes() for k, v in (branch.scale.state() if branch.scale else {}).items()}
    return out


def weights(pipeline):
    return torch.cat([v.flatten().double() for v in pipeline.model.state_dict().values()])


def poisoned(samples):
    """The same people in other light and shape: whoever learns from them, learns something else."""
    return [
        replace(
            s, media={"image": Image(255 - s.media["image"].pixels // 9), "landmarks": 50 + s.media["landmarks"] ** 2}
        )
        for s in samples
    ]


def test_nothing_before_the_model_learns_from_the_validation_part(make_pipeline, make_samples):
    train, val = make_samples(), make_samples(6, seed=1)
    states = []
    for part in (val, poisoned(val), []):
        pipeline = make_pipeline(epochs=1)
        pipeline.fit(train, part)
        states.append(state(pipeline))
    assert states[0] == states[1] == states[2]
    other = make_pipeline(epochs=1)
    other.fit(poisoned(train), val)
    assert all(state(other)[k] != v for k, v in states[0].items() if k[1] != "steps")  # the poison does act


def test_validation_chooses_and_does_not_teach(make_pipeline, make_samples):
    """One epoch leaves nothing to choose, so the weights cannot depend on the validation part."""
    made = []
    for part in (make_samples(6, seed=1), poisoned(make_samples(6, seed=1))):
        pipeline = make_pipeline(epochs=1)
        pipeline.fit(make_samples(), part)
        made.append(weights(pipeline))
    assert torch.equal(*made)


def test_predicting_teaches_nothing(make_pipeline, make_samples):
    pipeline = make_pipeline(epochs=1)
    pipeline.fit(make_samples())
    before, one = (state(pipeline), weights(pipeline)), probs(pipeline, make_samples(1, seed=5))
    probs(pipeline, poisoned(make_samples(6, seed=2)))
    assert state(pipeline) == before[0]
    assert torch.equal(weights(pipeline), before[1])
    np.testing.assert_array_equal(probs(pipeline, make_samples(1, seed=5)), one)


def test_a_sample_is_judged_by_itself(trained, make_samples):
    sample = make_samples(1, seed=5)
    among = probs(trained, sample + poisoned(make_samples(5, seed=6)))
    np.testing.assert_allclose(among[:1], probs(trained, sample), atol=1e-6)


def test_temperature_comes_from_the_validation_part(make_pipeline, make_samples):
    pipeline = make_pipeline(epochs=1)
    pipeline.fit(make_samples())
    assert pipeline.temperature == 1.0
    pipeline.fit(make_samples(), make_samples(6, seed=1))
    assert pipeline.temperature != 1.0
    pipeline.fit(make_samples())
    assert pipeline.temperature == 1.0  # nothing is left of the fit before


def test_validation_people_unknown_to_training_are_left_out(make_pipeline, make_samples):
    strangers = [replace(s, label="zoe") for s in make_samples(3, seed=1)]
    pipeline = make_pipeline(epochs=1)
    _, val = pipeline.prepare(make_samples(), [*strangers, *make_samples(3, seed=1)])
    assert len(val.ids) == 3
    assert pipeline.classes == ("ann", "bob", "cyd")
    assert pipeline.prepare(make_samples(), strangers)[1] is None
