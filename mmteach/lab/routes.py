"""The server's routes, all under `mmteach/`: who may ask, how much may be sent, and how a refusal reads.

Every route needs the server's token or cookie; every POST from a page needs the XSRF header that JupyterLab sends by
itself. An error is {"message": sentence}, and the sentence is the library's own.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

import tornado.web
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join

from mmteach.errors import MmteachError, ParameterError
from mmteach.lab import wanted
from mmteach.lab.desk import Desk

LARGEST = 64 * 1024  # bytes of a request
_OURS = "a mistake in mmteach itself: what the server prints tells more, please report it"
_SENTENCES = {
    400: "the request cannot be read: its text must be UTF-8",
    403: "this page may not ask that: reload it and sign in again (its token or its XSRF header did not fit)",
    404: "there is no such page here, or another site asked for it",
    405: "this route does not know that method",
    413: f"the request is too large: {LARGEST // 1024} KiB at most",
    500: _OURS,
}


@tornado.web.stream_request_body  # so that too large a body is counted, not kept
class _Route(APIHandler):
    """What all routes share."""

    auth_resource = "contents"  # whoever may read and write notebooks here may do so with the course's

    def initialize(self, desk: Desk) -> None:
        """Tornado calls this for every request."""
        self.desk, self._came, self._size = desk, bytearray(), 0

    def data_received(self, chunk: bytes) -> None:
        """Keep what comes as long as it is not too large; the rest is read and dropped, so that the answer arrives."""
        self._size += len(chunk)
        if self._size <= LARGEST:
            self._came += chunk
        else:
            self._came.clear()

    def body(self) -> dict[str, Any]:
        """Return the JSON object that was sent."""
        if self._size > LARGEST:
            raise tornado.web.HTTPError(413)
        return wanted.json_object(bytes(self._came))

    async def answer(self, work: Callable[[], dict[str, Any]]) -> None:
        """Do the work in a thread, for disks can be slow, and send what it returns."""
        self.set_header("Cache-Control", "no-store")
        await self.finish(await asyncio.to_thread(work))

    def write_error(self, status_code: int, **more: Any) -> None:
        """Say what is wrong in one sentence."""
        error = more.get("exc_info", (None, None, None))[1]
        if isinstance(error, MmteachError):
            self.set_status(_status(error))
            said = str(error)
        else:
            said = _SENTENCES.get(status_code, _OURS)
        self.finish({"message": said})

    def log_exception(self, kind: Any, error: Any, trace: Any) -> None:
        """Refusing is no mistake: a sentence of ours needs no stack trace in the server's log."""
        if isinstance(error, MmteachError):
            self.log.info("mmteach refused %s: %s", self.request.path, error)
        else:
            super().log_exception(kind, error, trace)


class CourseRoute(_Route):
    """The course: chapters, exercises, points; POST makes one."""

    @tornado.web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell how it stands."""
        await self.answer(self.desk.course)

    @tornado.web.authenticated
    @authorized
    async def post(self) -> None:
        """Make the working folder."""
        await self.answer(partial(self.desk.make_course, self.body()))


class EventsRoute(_Route):
    """What was opened or read."""

    @tornado.web.authenticated
    @authorized
    async def post(self) -> None:
        """Write it down."""
        await self.answer(partial(self.desk.note, self.body()))


class StarterRoute(_Route):
    """A starter, to begin an exercise anew."""

    @tornado.web.authenticated
    @authorized
    async def get(self) -> None:
        """Give it."""
        await self.answer(partial(self.desk.starter, self.get_query_argument("id", "")))


class QuizRoute(_Route):
    """Answers that were chosen in quizzes."""

    @tornado.web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell those of a notebook."""
        await self.answer(partial(self.desk.answers, self.get_query_argument("path", "")))

    @tornado.web.authenticated
    @authorized
    async def post(self) -> None:
        """Remember one."""
        await self.answer(partial(self.desk.answer, self.body()))


class UpdatesRoute(_Route):
    """A newer course."""

    @tornado.web.authenticated
    @authorized
    async def get(self) -> None:
        """Tell what an update would do."""
        await self.answer(self.desk.updates)

    @tornado.web.authenticated
    @authorized
    async def post(self) -> None:
        """Update."""
        self.body()
        await self.answer(self.desk.update)


ROUTES = {
    "course": CourseRoute,
    "events": EventsRoute,
    "starter": StarterRoute,
    "quiz": QuizRoute,
    "updates": UpdatesRoute,
}


def handlers(base_url: str, desk: Desk) -> list[tuple[str, type[_Route], dict[str, Any]]]:
    """List the routes as the server wants them."""
    return [(url_path_join(base_url, "mmteach", name), route, {"desk": desk}) for name, route in ROUTES.items()]


def _status(error: MmteachError) -> int:
    """400: the request is wrong; 404: no such exercise; 409: the request is right, and the disk or course refuses."""
    if isinstance(error, wanted.NotFoundError):
        return 404
    return 400 if isinstance(error, ParameterError) else 409
