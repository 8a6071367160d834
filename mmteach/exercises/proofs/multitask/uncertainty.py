"""multitask.uncertainty, written otherwise."""

from __future__ import annotations

import math

import torch

from mmteach.exercises.proof import Proof


def _loop(losses, s):
    total = torch.zeros(())
    for loss, own in zip(losses, s, strict=True):
        total = total + loss / torch.exp(own) + own
    return total, torch.tensor([math.log(loss) for loss in losses.tolist()])


def _dot(losses, s):
    return losses @ s.neg().exp() + torch.sum(s), -torch.log(1 / losses)


def _only_weights(losses, s):
    return losses @ (1 / s.exp()), torch.log(losses)


def _times_s(losses, s):
    return (s * (1 + losses)).sum(), torch.log(losses)


def _plus(losses, s):
    return losses @ s.exp() + s.sum(), torch.log(losses)


def _minus(losses, s):
    return sum(loss * torch.exp(-t) - t for loss, t in zip(losses, s, strict=True)), torch.log(losses)


def _sigma(losses, s):
    return sum(loss / (t * t) + torch.log(t * t) for loss, t in zip(losses, s, strict=True)), torch.log(losses)


def _double(losses, s):
    return (losses / torch.exp(s) ** 2).sum() + s.sum(), torch.log(losses)


def _shared(losses, s):
    one = s[:1]
    return losses.sum() * torch.exp(-one[0]) + len(s) * one[0], torch.log(losses)


def _averaged(losses, s):
    return (losses @ torch.exp(-s) + s.sum()) / len(s), torch.log(losses)


def _frozen(losses, s):
    with torch.no_grad():
        weights = torch.exp(-s)
    return losses @ weights + s.sum(), torch.log(losses)


def _solved_for_e_to_s(losses, s):
    return _dot(losses, s)[0], losses.clone()


def _minus_log(losses, s):
    return _dot(losses, s)[0], torch.log(1 / losses)


UNCERTAINTY = Proof(
    right=(_loop, _dot),
    variants={
        "no + s": _only_weights,
        "s itself as the weight": _times_s,
        "e^s instead of e^-s": _plus,
        "- s instead of + s": _minus,
        "s taken for the deviation": _sigma,
        "s taken for the log of the deviation": _double,
        "one s for all tasks": _shared,
        "mean over the tasks": _averaged,
        "s is cut off from its weight": _frozen,
        "the loss itself as the best s": _solved_for_e_to_s,
        "the best s with the wrong sign": _minus_log,
    },
)
