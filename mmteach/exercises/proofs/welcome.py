"""Chapter 0: other right answers, other ways to write each mistake."""

from __future__ import annotations

from fractions import Fraction

from mmteach.exercises.proof import Proof


def _early_return(right, total):
    if total == 0:
        return 0
    return right / total


def _by_fraction(a, b):
    try:
        return float(Fraction(a, b))
    except ZeroDivisionError:
        return 0.0


def _nothing(right, total):
    share = 0.0
    if total:
        share = right / total
    del share


def _prints_text(right, total):
    share = right / total if total > 0 else 0
    print("the share is", share)
    return None


def _whole_over_part(right, total):
    if right == 0:
        return 0
    return total * right**-1


def _hundred(right, total):
    if not total:
        return 0
    return right / total * 100.0


def _int(right, total):
    return int(right / total) if total else 0


PROOFS = {
    "welcome.first": Proof(
        right=(_early_return, _by_fraction),
        variants={
            "returns None instead of the value": _nothing,
            "prints instead of returns": _prints_text,
            "upside down": _whole_over_part,
            "percent": _hundred,
            "whole-number division": _int,
        },
    ),
}
