"""A set of a few words and tones: who says good things and who is high and loud is quickly learnt."""

import io

import numpy as np
import soundfile

from mmteach.datasets import Dataset, Row
from mmteach.features import NGrams, VoiceStatistics
from mmteach.pipeline import Branch, Pipeline
from mmteach.preprocess import Clean, Lower, Normalise, Resample, Trim
from mmteach.train import Recipe
from mmteach.types import Waveform

RATE = 16_000
MOODS = ("negative", "neutral", "positive")
WORDS = {"negative": "bad 坏", "neutral": "plain 平", "positive": "good 好"}
PITCH, LOUD = dict(zip(MOODS, (110, 200, 330), strict=True)), dict(zip(MOODS, (0.05, 0.15, 0.4), strict=True))


def voice(mood, seed=0, seconds=0.5, rate=RATE):
    """A buzz with noise, higher and louder the better the mood."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * rate)) / rate
    hz = PITCH[mood] * rng.uniform(0.95, 1.05)
    buzz = sum(np.sin(2 * np.pi * k * hz * t) / k for k in (1, 2, 3)) + rng.normal(0, 0.05, len(t))
    return Waveform((LOUD[mood] * buzz / 2).astype(np.float32), rate)


def toy_set(speakers, text=True, audio=True, name="toy", synthetic=True, extra=()):
    """Nine utterances a speaker: every mood of words with every mood of voice; the rule is the embedded set's."""
    rows = []
    for speaker in speakers:
        for i, words in enumerate(MOODS):
            for j, tone in enumerate(MOODS):
                media = {"text": f"it is {WORDS[words]} I say"} if text else {}
                if audio:
                    media["audio"] = voice(tone, seed=ord(speaker) + i)
                for m in extra:
                    media[m] = np.array([i, j, 1], np.float32)
                conflict = "yes" if {i, j} == {0, 2} else "no"
                meta = {"text_mood": words, "voice_mood": tone, "conflict": conflict}
                rows.append(Row(f"{speaker}{i}{j}", media, words if j == 1 else tone, speaker, None, meta))
    return Dataset(rows, name, synthetic=synthetic, note="buzzes, nobody speaks")


def branches():
    """Text and voice, small."""
    text = Branch("text", NGrams(min_count=1), (Clean(), Normalise(), Lower()), encoder={"name": "bag", "dim": 8})
    small = {"name": "mlp", "hidden": 16, "dim": 8}
    audio = Branch("audio", VoiceStatistics(["pitch", "energy"]), (Resample(RATE), Trim()), "train", small)
    return {"text": text, "audio": audio}


def fitted_on(speakers="abcd", **which):
    """A pipeline fitted on these speakers."""
    data = toy_set(speakers, **which)
    chosen = {m: b for m, b in branches().items() if m in data.modalities}
    pipeline = Pipeline(chosen, {"name": "late"}, recipe=Recipe(epochs=20, learning_rate=1e-2, batch_size=16))
    pipeline.fit(data)
    return pipeline


def sound(samples, rate=RATE, kind="WAV", **options):
    """Samples (n,) or (n, channels) as a file."""
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=kind, **options)
    return out.getvalue()


def upload(content, name="mine.wav"):
    """What the button gives."""
    return ({"name": name, "size": len(content), "content": content},)
