"""The dictionary as CASE JSON (1EdTech Competencies and Academic Standards Exchange 1.0, a CFPackage), out and in.

A competency is a CFItem whose children, by "isChildOf" in their sequence, are its five levels. What CASE has no field for (the group)
travels as CFItemType. Identifiers are UUIDs made from the codes, so that the same competency has the same one everywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from elearn import Refused

from .framework import GROUPS, LEVELS, Competency

MOST_BYTES = 5_000_000


def _uri(base: str, kind: str, key: str) -> dict[str, str]:
    identifier = str(uuid5(NAMESPACE_URL, f"{base}/{kind}/{key}"))
    return {"identifier": identifier, "uri": f"{base}/ims/case/v1p0/{kind}/{identifier}"}


def package(competencies: Iterable[Competency], *, base: str, title: str, creator: str, at: datetime) -> str:
    """A CFPackage with all competencies. ``base`` is the site's address."""
    stamp = at.isoformat(timespec="seconds")
    document = _uri(base, "CFDocuments", "framework")
    items: list[dict[str, Any]] = []
    links: list[dict[str, Any]] = []

    def link(child: dict[str, Any], parent: dict[str, Any], number: int) -> None:
        links.append(
            _uri(base, "CFAssociations", f"{child['identifier']}>{parent['identifier']}")
            | {
                "associationType": "isChildOf",
                "sequenceNumber": number,
                "originNodeURI": {"title": child.get("fullStatement", ""), "identifier": child["identifier"], "uri": child["uri"]},
                "destinationNodeURI": {
                    "title": parent.get("fullStatement", title),
                    "identifier": parent["identifier"],
                    "uri": parent["uri"],
                },
                "lastChangeDateTime": stamp,
            }
        )

    for place, competency in enumerate(competencies, start=1):
        item = _uri(base, "CFItems", competency.code) | {
            "fullStatement": competency.name,
            "humanCodingScheme": competency.code,
            "CFItemType": competency.group,
            "notes": competency.source,
            "lastChangeDateTime": stamp,
        }
        items.append(item)
        link(item, document, place)
        for number, text in enumerate(competency.levels, start=1):
            level = _uri(base, "CFItems", f"{competency.code}#{number}") | {
                "fullStatement": text or f"{competency.name} {number}",
                "humanCodingScheme": f"{competency.code}-{number}",
                "CFItemType": "level",
                "lastChangeDateTime": stamp,
            }
            items.append(level)
            link(level, item, number)
    head = document | {"creator": creator, "title": title, "lastChangeDateTime": stamp, "adoptionStatus": "Implemented", "language": "id"}
    whole: dict[str, Any] = head | {"CFPackageURI": _uri(base, "CFPackages", "framework") | {"title": title}}
    return json.dumps({"CFDocument": whole, "CFItems": items, "CFAssociations": links}, ensure_ascii=False, indent=2)


def competencies(text: str) -> tuple[list[Competency], list[str]]:
    """The competencies of a CFPackage, and the codes of items that could not become one (they have no five children). Raises
    ``Refused`` for what is no CASE package."""
    if len(text.encode()) > MOST_BYTES:
        raise Refused("case_size", "Berkas CASE paling besar 5 MB.")
    try:
        data = json.loads(text)
        items = {item["identifier"]: item for item in data["CFItems"]}
        links = [each for each in data.get("CFAssociations", []) if each.get("associationType") == "isChildOf"]
        children: dict[str, list[tuple[int, dict[str, Any]]]] = {}
        inner = set()
        for each in links:
            child, parent = each["originNodeURI"]["identifier"], each["destinationNodeURI"]["identifier"]
            if child in items and parent in items:
                children.setdefault(parent, []).append((int(each.get("sequenceNumber") or 0), items[child]))
                inner.add(child)
        title = str(data.get("CFDocument", {}).get("title", "CASE"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refused("case", "Berkas ini bukan paket CASE (CFPackage) yang benar.") from error
    found, left = [], []
    for identifier, item in items.items():
        if identifier in inner and identifier not in children:
            continue
        code = str(item.get("humanCodingScheme") or identifier).casefold().replace(" ", "-")[:80]
        levels = [str(level["fullStatement"]) for _, level in sorted(children.get(identifier, []), key=lambda pair: pair[0])]
        if len(levels) != LEVELS:
            left.append(code)
            continue
        group = item.get("CFItemType") if item.get("CFItemType") in GROUPS else "technical"
        found.append(
            Competency(
                code=code, name=str(item["fullStatement"])[:200], group=str(group), levels=tuple(levels), source=title[:300], own=True
            )
        )
    return found, left
