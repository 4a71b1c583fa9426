"""The interface's texts: gathered from the source, kept in a catalogue for each part, compiled.

`make texts` brings the catalogues up to date: new texts come in without a translation, gone ones leave. Message ids are the
Indonesian texts themselves; a text stands in `_("…")`, in `said("…")`, in a template, in `Refused(code, "…")`, in `Problem(message="…", remedy="…")`,
or is the `title` of something the contract lists.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
PARTS = {"elearn": [ROOT / "elearn", ROOT / "templates"]} | {
    path.name: [path] for path in sorted((ROOT / "plugins").iterdir()) if path.is_dir() and path.name.startswith("elearn_")
}
GETTEXT = {"_", "gettext", "lazy_gettext", "ngettext", "BadImage", "said"}
TITLED = {"NavEntry", "Permission", "Card", "Plugin"}
TABLES = {"FAULTS", "REMEDIES", "ACTS"}  # tables of texts that are handed to ``_wrong`` and ``fault``, or listed in the contract
Message = str | tuple[str, str]


def catalogue_path(part: str) -> Path:
    """Where the English catalogue of a part lies."""
    return PARTS[part][0] / "translations" / "en" / "LC_MESSAGES" / "messages.po"


def texts_of(part: str) -> dict[Message, str]:
    """Every text of a part, with the place where it was found first."""
    found: dict[Message, str] = {}
    for folder in PARTS[part]:
        for path in sorted(folder.rglob("*")):
            if path.suffix == ".py":
                texts = _in_python(path)
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                texts = _in_template(path)
            elif path.suffix == ".toml" and path.parent.name == "data":
                texts = _in_data(path)
            else:
                continue
            for message, line in texts:
                found.setdefault(message, f"{path.relative_to(ROOT)}:{line}")
    return found


def _in_template(path: Path) -> Iterator[tuple[Message, int]]:
    for line, message, _, _ in extract("jinja2.ext:babel_extract", BytesIO(path.read_bytes()), options={"trimmed": "true"}):
        yield (message if isinstance(message, str) else (message[0], message[1])), line


def _in_data(path: Path) -> Iterator[tuple[Message, int]]:
    """Data that a plugin shows: the values of ``title``."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        name, _, value = line.partition(" = ")
        if name == "title":
            yield value.strip('"'), number


def _in_python(path: Path) -> Iterator[tuple[Message, int]]:
    tree = ast.parse(path.read_text("utf-8"))
    constants = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }

    def text(node: ast.expr | None) -> str | None:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            return node.value
        return constants.get(node.id) if isinstance(node, ast.Name) else None

    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and _names(node) & TABLES:
            for inner in ast.walk(node.value or node):
                message = text(inner) if isinstance(inner, ast.Constant) else None
                if message and " " in message:
                    yield message, inner.lineno
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        named = {keyword.arg: keyword.value for keyword in node.keywords}
        wanted: list[ast.expr | None] = []
        if name in GETTEXT:
            if name == "ngettext" and len(node.args) > 1:
                one, many = text(node.args[0]), text(node.args[1])
                if one and many:
                    yield (one, many), node.lineno
                continue
            wanted = list(node.args[:1])
        elif name == "Refused":
            wanted = list(node.args[1:2])
        elif name in {"_wrong", "_problem", "_refusal", "fault", "report"}:
            wanted = list(node.args[1:3])
        elif "message" in named or "remedy" in named:
            wanted = [named.get("message"), named.get("remedy")]
        elif name in TITLED:
            wanted = [named.get("title"), named.get("summary") if name == "NavEntry" else None]
        for one_text in wanted:
            either = [one_text.body, one_text.orelse] if isinstance(one_text, ast.IfExp) else [one_text]
            for message in filter(None, map(text, either)):
                yield message, node.lineno


def _names(node: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def load(part: str) -> Catalog:
    """The English catalogue of a part as it stands."""
    path = catalogue_path(part)
    if not path.is_file():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def update(part: str) -> list[Message]:
    """Bring a catalogue up to date and compile it; answers what still lacks a translation."""
    # a fixed date: a catalogue changes when its texts do, and not otherwise
    header = {"project": "elearn", "charset": "utf-8", "creation_date": datetime(2026, 1, 1, tzinfo=UTC)}
    old, new, missing = load(part), Catalog(locale="en", **header), []
    for message, place in texts_of(part).items():
        key = message if isinstance(message, str) else message[0]
        known = old.get(key)
        translation = known.string if known else ("" if isinstance(message, str) else ("", ""))
        new.add(message, translation, locations=[(place.partition(":")[0], 0)])
        if not translation or not all(translation if isinstance(translation, tuple) else (translation,)):
            missing.append(message)
    path = catalogue_path(part)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, new, width=140, omit_header=False, include_lineno=False, sort_output=True)
    path.with_suffix(".mo").write_bytes(compiled(new))
    return missing


def main() -> None:
    """Update all catalogues; exit code 1 where a translation is missing."""
    missing = {part: update(part) for part in PARTS}
    for part, messages in missing.items():
        for message in messages:
            print(f"{part}: {message}")
    sys.exit(any(missing.values()))


if __name__ == "__main__":
    main()
