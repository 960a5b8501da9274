"""The shape of the code: small modules in small folders, no circles, and a way in for every package."""

import ast
import re
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.paths import ROOT

MOST_MODULES = 25
MOST_LINES = 400

PACKAGE = ROOT / "eksaddon"
MODULES = sorted(path for folder in (PACKAGE, ROOT / "tests") for path in folder.rglob("*.py"))
PACKAGES = sorted(path.parent for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path, known: set[str]) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found & known


def test_no_folder_holds_more_modules_than_a_reader_can_take_in():
    counts = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    assert {
        str(folder.relative_to(ROOT)) for folder, count in counts.items() if count > MOST_MODULES
    } == set()


def test_no_module_is_longer_than_a_reader_can_take_in():
    long = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if len(path.read_text(encoding="utf-8").splitlines()) > MOST_LINES
    }
    assert long == set()


@pytest.mark.slow
def test_no_modules_import_each_other_in_a_circle():
    known = {name_of(path) for path in MODULES}
    graph = {name_of(path): imported(path, known) - {name_of(path)} for path in MODULES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_package_says_what_it_is_for_and_where_to_start_reading(package):
    text = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8"))) or ""
    for label in ("In: ", "Out: ", "Never: ", "Start with: "):
        assert f"\n{label}" in text, label
    named = re.findall(r"[\w/]+(?:\.py\b|/(?=\W))", text)
    missing = [
        name for name in named if not any((base / name).exists() for base in (package, *package.parents))
    ]
    assert missing == []
