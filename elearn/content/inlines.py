"""What the profile adds within a line: addresses as they are typed, and labels with code in them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor, ReferenceInlineProcessor, ShortReferenceInlineProcessor
from markdown.util import INLINE_PLACEHOLDER_RE, AtomicString

BARE_ADDRESS = r"(?<![\w/=])(https?://[^\s<>\"'`]{2,2000})"


class _CodeInLabel:
    """Finds the definition of a label with code in it: the code was put aside before anybody asked."""

    def evalId(self, data: str, index: int, text: str) -> tuple[str | None, int, bool]:
        label, end, handled = super().evalId(data, index, text)  # type: ignore[misc]
        stashed = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]

        def written(match: re.Match[str]) -> str:
            node = stashed.get(match[1])
            return f"`{unescape(node.text)}`".lower() if isinstance(node, Element) and node.tag == "code" and node.text else match[0]

        return (INLINE_PLACEHOLDER_RE.sub(written, label) if label else label), end, handled


class Reference(_CodeInLabel, ReferenceInlineProcessor):
    """[text][label]"""


class ShortReference(_CodeInLabel, ShortReferenceInlineProcessor):
    """[label]"""


class BareAddress(InlineProcessor):
    """An address as it is typed becomes a link; the full stop behind it does not."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]
        address = m[1].rstrip(".,;:!?*_~'\"")
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(".,;:!?")
        link = Element("a", {"href": address})
        link.text = AtomicString(address)
        return link, m.start(1), m.start(1) + len(address)
