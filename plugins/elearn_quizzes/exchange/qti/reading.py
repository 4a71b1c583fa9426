"""A QTI package of any version, or one bare item, as questions. Nothing outside the package is read, whatever it names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from elearn import said
from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.archive import read_archive, safe_path
from elearn_quizzes.exchange.bundle import BadFile, Bundle, Remark, as_quiz
from elearn_quizzes.exchange.labels import with_tags
from elearn_quizzes.exchange.qti.items_in import ItemReader
from elearn_quizzes.exchange.qti.names import in_old_names
from elearn_quizzes.exchange.qti.responses_in import Left
from elearn_quizzes.exchange.xml import parse
from elearn_quizzes.questions import Group, Question, Quiz
from elearn_quizzes.reading import ID
from elearn_quizzes.texts import shortened

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def read_qti(data: bytes) -> Bundle:
    """The questions of a package or of an item. Raises ``BadFile``."""
    files = read_archive(data) if data.startswith(b"PK\x03\x04") else {"item.xml": data}
    return _Package(files).bundle()


class _Package:
    """A package on its way: its trees by path, the labels of its items, the pictures taken from it."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.remarks: list[Remark] = []
        self.pictures: dict[str, bytes] = {}
        self.labels: dict[str, list[str]] = {}
        self.trees: dict[str, Element] = {}
        alone = len(files) == 1
        for path, content in files.items():
            if path.lower().endswith((".xml", ".qti")):
                try:
                    root = parse(content)
                except BadFile as error:
                    if alone:
                        raise
                    self.remarks.append(Remark(item=path[:80], reason=error.args[0], whole=True))
                    continue
                in_old_names(root)
                self.trees[path] = root

    def bundle(self) -> Bundle:
        """All of it."""
        for path, root in self.trees.items():
            if root.tag == "manifest":
                self._take_labels(root, posixpath.dirname(path))
            elif root.tag == "questestinterop":
                raise BadFile(said("Ini QTI 1.2, yang belum dapat dibaca. Ekspor ulang sebagai QTI 2.1 atau Moodle XML."))
        items = {path: root for path, root in self.trees.items() if root.tag == "assessmentItem"}
        if not items and not any(root.tag == "manifest" for root in self.trees.values()):
            raise BadFile(said("Tidak ada soal QTI (assessmentItem) di berkas ini."))
        groups: list[Group] = []
        seen: set[str] = set()
        for path, root in self.trees.items():
            if root.tag == "assessmentTest":
                for section in root.iter("assessmentSection"):
                    group = self._section(section, posixpath.dirname(path), items, seen)
                    if group.questions:
                        groups.append(group)
        rest = [found for path, root in items.items() if path not in seen for found in self._item(path, root)]
        if rest:
            groups.append(Group(questions=tuple(rest)))
        named = as_quiz([(group.name, group.questions) for group in groups])
        merged = tuple(replace(group, questions=one.questions) for group, one in zip(groups, named.groups, strict=True))
        return Bundle(quiz=Quiz(groups=merged), files=self.pictures, remarks=self.remarks)

    def _take_labels(self, root: Element, folder: str) -> None:
        for resource in root.iter("resource"):
            path = self._inside(folder, resource.get("href", ""))
            words = [" ".join("".join(one.itertext()).split()) for one in resource.iter("keyword")]
            if path and words:
                self.labels[path] = [word for word in words if word]

    def _section(self, section: Element, folder: str, items: dict[str, Element], seen: set[str]) -> Group:
        """A section's own items; those of sections within it are theirs."""
        questions: list[Question] = []
        for reference in section.findall("assessmentItemRef"):
            path = self._inside(folder, reference.get("href", ""))
            if path is None or path not in items:
                self.remarks.append(
                    Remark(item=reference.get("href", "")[:80], reason=said("soal ini disebut tetapi tidak ada di arsip."), whole=True)
                )
            elif path not in seen:
                seen.add(path)
                questions += self._item(path, items[path])
        selection = section.find("selection")
        select = selection.get("select", "") if selection is not None else ""
        intro = [rich.to_markdown(ItemReader(section, self._picture_from(folder))._html(one)) for one in section.findall("rubricBlock")]
        title = " ".join(section.get("title", "").split())
        draw = int(select) if select.isdecimal() and 0 < int(select) < len(questions) else None
        return Group(name="" if title in ("-", "") else title[:120], intro="\n\n".join(intro), draw=draw, questions=tuple(questions))

    def _item(self, path: str, root: Element) -> list[Question]:
        name = shortened(" ".join(root.get("title", "").split()) or root.get("identifier", path), 60)
        reader = ItemReader(root, self._picture_from(posixpath.dirname(path)))
        try:
            question = reader.question()
        except Left as left:
            self.remarks.append(Remark(item=name, reason=left.args[0], whole=True))
            return []
        self.remarks += [Remark(item=name, reason=reason) for reason in reader.lost]
        given = root.get("identifier", "").removeprefix("_")
        return [replace(with_tags(question, self.labels.get(path, ())), id=given if ID.fullmatch(given) else "")]

    def _inside(self, folder: str, href: str) -> str | None:
        """A path of the package that ``href`` names from ``folder``; None for anything outside it."""
        if "://" in href or href.startswith(("/", "data:")):
            return None
        return safe_path(posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0].partition("?")[0])))) if href else None

    def _picture_from(self, folder: str) -> Callable[[str], str | None]:
        def take(source: str) -> str | None:
            path = self._inside(folder, source)
            content = self.files.get(path) if path else None
            if path is None or content is None:
                return None
            name = _UNSAFE.sub("-", posixpath.basename(path)).strip("-.") or "gambar"
            while self.pictures.get(f"media/{name}", content) != content:
                stem, dot, end = name.rpartition(".")
                name = f"{stem or end}-2{dot}{end if stem else ''}"
            self.pictures[f"media/{name}"] = content
            return f"media/{name}"

        return take
