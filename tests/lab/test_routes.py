"""Each route answers whoever may ask, refuses whoever may not, and says why in one sentence."""

import json
import re
import subprocess
import sys

import pytest

from mmteach.lab import routes

BODIES = {
    "course": {},
    "events": {"exercise": "welcome.one", "version": 1, "kind": "hint", "detail": "1"},
    "quiz": {"quiz": "q1", "chosen": 2, "path": "00_welcome.ipynb"},
    "updates": {},
}
READ = {
    "course": {},
    "starter": {"id": "welcome.one"},
    "quiz": {"path": "00_welcome.ipynb"},
    "updates": {},
}


def test_every_route_is_asked_below():
    assert set(BODIES) | set(READ) == set(routes.ROUTES)


async def test_each_route_answers(ask):
    assert (await ask("course"))[1]["folder"] is None
    code, made = await ask("course", {})
    assert (code, made["folder"], len(made["chapters"])) == (200, "mmteach-course", 2)
    assert made["sentences"] == [made["sentences"][0]]
    code, noted = await ask("events", BODIES["events"])
    assert (code, noted["state"]["hints"], noted["sentence"]) == (200, 1, "")
    code, told = await ask("course")
    assert (code, told["chapters"][0]["state"], told["chapters"][0]["exercises"][0]["hints"]) == (200, "begun", 1)
    assert told["last"] == {"path": "mmteach-course/00_welcome.ipynb", "exercise": "welcome.one"}
    code, given = await ask("starter", params={"id": "preprocess.b"})
    assert (code, given) == (200, {"id": "preprocess.b", "source": "def my_mean(values):\n    return ..."})
    assert await ask("quiz", BODIES["quiz"]) == (200, {"answers": {"q1": 2}, "sentence": ""})
    assert (await ask("quiz", params=READ["quiz"]))[1]["answers"] == {"q1": 2}
    assert await ask("updates") == (200, {"changes": []})
    assert await ask("updates", {}) == (200, {"changes": [], "sentences": []})


async def test_wrong_token_is_refused_everywhere(ask, root):
    wrong = {"Authorization": "token wrong"}
    for route, params in READ.items():
        code, said = await ask(route, params=params, headers=dict(wrong))
        assert (code, list(said)) == (403, ["message"]), route
    for route, body in BODIES.items():
        code, said = await ask(route, body, headers=dict(wrong))
        assert (code, list(said)) == (403, ["message"]), route
    assert list(root.iterdir()) == []


async def test_cross_site_requests_are_refused(jp_fetch, http_server_client, jp_base_url, ask, root):
    """A browser that is signed in by a cookie: without the XSRF header, or from another site, nothing is done."""
    signed_in = await jp_fetch("api", "status")
    form = await http_server_client.fetch(f"{jp_base_url}login")
    cookies = "; ".join(c.partition(";")[0] for a in (signed_in, form) for c in a.headers.get_list("Set-Cookie"))
    xsrf = re.search(r"_xsrf=([^;]+)", cookies)[1]

    async def post(route, **headers):
        url = f"{jp_base_url}mmteach/{route}"
        more = {"method": "POST", "body": json.dumps(BODIES[route]), "raise_error": False}
        return await http_server_client.fetch(url, headers={"Cookie": cookies, **headers}, **more)

    for route in BODIES:
        for refused in (await post(route), await post(route, **{"X-XSRFToken": xsrf, "Origin": "http://evil.test"})):
            assert refused.code in (403, 404), route
            assert "message" in json.loads(refused.body)
    assert list(root.iterdir()) == []
    for route in BODIES:
        assert (await post(route, **{"X-XSRFToken": xsrf})).code == 200, route
    for route, params in READ.items():
        code, _ = await ask(
            route, params=params, headers={"Authorization": "", "Cookie": cookies, "Origin": "http://evil.test"}
        )
        assert code == 404, route


async def test_oversized_body_is_refused(ask, root):
    for route in BODIES:
        for size in (routes.LARGEST, 2_000_000):
            code, said = await ask(route, json.dumps({"detail": "x" * size}).encode())
            assert (code, said) == (413, {"message": "the request is too large: 64 KiB at most"})
    assert list(root.iterdir()) == []


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b"\xff", b"[" * 60_000])
async def test_body_that_is_no_object(ask, body):
    for route in BODIES:
        code, said = await ask(route, body)
        assert code == 400
        assert said["message"].endswith("send an object, such as {}")


async def test_names_out_of_the_root_are_refused(ask, root, tmp_path):
    (tmp_path / "outside").mkdir()
    (root / "link").symlink_to(tmp_path / "outside", target_is_directory=True)
    (root / "loop").symlink_to(root / "loop")
    for name in ("../outside", "a/../../outside", str(tmp_path), "C:\\Users", "\\\\host\\share", "link", "loop"):
        asked = {
            "course": {"folder": name},
            "quiz": {**BODIES["quiz"], "path": f"{name}/00_welcome.ipynb"},
            "events": {"kind": "open", "detail": f"{name}/00_welcome.ipynb"},
        }
        for route, body in asked.items():
            code, said = await ask(route, body)
            assert code == 400, (route, name)
            assert "out of JupyterLab's folder" in said["message"]
        code, _ = await ask("quiz", params={"path": f"{name}/00_welcome.ipynb"})
        assert code == 400, name
    assert list((tmp_path / "outside").iterdir()) == []
    assert {path.name for path in root.iterdir()} == {"link", "loop"}


async def test_refusals_say_what_to_do(ask):
    code, said = await ask("updates")
    assert (code, said["message"]) == (409, "there is no course in JupyterLab's folder yet: make one first")
    code, said = await ask("starter", params={"id": "a.b"})
    assert (code, said["message"][:45]) == (404, "no exercise of this course is called 'a.b': u")
    code, said = await ask("events", {"exercise": "welcome.one", "version": 1, "kind": "check"})
    assert code == 400
    assert "only a kernel checks" in said["message"]
    assert (await ask("events"))[0] == 405
    assert await ask("starter", params={"id": b"\xff"}) == (400, {"message": routes._SENTENCES[400]})


async def test_a_mistake_of_ours_is_a_sentence_too(ask, monkeypatch):
    monkeypatch.setattr(routes.Desk, "course", lambda self: 1 / 0)
    code, said = await ask("course")
    assert code == 500
    assert "a mistake in mmteach itself" in said["message"]


async def test_root_itself_is_named_by_nothing(ask, root):
    code, made = await ask("course", {"folder": ""})
    assert (code, made["folder"], made["chapters"][0]["path"]) == (200, "", "00_welcome.ipynb")


def test_nothing_heavy_is_loaded():
    code = """
import sys
from pathlib import Path
import mmteach.lab
from mmteach.lab.desk import Desk
from mmteach.lab.routes import handlers
assert len(handlers("/", Desk(Path(".")))) == 5
print(*{"torch", "numpy", "librosa", "sklearn", "scipy", "matplotlib"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
