"""The rules of the house that import-linter cannot see: docs/arsitektur.md, "Floors"."""

import ast
from collections.abc import Iterator
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent
APPS = ("config", "portal", "pengaduan", "bansos", "dtks", "accounts", "wilayah", "core")


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in APPS:
        for path in sorted((BASE_DIR / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(BASE_DIR)), ast.parse(path.read_text())


def is_ours(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        return node.level > 0 or (node.module or "").split(".")[0] in APPS
    return isinstance(node, ast.Import) and any(alias.name.split(".")[0] in APPS for alias in node.names)


def late_imports(tree: ast.Module) -> Iterator[int]:
    """Lines of imports of our own code inside a function: they hide an arrow that points up."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from (node.lineno for node in ast.walk(function) if is_ours(node))


def receivers(tree: ast.Module) -> Iterator[int]:
    """Lines that listen to a Django signal: what happens must be read where it happens."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.dispatch":
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".signals"):
            yield node.lineno


def found(check) -> list[str]:
    return sorted({f"{name}:{line}" for name, tree in sources() for line in check(tree)})


def test_no_import_of_our_own_code_inside_a_function():
    assert found(late_imports) == []


def test_nobody_listens_to_signals():
    assert found(receivers) == []


def test_the_checks_see_what_they_forbid():
    bad = ast.parse("from django.db.models.signals import post_save\ndef f():\n    from core import audit\n")
    assert list(late_imports(bad)) == [3]
    assert list(receivers(bad)) == [1]
