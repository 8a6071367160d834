"""What is committed is what a student opens: a head, no outputs, nothing that the library already defines, an end."""

import ast
import json
import re
from pathlib import Path

import pytest
from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CHECKED = "nbval-check-output"  # the stored output of a cell with this tag is compared by nbval
COMMANDS = ROOT / "mmteach" / "cli"  # names of commands are no names of the library
ANSWERS = [ROOT / "mmteach" / "exercises" / name for name in ("chapters", "proofs")]

HEAD = {
    "a title (`# ...`)": r"\A# \S",
    "'You will be able to'": r"(?i)you will be able to",
    "its minutes (`40 minutes`)": r"\d+\s*min",
    "its data (`Data: ...`)": r"(?i)\bdata\b",
}
END = ["summary", "quiz", "references"]  # headings, in this order


def read(path: Path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def stored_outputs(cells: list[dict]) -> list[int]:
    """Numbers of the cells that were committed with what they printed."""
    return [
        number
        for number, cell in enumerate(cells)
        if (cell.get("outputs") or cell.get("execution_count") is not None)
        and CHECKED not in cell["metadata"].get("tags", [])
    ]


def defined(code: str) -> set[str]:
    """Names that code defines as a function or class, at any depth, or as a lambda."""
    nodes = list(ast.walk(ast.parse(code)))
    names = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    lambdas = [n for n in nodes if isinstance(n, ast.Assign) and isinstance(n.value, ast.Lambda)]
    return names | {target.id for node in lambdas for target in node.targets if isinstance(target, ast.Name)}


def public_names() -> set[str]:
    """Functions and classes that the library defines for others to use; answers to exercises are a student's."""
    names = set()
    for path in (ROOT / "mmteach").rglob("*.py"):
        if not path.is_relative_to(COMMANDS) and not any(path.is_relative_to(folder) for folder in ANSWERS):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            names |= {n.name for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
    return {name for name in names if not name.startswith("_")}


def defined_again(cells: list[dict], public: set[str]) -> set[str]:
    """Names of the library that a notebook defines once more."""
    plain = TransformerManager().transform_cell  # %magics and !commands become Python
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return set().union(*(defined(plain(source)) for source in code if not source.startswith("%%"))) & public


def missing_parts(cells: list[dict]) -> list[str]:
    """What the head or the end of a chapter lacks."""
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    first_code = next((i for i, cell in enumerate(cells) if cell["cell_type"] == "code"), len(cells))
    head = "\n\n".join("".join(cell["source"]) for cell in cells[:first_code])
    lacks = [part for part, pattern in HEAD.items() if not re.search(pattern, head)]
    headings = re.findall(r"^#{1,4} +(.+)$", "\n\n".join(texts), re.MULTILINE)
    places = [max((i for i, text in enumerate(headings) if part in text.lower()), default=None) for part in END]
    lacks += [f"a heading '{part}'" for part, place in zip(END, places, strict=True) if place is None]
    if None not in places and places != sorted(places):
        lacks.append(f"the order {', '.join(END)}")
    return lacks


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestCommittedNotebook:
    def test_carries_no_outputs(self, path):
        assert stored_outputs(read(path)) == [], "clear them: Kernel > Restart Kernel and Clear Outputs"

    def test_defines_nothing_that_the_library_defines(self, path):
        assert defined_again(read(path), public_names()) == set()

    def test_has_head_and_end(self, path):
        assert missing_parts(read(path)) == []


def markdown(text: str) -> dict:
    return {"cell_type": "markdown", "source": text, "metadata": {}}


def code(text: str, outputs: tuple = (), tags: tuple = ()) -> dict:
    return {
        "cell_type": "code",
        "source": text,
        "outputs": list(outputs),
        "execution_count": None,
        "metadata": {"tags": list(tags)},
    }


def test_an_output_is_found_unless_it_is_checked():
    out = ({"output_type": "stream", "text": "1"},)
    assert stored_outputs([code("1"), code("1", out), code("1", out, (CHECKED,)), markdown("1")]) == [1]
    assert stored_outputs([code("1") | {"execution_count": 3}]) == [0]


@pytest.mark.parametrize(
    "text",
    [
        "def crop(x):\n    return x",
        "class crop: ...",
        "crop = lambda x: x",
        "if True:\n    def crop(): ...",
        "%time 1\ndef crop(): ...",
    ],
)
def test_a_name_of_the_library_is_found(text):
    assert defined_again([code("crop_mine = 1\n"), code(text)], {"crop"}) == {"crop"}


def test_using_a_name_is_not_defining_it():
    assert defined_again([code("%%html\n<b>"), code("from mmteach import crop\ny = crop(1)\n!ls")], {"crop"}) == set()


def test_public_names_know_the_library():
    assert {"Sample", "MmteachError", "hand_out"} <= public_names()


GOOD = [
    markdown("# Pictures\n\nYou will be able to crop.\n\n40 minutes. Data: faces."),
    code("1"),
    markdown("## Summary\n\n## Quiz"),
    markdown("## References"),
]


def test_a_whole_chapter_lacks_nothing():
    assert missing_parts(GOOD) == []


@pytest.mark.parametrize(
    ("cells", "lacks"),
    [
        ([markdown("Pictures. You will be able to. 4 min. Data."), *GOOD[1:]], ["a title (`# ...`)"]),
        ([markdown("# Pictures"), *GOOD], []),
        ([markdown("# P\n\n40 minutes, data"), code("1"), *GOOD], ["'You will be able to'"]),
        (GOOD[:3], ["a heading 'references'"]),
        ([*GOOD[:2], GOOD[3], GOOD[2]], ["the order summary, quiz, references"]),
    ],
)
def test_a_chapter_that_lacks_a_part_is_found(cells, lacks):
    assert missing_parts(cells) == lacks
