import subprocess
import sys
import tracemalloc

import numpy as np
import pytest

from mmteach.errors import ParameterError
from mmteach.features import MFCC, Framing, LogMel, deltas, log_mel, pitch
from mmteach.features.audio_frames import lay, tapes
from mmteach.features.extractor import build_extractor
from mmteach.types import Waveform


def noise(n=8_000, seed=0, rate=16_000):
    return Waveform((0.1 * np.random.default_rng(seed).standard_normal(n)).astype(np.float32), rate)


def test_frames_are_centred_and_never_hold_two_clips():
    clips = [Waveform(np.full(n, k + 1, np.float32), 16_000) for k, n in enumerate((1000, 159, 0, 320, 5000))]
    tape = lay(clips, hop_length=160, longest=512)
    for length in (1, 400, 511, 512):
        for k, frames in enumerate(tape.split(tape.frames(length))):
            padded = np.pad(clips[k].samples, 512)
            assert len(frames) == 1 + len(clips[k].samples) // 160
            for t, frame in enumerate(frames):
                first = 512 + 160 * t - length // 2
                np.testing.assert_array_equal(frame, padded[first : first + length])


def test_a_generator_is_never_held_whole():
    alive = []

    def clips():
        for seed in range(300):
            alive.append(seed)
            yield noise(1_600, seed)

    first = next(tapes(clips()))
    assert len(first.counts) == 64
    assert len(alive) <= 65


def test_memory_is_that_of_a_tape():
    def peak(n):
        tracemalloc.start()
        try:
            sums = [x.sum() for tape in tapes(noise(16_000, seed) for seed in range(n)) for x in [tape.samples]]
            return tracemalloc.get_traced_memory()[1], sums
        finally:
            tracemalloc.stop()

    assert peak(400)[0] < 1.3 * peak(130)[0]


def test_long_clips_get_tapes_of_their_own():
    assert [len(t.counts) for t in tapes([noise(3_000_000)] * 2 + [noise(100)] * 3)] == [1, 4]


def test_different_sample_rates_are_refused():
    with pytest.raises(ParameterError, match=r"2 sample rates, \[8000, 16000\] Hz: put Resample before"):
        log_mel([noise(), noise(rate=8_000)])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Framing(600, 512), "n_fft at least frame_length"),
        (lambda: LogMel(hop_length=0), "hop_length 0"),
        (lambda: LogMel(n_mels=0), "n_mels is 0"),
        (lambda: MFCC(n_mfcc=65), "n_mfcc 65"),
        (lambda: pitch([noise()], fmin=5), "raise fmin or frame_length"),
        (lambda: pitch([noise()], fmax=9_000), "fmax 9000"),
    ],
)
def test_parameters_out_of_range(make, words):
    with pytest.raises(ParameterError, match=words):
        make()


@pytest.mark.parametrize("extractor", [LogMel(n_mels=30), MFCC(n_mfcc=5, n_mels=40), MFCC(deltas=False)])
def test_extractors_come_back_from_their_parameters(extractor):
    again = build_extractor(extractor.name, extractor.params())
    clips = [noise(n, n) for n in (8_000, 300, 0)]
    for a, b in zip(extractor(clips), again(clips), strict=True):
        np.testing.assert_array_equal(a, b)
    assert extractor([]) == []


def test_shapes_of_sequences():
    assert LogMel()([noise()])[0].shape == (51, 64)
    assert MFCC()([noise()])[0].shape == (51, 60)
    assert MFCC(deltas=False)([noise()])[0].shape == (51, 20)


def test_deltas_of_few_frames():
    for n in range(12):
        x = np.arange(n, dtype=float)[:, None] * [1, -2]
        expected = np.broadcast_to([1.0, -2.0] if n >= 3 else [0.0, 0.0], x.shape)
        np.testing.assert_allclose(deltas(x), expected, atol=1e-5)
        np.testing.assert_allclose(deltas(x, 2), np.zeros_like(x), atol=1e-5)
    np.testing.assert_allclose(deltas((np.arange(20.0) ** 2)[:, None], 2), 2, rtol=1e-4)


def test_a_learner_waits_for_no_compiler():
    code = (
        "import sys, numpy as np, mmteach.features as f; from mmteach.types import Waveform;"
        "c = [Waveform(np.ones(9000, np.float32), 16000)]; f.LogMel()(c); f.MFCC()(c); f.VoiceStatistics()(c);"
        "print({'numba', 'librosa', 'llvmlite'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"
