"""Small helps for building QTI's elements."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, fromstring

from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.qti.names import HTML, Version
from elearn_quizzes.exchange.xml import fit

_UNFIT = re.compile(r"[^A-Za-z0-9_.-]")
_INSTEAD = {
    "del": "span",
    "s": "span",
    "u": "span",
    "mark": "span",
    "section": "div",
    "figure": "div",
    "figcaption": "div",
    "details": "div",
    "summary": "p",
    "ins": "span",
    "input": "span",
}
_INLINE = frozenset("a abbr b big br cite code dfn em i img kbd q samp small span strong sub sup tt var math".split())
_KEPT = {
    "a": ("href",),
    "img": ("src", "alt", "width", "height"),
    "td": ("colspan", "rowspan"),
    "th": ("colspan", "rowspan"),
    "ol": (),
    "span": ("class",),
}


def identifier(text: str) -> str:
    """An identifier as QTI has it: a letter or "_" first."""
    name = _UNFIT.sub("-", text) or "x"
    return name if name[0].isalpha() or name[0] == "_" else f"_{name}"


def unused(name: str, seen: set[str]) -> str:
    """The name, with a number behind it where it is taken in ``seen`` (which it joins); capitals do not tell two apart."""
    found, at = name, 1
    while found.casefold() in seen:
        at += 1
        found = f"{name}-{at}"
    seen.add(found.casefold())
    return found


def number(value: float) -> str:
    """A number as QTI has it."""
    return repr(round(value, 9)).removesuffix(".0") if abs(value) < 1e15 else repr(value)


def add(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """A child with its attributes and its text."""
    element = SubElement(parent, tag, attributes)
    if text:
        element.text = text
    return element


def put_html(parent: Element, html: str, *, version: Version) -> None:
    """The HTML below ``parent``, of what QTI allows: other elements become plain ones, attributes that say how it looks go."""
    wrapper = fromstring(fit(f"<div>{html}</div>"))
    _plain(wrapper, version)
    parent.text = (parent.text or "") + (wrapper.text or "")
    parent.extend(list(wrapper))


def put(parent: Element, markdown: str, *, version: Version, inline: bool = False) -> None:
    """A text below ``parent``; ``inline``: without the paragraph round a single line."""
    html = rich.to_html(markdown).replace("&nbsp;", "\u00a0")
    if inline and html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    put_html(parent, html, version=version)


def _plain(root: Element, version: Version) -> None:
    for parent in root.iter():
        if parent.tag == "math":
            continue
        for child in parent:
            if child.tag == "input":  # the box of a task list
                child.text = "☑" if "checked" in child.attrib else "☐"
                child.tail = f" {(child.tail or '').lstrip()}"
            child.tag = _INSTEAD.get(child.tag, child.tag)
            if child.tag == "math":
                _mathml(child)
            elif child.tag in HTML:
                kept = _KEPT.get(child.tag, ())
                child.attrib = {name: value for name, value in child.attrib.items() if name in kept and value}


def _mathml(root: Element) -> None:
    """Formulas in their own namespace, with the prefix that ``document`` declares."""
    for element in root.iter():
        element.tag = f"m:{element.tag}"
        for name in ("alttext",):
            if name in element.attrib:
                element.attrib[name] = element.attrib[name]


def blocks_only(parent: Element) -> None:
    """Bare words and inline elements at the top of a body go into a paragraph: QTI allows only blocks there."""
    children = list(parent)
    text = parent.text or ""
    for child in children:
        parent.remove(child)
    parent.text = None
    paragraph: Element | None = None
    if text.strip():
        paragraph = add(parent, "p", text.strip())
    for child in children:
        tail, child.tail = child.tail or "", None
        inline = child.tag in _INLINE or child.tag in ("m:math", "textEntryInteraction", "inlineChoiceInteraction")
        if inline:
            paragraph = paragraph if paragraph is not None else add(parent, "p")
            paragraph.append(child)
            child.tail = tail
            continue
        paragraph = None
        parent.append(child)
        if tail.strip():
            paragraph = add(parent, "p", tail.strip())
