"""What is looked at in mixtures: who is in them, in which share, and whether all parts of a sample agree."""

from __future__ import annotations

from typing import Any

import numpy as np

from mmteach.exercises.definition import Answer


def _recipe(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """How much of each sample (column) is in each mixture (row): (B, B)."""
    b = len(before)
    return after.reshape(b, -1) @ np.linalg.pinv(before.reshape(b, -1))


def _mixtures(answer: Answer, x: dict, y: np.ndarray, alpha: float, number: int) -> Any:
    """Recipes of every modality, and of the label, as `answer` mixes them; else what it gave."""
    made = answer({m: v.copy() for m, v in x.items()}, y.copy(), alpha, np.random.default_rng(number))
    if not isinstance(made, tuple | list) or len(made) != 2 or not isinstance(made[0], dict) or set(made[0]) != set(x):
        return made
    if not all(np.shape(made[0][m]) == v.shape for m, v in x.items()) or np.shape(made[1]) != y.shape:
        return {**{m: np.shape(v) for m, v in made[0].items()}, "y": np.shape(made[1])}
    return [_recipe(x[m], np.asarray(made[0][m])) for m in sorted(x)], _recipe(y, np.asarray(made[1]))


def told(answer: Answer, x: dict, y: np.ndarray, alpha: float, number: int) -> Any:
    """Over ten batches: what can be said of the mixtures, whoever draws."""
    found = [_mixtures(answer, x, y, alpha, number + i) for i in range(10)]
    if not all(isinstance(one, tuple) and len(one) == 2 and isinstance(one[0], list) for one in found):
        return found[0]
    every = [one for recipes, label in found for one in (*recipes, label)]
    if any(one.min() < -1e-6 or one.max() > 1 + 1e-6 for one in every):
        return "shares outside 0 to 1"
    if not all(np.allclose(one.sum(axis=1), 1) for one in every):
        return "shares that do not add up to 1"
    same = [all(np.allclose(recipes[0], one) for one in recipes) for recipes, _ in found]
    return {
        "modalities alike": all(same),
        "with the same partners": all(_partners(recipes[0], one) for recipes, _ in found for one in recipes),
        "label like the first modality": all(np.allclose(recipes[0], label) for recipes, label in found),
        "label with its partners": all(_partners(recipes[0], label) for recipes, label in found),
        "label is mixed": any(not np.allclose(label, np.eye(len(y))) for _, label in found),
        "each is a partner once": all(np.allclose(one.sum(axis=0), 1) for one in every),
        "one share for the batch": all(_one_share(recipes[0]) for recipes, _ in found),
        "other partners each time": any(not _partners(found[0][0][0], recipes[0]) for recipes, _ in found),
    }


def _partners(a: np.ndarray, b: np.ndarray) -> bool:
    """Whether nobody in b is mixed with somebody else than in a; who is hardly there at all counts as not there."""
    away = ~np.eye(len(a), dtype=bool)
    strong = (a > 1e-3) & away
    return not bool(((b > 1e-3) & away & ~strong).any()) or not strong.any()


def _one_share(recipe: np.ndarray) -> bool:
    own = np.diag(recipe)
    mixed = own[own < 1 - 1e-6]
    return not len(mixed) or float(np.ptp(mixed)) < 1e-6


def shares(answer: Answer, b: int, alpha: float, number: int) -> Any:
    """How the share is spread, over 400 batches of unit vectors."""
    eye, found, rng = np.eye(b), [], np.random.default_rng(number)
    for _ in range(400):
        made = answer({"a": eye}, eye, alpha, rng)
        if not isinstance(made, tuple | list) or len(made) != 2 or not isinstance(made[0], dict) or "a" not in made[0]:
            return made
        if np.shape(made[0]["a"]) != eye.shape:
            return np.shape(made[0]["a"])
        own = np.diag(made[0]["a"])
        found += own[own < 1 - 1e-9][:1].tolist()
    if not found or min(found) < 0 or max(found) > 1:
        return "shares outside 0 to 1"
    share, wanted = np.abs(np.array(found) - 0.5), _mean_distance(alpha)
    return {
        "distance from half": "too small"
        if share.mean() < wanted - 0.05
        else "too large"
        if share.mean() > wanted + 0.05
        else "right"
    }


def _mean_distance(alpha: float) -> float:
    """Mean of |share - 1/2| under Beta(alpha, alpha)."""
    drawn = np.random.default_rng(0).beta(alpha, alpha, 20_000)
    return float(np.abs(drawn - 0.5).mean())


def repeated(answer: Answer, x: dict, y: np.ndarray, alpha: float, number: int) -> Any:
    """With the same seed, with it again, and with another: what is drawn, and whether."""
    made = [answer(x, y, alpha, np.random.default_rng(seed)) for seed in (number, number, number + 1)]
    if not all(isinstance(one, tuple | list) and len(one) == 2 and isinstance(one[0], dict) for one in made):
        return made[0]
    first, again, other = ([*(np.asarray(one[0][m]) for m in sorted(one[0])), np.asarray(one[1])] for one in made)
    return {
        "same": all(np.array_equal(a, b) for a, b in zip(first, again, strict=True)),
        "another": all(np.array_equal(a, b) for a, b in zip(first, other, strict=True)),
    }


def whole(answer: Answer, x: dict, y: np.ndarray, alpha: float, number: int) -> Any:
    """All that an answer gives, as it stands."""
    return answer(x, y, alpha, np.random.default_rng(number))


def batch(rng: np.random.Generator, n: int, **shapes: tuple[int, ...]) -> tuple[dict, np.ndarray]:
    """Modalities of these shapes, and a class for each sample."""
    return {m: rng.normal(size=(n, *shape)) for m, shape in shapes.items()}, np.eye(n)
