"""Imports go down only, content and models do not know each other, and a plugin knows nothing but the public API."""

import ast
from pathlib import Path

import pytest

import elearn

ROOT = Path(__file__).parents[2]
FLOORS = {
    "errors": 0, "clock": 0, "access": 0, "folders": 0, "words": 0,
    "content": 1, "models": 1, "events": 1,
    "services": 2, "plugin": 2,
    "guard": 3, "core": 3, "registry": 3, "outbox": 3, "jobs": 3, "papers": 3, "settings": 3, "memory": 3, "schema": 3, "progress": 3, "erasure": 3, "packs": 3, "authoring": 3.5, "migrations": 3,
    "web": 4,
    "app": 5, "__init__": 5.5,
    "commands": 6, "cli": 6, "testing": 6,
}  # fmt: skip
FLASK = {"web", "app", "commands", "cli", "testing"}
PLUGINS = sorted(path for path in (ROOT / "plugins").iterdir() if path.is_dir() and path.name.startswith("elearn_"))


def imports(path: Path) -> set[str]:
    """All modules that a file imports, those for type checkers alone left out."""
    tree = ast.parse(path.read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            node.body = []
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
        elif isinstance(node, ast.ImportFrom) and node.module is None:
            found |= {alias.name for alias in node.names}
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT / "elearn").parts[0].removesuffix(".py")


def core_files() -> list[Path]:
    return [path for path in sorted((ROOT / "elearn").rglob("*.py")) if "versions" not in path.parts]


def test_every_room_has_a_floor():
    assert {room(path) for path in core_files()} <= set(FLOORS)


@pytest.mark.parametrize("path", core_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_down_only(path):
    own = room(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "elearn" or len(parts) < 2 or parts[1] not in FLOORS or parts[1] == own:
            continue
        assert FLOORS[parts[1]] <= FLOORS[own], f"{path.name} ({own}) reaches up to {name}"
        assert {own, parts[1]} != {"content", "models"}, f"{path.name}: content and models do not know each other"


@pytest.mark.parametrize("path", core_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_upper_floors_know_flask(path):
    if room(path) not in FLASK:
        assert not {name for name in imports(path) if name.split(".")[0].startswith("flask")}


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_a_plugin_imports_the_public_api_alone(plugin):
    for path in plugin.rglob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "elearn" and node.level == 0:
                assert node.module == "elearn", f"{path.name}: from {node.module} import …"
                assert {alias.name for alias in node.names} <= set(elearn.__all__), path.name
        others = {other.name for other in PLUGINS} - {plugin.name}
        assert not {name for name in imports(path) if name.split(".")[0] in others}, f"{path.name} imports another plugin"


def test_the_public_names_are_there_and_once():
    assert len(elearn.__all__) == len(set(elearn.__all__))
    assert all(hasattr(elearn, name) for name in elearn.__all__)


def test_no_file_is_two_rooms():
    files = [*core_files(), *(path for plugin in PLUGINS for path in plugin.rglob("*.py"))]
    assert {str(path): lines for path in files if (lines := len(path.read_text("utf-8").splitlines())) > 420} == {}


def test_importing_does_nothing_but_define():
    for path in core_files():
        for node in ast.parse(path.read_text("utf-8")).body:
            called = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
            assert not called or path.name == "cli.py" or path.name == "env.py", f"{path}: line {node.lineno} runs at import"
