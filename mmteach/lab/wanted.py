"""What a page may send: each value is looked at before anything is done with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mmteach.errors import MmteachError, ParameterError
from mmteach.exercises.progress import Event

KINDS = ("open", "hint", "solution", "quiz")
_NAME = re.compile(r"[\w.:#-]{1,200}")
_LONGEST = 1000  # characters of a detail or a path
_LARGEST = 10**9  # a number of a version or of an answer


class NotFoundError(MmteachError):
    """What a page asks for is not in this course."""


def json_object(content: bytes) -> dict[str, Any]:
    """Read the body of a request; nothing at all counts as {}.

    Raises
    ------
    ParameterError : it is no JSON, or not an object.
    """
    try:
        body = json.loads(content) if content.strip() else {}
    except (ValueError, RecursionError) as error:
        raise ParameterError("the request is not JSON: send an object, such as {}") from error
    if not isinstance(body, dict):
        raise ParameterError(f"the request is a {type(body).__name__}: send an object, such as {{}}")
    return body


def text(body: Mapping[str, Any], key: str, otherwise: str) -> str:
    """Take a text of at most 1,000 characters."""
    value = body.get(key, otherwise)
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise ParameterError(f"{key!r} must be a text of at most {_LONGEST} characters")
    return value


def name(body: Mapping[str, Any], key: str) -> str:
    """Take the id of an exercise or of a quiz."""
    value = body.get(key)
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        raise ParameterError(f"{key!r} must be an id of letters, digits and . : # - _, at most 200")
    return value


def whole(body: Mapping[str, Any], key: str, otherwise: int | None = None) -> int:
    """Take a whole number, 0 or more; it must be there where nothing is said to take otherwise."""
    value = body.get(key, otherwise)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _LARGEST:
        raise ParameterError(f"{key!r} must be a whole number, 0 or more")
    return value


def event(body: Mapping[str, Any], at: float) -> Event:
    """Take an event that a page may report; the exercise may be left out where a notebook is opened.

    Raises
    ------
    ParameterError : a value does not fit, or it is a check.
    """
    kind = body.get("kind")
    if kind == "check":
        raise ParameterError("'kind' is 'check', and only a kernel checks: run the exercise's check cell")
    if kind not in KINDS:
        raise ParameterError(f"'kind' is {kind!r}: send one of {', '.join(KINDS)}")
    detail = text(body, "detail", "")
    anonymous = kind == "open" and not body.get("exercise") and detail
    exercise = "" if anonymous else name(body, "exercise")
    return Event(at, exercise, whole(body, "version", 1), kind, detail=detail)


def about(event: Event, notebook: str) -> Event:
    """Note which notebook was opened by its name alone: the folder may be moved."""
    return replace(event, detail=notebook)


def quiz(body: Mapping[str, Any], name: str, at: float) -> Event:
    """Take the answer chosen in a quiz."""
    return Event(at, name, 1, "quiz", detail=str(whole(body, "chosen")))
