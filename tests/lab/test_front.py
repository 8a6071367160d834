"""The panel's sources: its own tests pass, its bundle is small, versions, sentences and colours are as they must be."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import mmteach

ROOT = Path(__file__).resolve().parents[2]
FRONT = ROOT / "mmteach" / "lab" / "labextension"
BUNDLE = ROOT / "mmteach" / "lab" / "_static"
LARGEST = 150_000  # bytes
TEXT = r"'(?:[^'\\]|\\.)*'"


@pytest.fixture(scope="module")
def builder():
    spec = importlib.util.spec_from_file_location("build_panel", ROOT / ".ci" / "build_panel.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def package():
    return json.loads((FRONT / "package.json").read_text(encoding="utf-8"))


def sources(*suffixes):
    return [path for path in sorted(FRONT.glob("s*/**/*")) if path.suffix in suffixes]


def test_typescript_compiles_and_its_own_tests_pass():
    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "build_panel.py"), "test"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert int(re.search(r"# pass (\d+)", done.stdout).group(1)) >= 20


def test_bundle_is_there_and_small(builder):
    assert builder.is_built(ROOT), "run `make venv`"
    assert 10_000 < builder.size(BUNDLE) < LARGEST


def test_versions_are_one(package):
    built = json.loads((BUNDLE / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == built["version"] == mmteach.__version__


def test_bundle_does_not_know_where_it_was_built():
    for path in (BUNDLE / "static").glob("*.js"):
        assert str(ROOT) not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["yarn.lock", "package.json", ".yarnrc.yml"])
def test_no_registry_is_named(name):
    assert "://" not in (FRONT / name).read_text(encoding="utf-8")


def test_nothing_is_built_that_is_there(builder):
    hook = object.__new__(builder.PanelHook)
    hook.__dict__["_BuildHookInterface__root"] = str(ROOT)
    assert hook.dependencies() == []


@pytest.mark.parametrize(
    ("said", "enough"), [("v20.19.0", True), ("v24.1.0", True), ("v20.18.3", False), ("v8.0.0", False), ("", False)]
)
def test_which_node_is_new_enough(builder, monkeypatch, said, enough):
    monkeypatch.setattr(builder.shutil, "which", lambda name: "node")
    answer = subprocess.CompletedProcess([], 0, stdout=said)
    monkeypatch.setattr(builder.subprocess, "run", lambda *_, **__: answer)
    assert builder.node_on_path() is enough


def test_without_node_one_is_asked_for(builder, tmp_path, monkeypatch):
    monkeypatch.setattr(builder.shutil, "which", lambda name: None)
    hook = object.__new__(builder.PanelHook)
    hook.__dict__["_BuildHookInterface__root"] = str(tmp_path)
    assert hook.dependencies() == [builder.BUILDER, builder.NODE_FROM_PYPI]


def test_colours_are_the_themes():
    fixed = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(|: *(?:white|black|red|green|gr[ae]y|blue)\b")
    for path in sources(".css", ".ts", ".tsx"):
        assert not fixed.findall(path.read_text(encoding="utf-8")), path


def test_files_are_short():
    assert {path.name: n for path in sources(".ts", ".tsx") if (n := len(path.read_text().splitlines())) > 200} == {}


def strings():
    """What the panel says, as it stands in the sources."""
    found = set()
    for path in sources(".ts", ".tsx"):
        text = path.read_text(encoding="utf-8")
        for said in re.findall(rf"\b(?:__|_n)\(\s*({TEXT}(?:\s*\+\s*{TEXT})*)", text):
            found.add("".join(part[1:-1].replace("\\'", "'") for part in re.findall(TEXT, said)))
    return found


def test_every_sentence_is_in_the_chinese_catalogue():
    path = ROOT / "mmteach" / "lab" / "locale" / "zh_CN" / "LC_MESSAGES" / "mmteach.json"
    catalogue = json.loads(path.read_text(encoding="utf-8"))
    assert catalogue.pop("")["language"] == "zh-CN"
    assert strings() == set(catalogue)
    for said, (first, *plural) in catalogue.items():
        assert plural or re.findall(r"%\d", said) == re.findall(r"%\d", first), said


def test_the_server_hands_the_catalogue_out():
    from jupyterlab_server.translation_utils import get_installed_packages_locale

    data, _ = get_installed_packages_locale("zh_CN")
    assert data["mmteach"]["Hint"] == ["提示"]


def test_the_settings_belong_to_the_panel():
    schema = json.loads((FRONT / "schema" / "panel.json").read_text(encoding="utf-8"))
    assert set(schema["properties"]) == {"showPanel", "offerTour", "reducedMotion", "language"}
    commands = (FRONT / "src" / "tokens.ts").read_text(encoding="utf-8")
    for item in schema["jupyter.lab.menus"]["main"][0]["items"]:
        assert item["type" if "type" in item else "command"] in (
            "separator",
            *re.findall(r"'(mmteach:[\w-]+)'", commands),
        )
