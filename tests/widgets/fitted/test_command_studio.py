"""CommandStudio: an example, a text, a voice, noise; what was said, written, heard and understood."""

import re
from dataclasses import replace

import pytest

from mmteach.cases import commands
from mmteach.datasets import Dataset, load
from mmteach.widgets import CommandStudio
from mmteach.widgets.training_run import Bench

INTENTS = ("light_on", "stop", "louder")
TRAINED, OFFERED = ("e01", "z01"), ("e02", "z02")


def of(*voices, media=("text", "audio"), said=True):
    """What some voices say of three intents."""
    everything = load("commands")
    rows = [r for r in everything.rows if r.group in voices and r.meta["intent"] in INTENTS]
    rows = [replace(r, media={m: r.media[m] for m in media}) for r in rows]
    if not said:
        rows = [replace(r, meta={}) for r in rows]
    return Dataset(rows, "few", synthetic=True, note="synthetic voices")


@pytest.fixture(scope="module", autouse=True)
def quick():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "N_LISTENING", 12)
        yield


@pytest.fixture(scope="module")
def pipeline():
    made = commands.pipeline(of(*TRAINED), epochs=40)
    made.fit(list(of(*TRAINED)))
    return made


@pytest.fixture
def studio(pipeline):
    return CommandStudio(of(*OFFERED), pipeline)


def words_of(html):
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", html))


def choose(studio, name):
    studio.input.some.value = False
    studio.input.example.value = studio.dataset.ids.tolist().index(name)


def test_it_opens_with_an_example_whose_errors_are_marked(studio):
    assert studio.input.some.value
    assert studio.input.sample.id == "e02_01_1"
    told = words_of(studio.sentences.value)
    assert "Said can you put the kitchen light on Written can → down you − put the kitchen light on (2 errors" in told
    assert "Our own ear" in told
    assert "The set says switch the light on in the kitchen" in studio.truth.value
    assert "Synthetic voices" in studio.remarks.value
    assert "never heard in training (e02, z02)" in studio.source.value


def test_the_answer_is_a_frame_in_plain_words_with_its_probability(studio):
    label, p = studio.reading.classes[studio.reading.answer], studio.reading.both.max()
    assert label == "light_on room=kitchen"
    assert f"<b>switch the light on in the kitchen</b> ({p:.2f})" in studio.answer.value


def test_bars_of_intents_add_up_frames_on_each_side(studio):
    reading = studio.reading
    assert len(reading.alone) == 2
    for probs in (*reading.alone.values(), reading.both):
        shares = dict.fromkeys(INTENTS, 0.0)
        for label, p in zip(reading.classes, probs, strict=True):
            shares[label.split()[0]] += p
        for intent, p in shares.items():
            line = next(row for row in studio.intents.value.split("<tr>") if f"{intent}<" in row)
            assert f"{p:.2f}" in line
    assert "▸ light_on" in studio.intents.value
    assert "Slots, if it is light_on" in studio.slots.value
    assert studio.slots.value.count("room=") == 4


def test_an_intent_without_a_slot_says_so(studio):
    studio.input.writing.value = next(r.media["text"] for r in of("e01").rows if r.label == "louder")
    studio.heard["audio"].value = False
    assert "louder needs none" in studio.slots.value


def test_noise_reaches_the_voice_and_leaves_the_text(studio):
    before, wav = studio.reading, studio.input.player.audio.value
    studio.noise.value = "-15 dB"
    assert studio.reading.alone["text"] == pytest.approx(before.alone["text"])
    assert abs(studio.reading.alone["audio"] - before.alone["audio"]).max() > 1e-4
    assert studio.input.player.audio.value != wav
    assert "the text stays as it is" in studio.remarks.value
    studio.noise.value = "none"
    assert studio.reading.alone["audio"] == pytest.approx(before.alone["audio"])
    assert studio.input.player.audio.value == wav


@pytest.mark.parametrize(("muted", "left"), [("text", "audio"), ("audio", "text")])
def test_a_muted_side_is_not_heard(studio, muted, left):
    alone = studio.reading.alone[left]
    studio.heard[muted].value = False
    assert studio.reading.both == pytest.approx(alone)
    assert "<i>muted</i>" in studio.intents.value
    studio.heard[left].value = False
    assert "Muted: the words and the voice. Nothing is heard" in studio.answer.value
    assert studio.intents.value == studio.slots.value == ""


def test_a_typed_command_is_shown_and_never_obeyed(studio):
    studio.input.writing.value = "louder <script>alert(1)</script> please"
    shown = studio.sentences.value
    assert "<script" not in shown
    assert "Said" in shown  # the voice is still the example's
    assert "Your text" in studio.remarks.value
    assert studio.truth.value == ""
    studio.input.clear_button.click()
    assert "no recording to listen to" in studio.sentences.value
    assert "Said" not in studio.sentences.value
    assert studio.voice_plot.layout.display == studio.moments.layout.display == "none"
    assert "<i>absent</i>" in studio.intents.value
    studio.input.writing.value = ""
    assert "type a sentence, record one, or take an example" in studio.message.value


def test_a_recording_of_ones_own_is_outside_of_what_it_knows(studio):
    studio.input.take_recording(studio.input.voice)
    assert "outside of what it knows" in studio.remarks.value
    assert "→" not in words_of(studio.sentences.value).split("Our own ear")[1].split("errors:")[0]


def test_chinese_is_shown_without_spaces(studio):
    choose(studio, "z02_01_1")
    told = words_of(studio.sentences.value).replace(" ", "")
    assert "厨房的灯请开一下→象" in told
    assert "font" not in studio.moments.value


@pytest.mark.parametrize("side", ["text", "audio"])
def test_a_set_with_one_side_and_without_what_was_said(side):
    data = of(*TRAINED, media=(side,), said=side == "audio")
    made = commands.pipeline(data, epochs=2)
    made.fit(list(data))
    studio = CommandStudio(of(*OFFERED, media=(side,), said=False), made)
    assert list(studio.reading.alone) == [side]
    assert "<i>absent</i>" in studio.intents.value
    assert "Said" not in studio.sentences.value
    assert studio.message.value == ""


def test_what_was_said_is_not_shown_beside_a_text_of_ones_own(pipeline):
    studio = CommandStudio(of(*OFFERED, media=("text",)), pipeline)
    assert "Said" in studio.sentences.value
    studio.input.writing.value = "make it louder"
    assert "Said" not in studio.sentences.value


def test_words_answer_while_the_ear_still_learns():
    seen = []

    class Watched(CommandStudio):
        def show(self, reading, new):
            super().show(reading, new)
            seen.append((tuple(reading.alone), words_of(self.intents.value), words_of(self.sentences.value)))

    studio = Watched(of("e01", "e02", "e03")).wait(60)
    first, last = seen[0], seen[-1]
    assert first[0] == ("text",)
    assert "learning" in first[1]
    assert "still learning to hear" in first[2]
    assert set(last[0]) == {"text", "audio"}
    assert studio.progress.layout.display == "none"
    offered = {r.group for r in studio.input.examples.rows}
    assert offered
    assert not offered & {s.group for s in studio.training.bench._train}


def test_a_set_that_cannot_be_trained_on_is_a_sentence():
    studio = CommandStudio(of("e01").subset(range(1))).wait(10)
    assert "one class" in studio.message.value
    assert studio.reader is None


def test_a_fresh_model_keeps_what_its_ear_has_learnt():
    data = of("e01")
    pipeline = commands.pipeline(data)
    bench = Bench(pipeline, data, [])
    bench.prepare()
    learnt = pipeline.fitted()[1].encoder("audio").recogniser.state_dict()
    bench.trainer(replace(pipeline.recipe, seed=1))
    ear = bench.trainer(pipeline.recipe).model.encoder("audio").recogniser
    assert all(bool((v == learnt[k]).all()) for k, v in ear.state_dict().items())
    assert not any(w.requires_grad for w in ear.parameters())
