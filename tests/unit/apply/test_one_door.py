"""Every call that writes to EKS or to a cluster needs the guard's permit."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

pytestmark = pytest.mark.slow

WRITES = {
    ("calls", "update"),
    ("api", "update"),
    ("api", "write"),
    ("api", "delete_budget"),
    ("installer", "create"),
}
"""Attribute and method of the calls that raise what pods need, as the code of eksaddon writes them."""


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "eksaddon").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith("eksaddon/sim/"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The outermost ones, since what lies inside sees their arguments."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.Module):
            yield from (
                each for each in node.body if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
            )


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def is_write(node: ast.Call) -> bool:
    if not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    name = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return (name, node.func.attr) in WRITES


def is_dry_run(node: ast.Call) -> bool:
    """A call with the literal `dry_run=True` writes nothing."""
    return any(
        each.arg == "dry_run" and isinstance(each.value, ast.Constant) and each.value.value is True
        for each in node.keywords
    )


def takes_a_permit(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    hints = [each.annotation for each in (*function.args.args, *function.args.kwonlyargs)]
    return any(isinstance(each, ast.Name) and each.id == "Permit" for each in hints)


def passes_one(node: ast.Call) -> bool:
    """Whether a call hands a permit on, so that what is called asks for it."""
    return any(isinstance(each, ast.Name) and each.id in {"permit", "cleared"} for each in node.args)


def test_no_function_writes_without_a_permit() -> None:
    found, naked = 0, []
    for name, tree in modules():
        for function in functions(tree):
            for node in filter(is_write, calls(function)):
                found += 1
                if not (takes_a_permit(function) or passes_one(node) or is_dry_run(node)):
                    naked.append(f"{name}:{node.lineno} {function.name}")
    assert found >= 6
    assert naked == []


def test_only_the_guard_makes_permits() -> None:
    makers = {
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Permit"
    }
    assert makers == {"eksaddon/apply/guard.py"}


def test_a_dry_run_is_one() -> None:
    source = Path(ROOT / "eksaddon/observe/dry_run.py").read_text(encoding="utf-8")
    tried = list(filter(is_write, calls(ast.parse(source))))
    assert tried
    assert all(is_dry_run(call) for call in tried)
