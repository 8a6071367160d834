"""sentiment.conflict, written otherwise."""

from __future__ import annotations

import numpy as np

from mmteach.exercises.proof import Proof


def _one_by_one(text, voice, answer):
    n, wins = 0, {"text": 0, "voice": 0, "surer": 0}
    for t, v, a in zip(text, voice, answer, strict=True):
        if np.argmax(t) == np.argmax(v):
            continue
        n += 1
        wins["text"] += int(np.argmax(t) == a)
        wins["voice"] += int(np.argmax(v) == a)
        wins["surer"] += int(np.argmax(t if max(t) > max(v) else v) == a)
    return {"n": n, **{k: w / n if n else 0 for k, w in wins.items()}}


def _only_conflicts(text, voice, answer):
    rows = np.flatnonzero(text.argmax(1) != voice.argmax(1))
    t, v, a, n = text[rows], voice[rows], answer[rows], max(1, len(rows))
    right_t, right_v = t.argmax(1) == a, v.argmax(1) == a
    louder = t.max(1) > v.max(1)
    surer = (right_t & louder).sum() + (right_v & ~louder).sum()
    return {"n": len(rows), "text": right_t.sum() / n, "voice": right_v.sum() / n, "surer": surer / n}


def _stacked(text, voice, answer):
    both = np.stack([text, voice])  # (2, N, C)
    classes = both.argmax(axis=2)
    surer = classes[both.max(axis=2).argmax(axis=0), np.arange(len(answer))]
    weight = (classes[0] != classes[1]).astype(float)
    n = weight.sum()
    share = [float(((side == answer) * weight).sum() / (n or 1)) for side in (*classes, surer)]
    return {"n": int(n), "text": share[0], "voice": share[1], "surer": share[2]}


def _divided_by_all(text, voice, answer):
    found = _one_by_one(text, voice, answer)
    return {k: v if k == "n" else v * found["n"] / len(answer) for k, v in found.items()}


def _plain_accuracy(text, voice, answer):
    said, heard = np.argmax(text, 1), np.argmax(voice, 1)
    surer = [s if max(t) > max(v) else h for s, h, t, v in zip(said, heard, text, voice, strict=True)]
    shares = [float(np.mean(np.array(side) == answer)) for side in (said, heard, surer)]
    return {"n": int((said != heard).sum()), "text": shares[0], "voice": shares[1], "surer": shares[2]}


def _not_close(text, voice, answer):
    rows = [i for i in range(len(answer)) if not np.allclose(text[i], voice[i])]
    t, v, a = text[rows], voice[rows], answer[rows]
    said, heard = t.argmax(1), v.argmax(1)
    surer = np.where(t.max(1) > v.max(1), said, heard)
    return {"n": len(rows), "text": (said == a).mean(), "voice": (heard == a).mean(), "surer": (surer == a).mean()}


def _complement(text, voice, answer):
    found = _only_conflicts(text, voice, answer)
    if found["n"]:
        found["voice"] = 1.0 - found["text"]
    return found


def _confidence(text, voice, answer):
    rows = text.argmax(1) != voice.argmax(1)
    n = int(rows.sum())
    louder = int((text.max(1)[rows] > voice.max(1)[rows]).sum())
    return {"n": n, "text": louder / max(n, 1), "voice": (n - louder) / max(n, 1), "surer": 1.0 if n else 0.0}


def _nan(text, voice, answer):
    found = _stacked(text, voice, answer)
    return found if found["n"] else {**found, "text": np.nan, "voice": np.nan, "surer": np.nan}


CONFLICT = Proof(
    right=(_one_by_one, _only_conflicts, _stacked),
    variants={
        "shares of all utterances": _divided_by_all,
        "agreements counted, too": _plain_accuracy,
        "different numbers are no conflict": _not_close,
        "a third answer is forgotten": _complement,
        "the surer one is taken for the winner": _confidence,
        "0 / 0 without a conflict": _nan,
    },
)
