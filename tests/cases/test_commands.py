"""The case of commands: frames, what is understood of them, the report, and what is kept in a file."""

from dataclasses import replace

import numpy as np
import pytest

from mmteach.cases import commands
from mmteach.cases.commands import Frame, understand
from mmteach.datasets import Dataset, load
from mmteach.errors import DataError
from mmteach.pipeline import Pipeline
from mmteach.types import Prediction
from tests.cases.conftest import spoken

INTENTS = ("light_on", "stop", "louder")


@pytest.fixture(scope="module", autouse=True)
def quick():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "N_LISTENING", 30)
        yield


@pytest.fixture(scope="module")
def few():
    """Six English voices, six frames of three intents."""
    everything = load("commands", language="en")
    chosen = {"e01", "e02", "e03", "e04", "e05", "e06"}
    return everything.subset(
        i for i, row in enumerate(everything.rows) if row.group in chosen and row.meta["intent"] in INTENTS
    )


@pytest.fixture(scope="module")
def report(few):
    return commands.evaluate(few, "folds2", epochs=8)


@pytest.fixture(scope="module")
def trained(few):
    return commands.train(few, epochs=3)[0]


def test_a_frame_is_an_intent_and_a_slot():
    assert Frame.read("timer minutes=15") == ("timer", "minutes=15")
    assert Frame.read("stop") == ("stop", "none")
    for row in load("commands").rows:
        frame = Frame.read(row.label)
        assert frame.intent == row.meta["intent"]
        name, _, value = frame.slot.partition("=")
        assert frame.slot == "none" or str(row.meta[name]) == value


def test_intents_are_sums_over_frames_and_slots_shares_of_their_intent():
    classes = ("light_on room=bedroom", "light_on room=kitchen", "stop")
    found = understand(Prediction("x", classes[1], np.array([0.2, 0.3, 0.5])), classes)
    assert found.frame == ("light_on", "room=kitchen")
    assert found.intents == pytest.approx({"light_on": 0.5, "stop": 0.5})
    assert found.slots == pytest.approx({"room=kitchen": 0.6, "room=bedroom": 0.4})
    assert list(found.slots) == ["room=kitchen", "room=bedroom"]  # likeliest first


def test_the_report_tells_frames_intents_and_slots_of_each_side(report, few):
    assert [row.model for row in report.rows] == ["majority", "audio", "text", "fused", "text as said"]
    values = {row.model: row for row in report.rows}
    for row in report.rows[1:]:
        aspects = row.further["aspects"]
        assert row.value <= min(aspects.values()) + 1e-9  # who is right about the frame is right about its parts
        assert row.further["n"] == len(few)
    assert values["text"].value > 0.5
    assert values["text as said"].value >= values["text"].value
    assert values["audio"].further["aspects"]["intent"] > 0.4
    assert "intent" in report.to_text().splitlines()[4]
    assert "| intent | slot |" in report.to_markdown()


def test_words_without_errors_are_no_rival(report):
    row = report["text as said"]
    assert "aside" in row.further
    assert "text as said" not in report.verdict()


def test_what_was_said_is_looked_at_in_training_alone(trained, few):
    asked = [few[i] for i in range(4)]
    silent = [replace(s, meta={}) for s in asked]
    said = [p.probs for p in trained.predict(asked)]
    np.testing.assert_array_equal([p.probs for p in trained.predict(silent)], said)
    other = [replace(s, meta={**s.meta, "said": "stop"}) for s in asked]
    np.testing.assert_array_equal([p.probs for p in trained.predict(other)], said)


def test_it_knows_the_words_of_training_voices_and_only_those(trained, few):
    encoder = trained.fitted()[1].encoder("audio")
    fold = commands.plan(few, "classify", None, 0).folds[0]
    heard = {word for i in (*fold.train, *fold.val) for word in few.rows[i].meta["said"].split()}
    assert set(encoder.words) == heard


def test_a_trained_pipeline_is_saved_and_loaded(trained, few, tmp_path):
    again = Pipeline.load(trained.save(tmp_path / "commands.mmt"))
    asked = [few[i] for i in range(6)]
    before, after = trained.predict(asked), again.predict(asked)
    np.testing.assert_allclose([p.probs for p in after], [p.probs for p in before], atol=1e-6)
    assert again.fitted()[1].encoder("audio").words == trained.fitted()[1].encoder("audio").words
    assert again.branches["audio"].listening == trained.branches["audio"].listening


def test_either_side_alone_is_answered(trained, few):
    sample = few[0]
    for name in ("text", "audio"):
        alone = replace(sample, media={name: sample.media[name]})
        assert trained.predict([alone])[0].label in trained.classes


def test_sets_that_cannot_be_used():
    with pytest.raises(DataError, match="commands are written or spoken"):
        commands.pipeline(spoken(modalities=("face",)))
    silent = spoken(modalities=("audio",))
    with pytest.raises(DataError, match="no training sample says what is said"):
        commands.pipeline(silent, epochs=1).fit(list(silent))


def test_a_set_without_what_was_said_takes_its_text(few):
    rows = (replace(row, meta={}) for row in few.rows)
    plain = Dataset(rows, "mine")
    report = commands.evaluate(plain, "folds2", epochs=1)
    assert [row.model for row in report.rows] == ["majority", "audio", "text", "fused"]
