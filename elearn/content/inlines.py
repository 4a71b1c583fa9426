"""What the profile adds within a line: addresses as they are typed, and labels with code in them."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown.inlinepatterns import InlineProcessor, ReferenceInlineProcessor, ShortReferenceInlineProcessor
from markdown.util import INLINE_PLACEHOLDER_RE, AtomicString

BARE_ADDRESS = r"(?<![\w/=])(https?://[^\s<>\"'`“”„‘’«»]{2,2000})"
PIECE = re.compile(rf"{INLINE_PLACEHOLDER_RE.pattern}|.", re.DOTALL)
ESCAPED = re.compile("\x02(\\d{1,7})\x03")


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
        pieces = self._pieces(m[1])
        while pieces:
            text = "".join(shown for shown, _ in pieces)
            if text[-1] not in ".,;:!?*_~" and (text[-1] != ")" or text.count(")") <= text.count("(")):
                break
            pieces.pop()
        else:
            return None, None, None
        link = Element("a", {"href": text})
        link.text = AtomicString(text)
        return link, m.start(1), m.start(1) + sum(length for _, length in pieces)

    def _pieces(self, raw: str) -> list[tuple[str, int]]:
        """The characters of the address, each with how long it stands in the text: an escaped one is put aside already ("\\_"), and
        whatever else is (code, HTML, a footnote) ends the address."""
        stashed = self.md.treeprocessors["inline"].stashed_nodes  # type: ignore[attr-defined]
        pieces: list[tuple[str, int]] = []
        for match in PIECE.finditer(raw):
            shown = match[0]
            if match[1]:
                node = stashed.get(match[1])
                escaped = ESCAPED.fullmatch(node) if isinstance(node, str) else None
                if escaped is None:
                    break
                shown = chr(int(escaped[1]))
            elif shown in "\x02\x03" or "\ue000" <= shown <= "\ue003":
                break
            pieces.append((shown, len(match[0])))
        return pieces
