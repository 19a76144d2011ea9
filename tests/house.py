"""Figures of the house: rooms, floors, circles, patterns and lines, counted from the code as it stands.

    python -m tests.house

prints them all. `tests/test_house.py` holds those that have a limit to it.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PACKAGES = ("assistant", "eval", "ingest", "prompts", "vectorstore")

_COUNT_PATTERNS = """
import importlib, json, re, sys
real, counted = re.compile, {}
def compile(pattern, flags=0):
    text = pattern.pattern if isinstance(pattern, re.Pattern) else pattern
    caller = sys._getframe(1).f_globals.get("__name__", "")
    if caller.split(".")[0] in PACKAGES and not isinstance(pattern, re.Pattern):
        counted[caller] = counted.get(caller, 0) + len(text)
    return real(pattern, flags)
re.compile = compile
for name in json.loads(sys.argv[1]):
    importlib.import_module(name)
print(json.dumps(counted))
"""


def product_files() -> list[Path]:
    """Return every module of the product."""
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def test_files() -> list[Path]:
    """Return every module of the tests."""
    return sorted((ROOT / "tests").rglob("*.py"))


def count_lines(paths: Iterable[Path]) -> int:
    """Return the number of lines of some files."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def count_by_folder() -> dict[str, int]:
    """Return the number of modules in each folder, `__init__` not counted."""
    return dict(
        Counter(str(path.parent.relative_to(ROOT)) for path in product_files() if path.stem not in ("__init__",))
    )


@cache
def import_graph() -> grimp.ImportGraph:
    """Return the imports between the modules of the product, those of type checking left out."""
    return grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)


def find_circles(edges: dict[str, set[str]]) -> list[set[str]]:
    """Return the sets of nodes that reach each other (strongly connected components of two nodes or more, Tarjan 1972).

    Args:
        edges: the nodes that each node points at.
    """
    order: dict[str, int] = {}
    low: dict[str, int] = {}
    open_nodes: list[str] = []
    circles: list[set[str]] = []

    def visit(node: str) -> None:
        order[node] = low[node] = len(order)
        open_nodes.append(node)
        for target in edges.get(node, ()):
            if target not in order:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in open_nodes:
                low[node] = min(low[node], order[target])
        if low[node] == order[node]:
            start = open_nodes.index(node)
            circle = set(open_nodes[start:])
            del open_nodes[start:]
            if len(circle) > 1:
                circles.append(circle)

    for node in edges:
        if node not in order:
            visit(node)
    return circles


def import_edges() -> dict[str, set[str]]:
    """Return, for each module, the modules of the product that it imports."""
    graph = import_graph()
    return {module: set(graph.find_modules_directly_imported_by(module)) for module in graph.modules}


def room_edges(package: str) -> dict[str, set[str]]:
    """Return, for each file or folder directly in a package, the others that it imports."""

    def room(module: str) -> str:
        return ".".join(module.split(".")[:2])

    edges: dict[str, set[str]] = {}
    for module, imported in import_edges().items():
        if (module.startswith(f"{package}.") and room(module) != module) or module.count(".") == 1:
            own = edges.setdefault(room(module), set())
            own.update(room(each) for each in imported if each.startswith(f"{package}.") and room(each) != room(module))
    return {name: targets for name, targets in edges.items() if name.startswith(f"{package}.")}


def count_floors(package: str) -> int:
    """Return the number of rooms on the longest chain of imports inside a package.

    Raises:
        ValueError: rooms import each other in a circle, so there are no floors.
    """
    edges = room_edges(package)
    if find_circles(edges):
        raise ValueError(f"circles in {package}: {find_circles(edges)}")

    @cache
    def floor(room: str) -> int:
        return 1 + max((floor(each) for each in edges.get(room, ())), default=0)

    return max(floor(room) for room in edges)


@cache
def count_pattern_characters() -> dict[str, int]:
    """Return the characters of the regular expressions that each module compiles when it is imported."""
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in product_files()
        if path.stem != "__main__"
    ]
    code = _COUNT_PATTERNS.replace("PACKAGES", repr(PACKAGES))
    run = subprocess.run(
        [sys.executable, "-c", code, json.dumps(names)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    counted: dict[str, int] = json.loads(run.stdout.splitlines()[-1])
    return counted


def definitions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]]:
    """Yield the functions, methods and classes of the product."""
    for path in product_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield path, node


def names_with_two_meanings() -> dict[str, list[str]]:
    """Return the public classes and module-level functions defined more than once in one package, with where."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in product_files():
        package = path.relative_to(ROOT).parts[0]
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                found.setdefault((package, node.name), []).append(str(path.relative_to(ROOT)))
    return {f"{package}: {name}": places for (package, name), places in found.items() if len(places) > 1}


def figures() -> dict[str, int]:
    """Return every figure that is counted without running the program."""
    folders = count_by_folder()
    edges = import_edges()
    return {
        "modules": len(product_files()),
        "largest folder": max(folders.values()),
        "circles of modules": len(find_circles(edges)),
        **{f"floors of {package}": count_floors(package) for package in PACKAGES if package != "prompts"},
        "characters of patterns": sum(count_pattern_characters().values()),
        "names with two meanings": len(names_with_two_meanings()),
        "product lines": count_lines(product_files()),
        "test lines": count_lines(test_files()),
        "README lines": count_lines([ROOT / "README.md"]),
    }


if __name__ == "__main__":
    for name, value in figures().items():
        print(f"{name:<28}{value:>9,}")
