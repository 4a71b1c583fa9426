"""Files of a course known by what they are, wherever their numbers put them; and the order of modules and lessons of two versions made one.

A lesson is its file's name without the number, a module its folder's. So a lesson that one side moved and the other rewrote is still one
lesson. Links between lessons are compared by where they lead, not by how the path is spelt. Pure.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping

from elearn_studio.outline import LINK, NUMBERED, order, unnumbered

Sections = list[tuple[str, list[str]]]
LEADS = "\ue000"  # begins a link that names a lesson by what it is


def identity(path: str) -> str:
    """What the file at ``path`` is: "lesson x.md", "module y/_bagian.md", or the path itself."""
    folder, _, name = path.rpartition("/")
    if not name.endswith(".md") or "/" in folder:
        return path
    return f"module {unnumbered(folder)}/{name}" if name.startswith("_") else f"lesson {unnumbered(name)}"


def arrangement(paths: Iterable[str]) -> Sections:
    """(module, its lessons) in the order that the numbers say; "" is the place outside any module."""
    folders: dict[str, list[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if name.endswith(".md") and "/" not in folder and (NUMBERED.match(folder) or (not folder and NUMBERED.match(name))):
            folders.setdefault(folder, []).append(name)
    return [
        (unnumbered(folder), [f"lesson {unnumbered(name)}" for name in sorted(names, key=order) if not name.startswith("_")])
        for folder, names in sorted(folders.items(), key=lambda item: (bool(item[0]), order(item[0])))
    ]


def _only(sections: Sections, wanted: set[str]) -> Sections:
    kept = [(name, [lesson for lesson in lessons if lesson in wanted]) for name, lessons in sections]
    return [(name, lessons) for name, lessons in kept if lessons]


def merged(base: Sections, mine: Sections, theirs: Sections, wanted: set[str]) -> Sections:
    """The order of both sides for the lessons ``wanted``: theirs, with what only mine has behind its neighbour; where mine moved lessons
    itself, mine, with what only theirs has behind its neighbour."""
    shared = _lessons(base) & _lessons(mine)
    moved = _only(base, shared) != _only(mine, shared)
    first, second = (mine, theirs) if moved else (theirs, mine)
    result = _only(first, wanted)
    for module, lessons in second:
        before = ""
        for lesson in lessons:
            if lesson in wanted and lesson not in _lessons(result):
                _insert(result, module, lesson, before, second)
            before = lesson
    return result


def _lessons(sections: Sections) -> set[str]:
    return {lesson for _, lessons in sections for lesson in lessons}


def _insert(result: Sections, module: str, lesson: str, before: str, second: Sections) -> None:
    place = next((lessons for name, lessons in result if name == module), None)
    if place is None:
        known = [name for name, _ in result]
        earlier = [name for name, _ in second[: [name for name, _ in second].index(module)] if name in known]
        result.insert(known.index(earlier[-1]) + 1 if earlier else int(bool(known) and known[0] == "" and module != ""), (module, [lesson]))
        return
    place.insert(place.index(before) + 1 if before in place else 0 if not before else len(place), lesson)


def _links(text: str, better: Callable[[str], str | None]) -> str:
    def link(match: object) -> str:
        found = match[2]  # type: ignore[index]
        other = better(found)
        return f"{match[1]}{other if other is not None else found}{match[3] or ''}{match[4]}"  # type: ignore[index]

    return LINK.sub(link, text)


def loosened(path: str, text: str, paths: Iterable[str]) -> str:
    """The text of the file at ``path`` with its links to files among ``paths`` naming what they lead to."""
    known = {one: identity(one) for one in paths}
    home = posixpath.dirname(path)

    def better(target: str) -> str | None:
        if ":" in target or target.startswith("/"):
            return None
        named = known.get(posixpath.normpath(posixpath.join(home, target)))
        return LEADS + named.replace(" ", ":", 1) if named else None

    return _links(text, better)


def fastened(path: str, text: str, places: Mapping[str, str]) -> str:
    """The text with such links led to where their files lie now (``places``: path by identity); a file that is gone keeps its name."""
    home = posixpath.dirname(path)

    def better(target: str) -> str | None:
        if not target.startswith(LEADS):
            return None
        named = target[1:].replace(":", " ", 1)
        there = places.get(named, named.removeprefix("lesson ").removeprefix("module "))
        return posixpath.relpath(there, home or ".")

    return _links(text, better)


def by_identity(texts: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """(what it is, path, text with loosened links) of every file."""
    for path, text in sorted(texts.items()):
        yield identity(path), path, loosened(path, text, texts) if path.endswith(".md") else text
