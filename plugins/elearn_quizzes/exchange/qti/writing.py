"""A QTI package: one file an item, a test with a section a group, the pictures, and the manifest that names them all."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, indent

from elearn import said
from elearn_quizzes.exchange.archive import write_archive
from elearn_quizzes.exchange.bundle import Bundle, Remark, label
from elearn_quizzes.exchange.labels import tags_of
from elearn_quizzes.exchange.qti.items_out import CannotHold, ItemWriter
from elearn_quizzes.exchange.qti.making import add, identifier, put, unused
from elearn_quizzes.exchange.qti.names import ITEMS, MATHML, NAMESPACES, PACKAGES, TESTS, Version, in_new_names
from elearn_quizzes.exchange.xml import as_bytes

_PICTURE = re.compile(r"\bsrc=\"([^\"]+)\"")
LOM = "http://ltsc.ieee.org/xsd/LOM"
TEST = "test.xml"


def write_qti(bundle: Bundle, *, version: Version) -> tuple[bytes, list[Remark]]:
    """The questions as a package (ZIP), and what of them QTI cannot hold."""
    files: dict[str, bytes] = {}
    remarks: list[Remark] = []
    names = {"test", "imsmanifest"}
    resources: list[tuple[str, str, str, list[str], list[str]]] = []  # identifier, type, path, labels, files it needs
    test = Element("assessmentTest", {"identifier": "test", "title": bundle.quiz.settings.title or "Kuis"})
    part = add(test, "testPart", identifier="part", navigationMode="nonlinear", submissionMode="simultaneous")
    for at, group in enumerate(bundle.quiz.groups, 1):
        section = Element("assessmentSection", {"identifier": f"group-{at}", "title": group.name or "-", "visible": "true"})
        if group.rules:
            remarks.append(
                Remark(item=group.name or said("Kelompok"), reason=said("QTI tidak mengambil soal menurut tag, kompetensi, atau tingkat."))
            )
        elif group.draw:
            add(section, "selection", select=str(group.draw))
        if group.intro:
            box = add(section, "rubricBlock", view="candidate", **({"use": "instructions"} if version == "3.0" else {}))
            put(add(box, "contentBody") if version == "3.0" else box, group.intro, version=version)
        for question in group.questions:
            writer = ItemWriter(question, version)
            try:
                item = writer.element()
            except CannotHold as reason:
                remarks.append(Remark(item=label(question), reason=reason.args[0], whole=True))
                continue
            remarks += [Remark(item=label(question), reason=reason) for reason in writer.lost]
            name = item.attrib["identifier"] = unused(item.attrib["identifier"], names)
            path = f"{name}.xml"
            files[path] = document(item, version)
            pictures = [one for one in _PICTURE.findall(files[path].decode()) if one in bundle.files]
            resources.append((name, ITEMS[version], path, tags_of(question), pictures))
            add(section, "assessmentItemRef", identifier=name, href=path)
        if len(section):
            part.append(section)
    if resources:
        files[TEST] = document(test, version)
        resources.insert(0, ("test", TESTS[version], TEST, [], [path for _n, _t, path, _l, _f in resources]))
    files["imsmanifest.xml"] = _manifest(resources, version)
    return write_archive({**bundle.files, **files}), remarks


def document(root: Element, version: Version) -> bytes:
    """The file of an item or of a test."""
    if version == "3.0":
        in_new_names(root)
    root.attrib = {"xmlns": NAMESPACES[version], "xmlns:m": MATHML, **root.attrib}
    return as_bytes(root)


def _manifest(resources: list[tuple[str, str, str, list[str], list[str]]], version: Version) -> bytes:
    root = Element("manifest", {"xmlns": PACKAGES[version], "identifier": "elearn-quiz"})
    meta = add(root, "metadata")
    add(meta, "schema", "QTIv2.1 Package" if version == "2.1" else "QTI Package")
    add(meta, "schemaversion", "1.0.0" if version == "2.1" else "3.0.0")
    add(root, "organizations")
    listed = add(root, "resources")
    for name, kind, path, labels, needs in resources:
        entry = add(listed, "resource", identifier=identifier(f"res-{name}"), type=kind, href=path)
        if labels:
            general = add(add(add(entry, "metadata"), "lom", xmlns=LOM), "general")
            for one in labels:
                add(add(general, "keyword"), "string", one, language="id")
        add(entry, "file", href=path)
        for file in dict.fromkeys(needs):
            if kind in TESTS.values():
                add(entry, "dependency", identifierref=identifier(f"res-{file.removesuffix('.xml')}"))
            else:
                add(entry, "file", href=file)
    indent(root)
    return as_bytes(root)
