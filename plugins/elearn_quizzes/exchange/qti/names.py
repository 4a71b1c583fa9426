"""The names of QTI: 2.x writes ``choiceInteraction responseIdentifier``, 3.0 ``qti-choice-interaction response-identifier``. Everything here
is read and written in the names of 2.x; these functions go between."""

from __future__ import annotations

import re
from typing import Literal
from xml.etree.ElementTree import Element

Version = Literal["2.1", "3.0"]
NAMESPACES = {"2.1": "http://www.imsglobal.org/xsd/imsqti_v2p1", "3.0": "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"}
PACKAGES = {"2.1": "http://www.imsglobal.org/xsd/imscp_v1p1", "3.0": "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"}
ITEMS = {"2.1": "imsqti_item_xmlv2p1", "3.0": "imsqti_item_xmlv3p0"}
TESTS = {"2.1": "imsqti_test_xmlv2p1", "3.0": "imsqti_test_xmlv3p0"}
MATHML = "http://www.w3.org/1998/Math/MathML"
_CAPITAL = re.compile(r"(?<=[a-z0-9])([A-Z])")
_DASH = re.compile(r"-([a-z0-9])")
# What has no capital in 2.x and is QTI's all the same, not HTML's.
PLAIN = frozenset("prompt value mapping match variable correct equal and or not sum multiple ordering selection gap rubric".split())
HTML = frozenset(
    "a abbr address b big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre q samp small span "
    "strong sub sup table tbody td tfoot th thead tr tt ul var".split()
)


def kebab(name: str) -> str:
    """ "responseIdentifier" as "response-identifier"."""
    return _CAPITAL.sub(lambda match: "-" + match[1].lower(), name)


def camel(name: str) -> str:
    """ "response-identifier" as "responseIdentifier"."""
    return _DASH.sub(lambda match: match[1].upper(), name)


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def in_old_names(root: Element) -> None:
    """Give a tree of any version the names of 2.x, without namespaces, in place."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            element.tag = "comment"
            element.text = ""
            continue
        name = local(element.tag)
        element.tag = camel(name.removeprefix("qti-")) if name.startswith("qti-") else name
        ours = name.startswith("qti-")
        for key in list(element.attrib):
            value = element.attrib.pop(key)
            element.attrib[camel(local(key)) if ours and not key.startswith("data-") else local(key)] = value


def in_new_names(root: Element) -> None:
    """Give a tree in the names of 2.x those of 3.0, in place."""
    for element in root.iter():
        if element.tag in HTML or element.tag.startswith("m:"):
            continue
        element.tag = "qti-" + kebab(element.tag)
        for key in list(element.attrib):
            element.attrib[kebab(key)] = element.attrib.pop(key)
