"""The part `voices` of bench.py: features of many recordings against librosa clip by clip, memory, the first second."""

import subprocess
import sys
import time

import numpy as np

from mmteach.features.audio_frames import tapes
from mmteach.features.audio_pitch import FRAME
from mmteach.features.audio_spectrum import SPECTRAL
from mmteach.features.audio_statistics import voice_statistics
from mmteach.features.audio_tracks import BANDS, DELTA, MFCC, TRACKS, follow
from mmteach.types import Waveform

FRAMES = {"n_fft": 512, "hop_length": 160, "win_length": 400}


def clip(seed, seconds=2.0, rate=16_000):
    """Something like speech: a gliding hum with overtones, four syllables a second, pauses, noise 40 dB below."""
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * rate)) / rate
    f0 = rng.uniform(90, 260) * 2 ** (0.3 * np.sin(2 * np.pi * rng.uniform(0.3, 1) * t + rng.uniform(0, 6)))
    phase = 2 * np.pi * np.cumsum(f0) / rate
    hum = sum(np.sin(k * phase) / k ** rng.uniform(0.8, 1.6) for k in range(1, 16))
    x = hum * np.clip(np.sin(2 * np.pi * 4 * t + rng.uniform(0, 6)) + 0.5, 0, None)
    x = 0.3 * x / np.abs(x).max() + 0.003 * rng.standard_normal(len(t))
    return Waveform(x.astype(np.float32), rate)


def ours(clips):
    """Everything that VoiceStatistics follows, for all clips: (tracks, T) each."""
    return [t.values for tape in tapes(clips, 160, FRAME) for t in follow(tape)]


def by_librosa(clips, once=False):
    """The same a clip at a time: every function is given the samples, as in its examples, or `once`: a spectrogram."""
    import librosa

    rows, f = [], librosa.feature
    for y in (c.samples for c in clips):
        given = {"S": np.abs(librosa.stft(y, **FRAMES))} if once else {"y": y, **FRAMES}
        mel = f.melspectrogram(**({"S": given["S"] ** 2} if once else given), sr=16_000, n_mels=64)
        cepstrum = f.mfcc(S=librosa.power_to_db(mel), n_mfcc=20)
        f0 = librosa.yin(y, fmin=60, fmax=500, sr=16_000, frame_length=FRAME, hop_length=160)
        columns = [
            cepstrum,
            f.delta(cepstrum),
            f.delta(cepstrum, order=2),
            librosa.power_to_db(mel, top_db=None),
            librosa.power_to_db(f.rms(y=y, frame_length=400, hop_length=160) ** 2, top_db=None),
            f.spectral_centroid(**given, sr=16_000),
            f.spectral_bandwidth(**given, sr=16_000),
            f.spectral_rolloff(**given, sr=16_000),
            f.spectral_flatness(**given),
            f.zero_crossing_rate(y, frame_length=400, hop_length=160),
            f0[None],
        ]
        rows.append(np.concatenate(columns))
    return rows


def same(a, b):
    """Whether both ways agree; pitch only where there is one, for in noise rounding decides between equal minima."""
    columns = [TRACKS.index(name) for name in (*MFCC, *DELTA, *BANDS, "energy", *SPECTRAL, "zero crossings")]
    hz, f0 = 100 * 2 ** (a[TRACKS.index("pitch")] / 12), b[-1]
    close = np.abs(a[columns] - b[:-1]) <= 1e-4 * np.maximum(1, np.abs(b[:-1]).max(axis=1, keepdims=True))
    return close.all() and (np.abs(hz / f0 - 1) < 1e-4)[hz != 100].all()  # 100: what stands where there is no voice


def speed(spread, n=500, rounds=5):
    """Clips per second, all ways in turn, in one process, after each has run once."""
    clips = [clip(seed) for seed in range(n)]
    ways = {
        "librosa, clip by clip": by_librosa,
        "librosa, clip by clip, one spectrogram handed on": lambda some: by_librosa(some, once=True),
        "ours": ours,
    }
    first = [way(clips[:20]) for way in ways.values()]
    assert all(same(a, b) for found in first[:2] for a, b in zip(first[2], found, strict=True)), "not the same outputs"
    times = {name: [] for name in ways}
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way(clips)
            times[name].append(time.perf_counter() - start)
    print(f"features of {n} synthetic clips of 2 s: log-mel, MFCC, slopes, bends, pitch, energy, spectrum")
    for name, values in times.items():
        ratios = spread([t / o for t, o in zip(values, times["ours"], strict=True)])
        said = "" if name == "ours" else f"; ours is faster by {ratios}"
        print(f"  {name}: {spread([n / t for t in values])} clips a second{said}")
    print("  at least 5 times as many as librosa clip by clip are wanted")


def peak_memory(n):
    """MB that Python holds at most while n clips from a generator become statistics, beyond the statistics."""
    import tracemalloc

    voice_statistics.__wrapped__([clip(0)])
    tracemalloc.start()
    out = voice_statistics.__wrapped__(clip(seed, 0.5) if seed % 50 else clip(seed) for seed in range(n))
    return (tracemalloc.get_traced_memory()[1] - sum(x.nbytes for x in out)) / 1e6


FRESH = """
import time
import numpy as np
import mmteach.features
from mmteach.types import Waveform
clip = Waveform(np.random.default_rng(0).uniform(-0.1, 0.1, 32000).astype(np.float32), 16000)
start = time.perf_counter()
mmteach.features.voice_statistics.__wrapped__([clip])
print(time.perf_counter() - start)
import sys
assert "numba" not in sys.modules and "librosa" not in sys.modules
"""


def first(spread, rounds=5):
    """Seconds of the first features in a fresh process, after the imports."""
    run = [sys.executable, "-c", FRESH]
    times = [float(subprocess.run(run, check=True, capture_output=True, text=True).stdout) for _ in range(rounds)]
    print(f"first features of a voice in a fresh process: {spread(times)} s after the imports; at most 2 is wanted")


def main(spread):
    """Print all three."""
    speed(spread)
    few, many = peak_memory(500), peak_memory(5000)
    print(f"memory of statistics from a generator: {few:.0f} MB for 500 clips, {many:.0f} MB for 5,000")
    first(spread)
