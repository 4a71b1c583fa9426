"""Fenced code wherever CommonMark allows it: in lists, in quotes, straight after a paragraph.

Python-Markdown looks for fences at the margin alone. Here a first pass puts every fence aside before anything else reads the
text, and leaves one token line in the same container.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

OPEN = re.compile(
    r"^(?P<lead>(?:[ ]*(?:>[ ]?|(?:[-*+]|\d{1,9}[.)])(?=[ ])))*)(?P<indent>[ ]*)(?P<fence>`{3,}(?=[^`]*$)|~{3,})[ ]*(?P<info>.*)$"
)
LONGEST_HIGHLIGHT = 20_000
Keep = Callable[[str], str]


def code_block(text: str, info: str) -> str:
    """Code as HTML, coloured with classes where the language is known."""
    language = re.split(r"[\s,{:]", info.strip().strip("{}."), maxsplit=1)[0].lower()
    if language and len(text) <= LONGEST_HIGHLIGHT:
        try:
            lexer = get_lexer_by_name(language, stripnl=False)
        except ClassNotFound:
            pass
        else:
            inner = highlight(text, lexer, HtmlFormatter(nowrap=True, classprefix="hl-"))
            return f'<pre class="code"><code>{inner}</code></pre>'
    return f"<pre><code>{escape(text, quote=False)}\n</code></pre>"


class _Fences(Preprocessor):
    def __init__(self, md: Markdown, keep: Keep) -> None:
        super().__init__(md)
        self.keep = keep

    def run(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        at = 0
        while at < len(lines):
            match = OPEN.match(lines[at])
            if match is None or self._is_indented_code(match, out):
                out.append(lines[at])
                at += 1
                continue
            at = self._take(lines, at, match, out)
        return out

    @staticmethod
    def _is_indented_code(match: re.Match[str], before: list[str]) -> bool:
        """Four spaces at the margin are indented code, but within a list they are the item's."""
        if match["lead"] or len(match["indent"]) < 4:
            return False
        for line in reversed(before[-60:]):
            if line.strip():
                if re.match(r"[ ]{0,3}(?:[-*+]|\d{1,9}[.)])[ ]", line):
                    return False
                if not line.startswith("  "):
                    return True
        return True

    def _take(self, lines: list[str], start: int, match: re.Match[str], out: list[str]) -> int:
        lead, fence = match["lead"], match["fence"]
        quotes = lead.count(">")
        inside = len(lead) + len(match["indent"])  # how far the content is indented, markers counted as spaces
        close = re.compile(rf"[ ]*{re.escape(fence[0])}{{{len(fence)},}}[ ]*$")
        content: list[str] = []
        at = start + 1
        while at < len(lines):
            line = _without_quotes(lines[at], quotes)
            if line is None:
                break
            if close.match(line):
                at += 1
                break
            if quotes == 0 and lead.strip() and line.strip() and not line.startswith(" "):
                break  # the list item ended, and the fence with it
            content.append(_dedent(line, inside if quotes == 0 else len(match["indent"])))
            at += 1
        token = self.keep(code_block("\n".join(content), match["info"]))
        if out and out[-1].strip() and not lead.strip() and not match["indent"]:
            out.append("")
        out.append(f"{lead}{match['indent']}{token}")
        if at < len(lines) and lines[at].strip() and not lead.strip() and not match["indent"]:
            out.append("")
        return at


def _without_quotes(line: str, quotes: int) -> str | None:
    for _ in range(quotes):
        match = re.match(r"[ ]{0,3}>[ ]?", line)
        if match is None:
            return None
        line = line[match.end() :]
    return line


def _dedent(line: str, most: int) -> str:
    return line[min(most, len(line) - len(line.lstrip(" "))) :]


class Fences(Extension):
    """``keep(html)`` puts a code block aside and answers the token that stands for it."""

    def __init__(self, keep: Keep) -> None:
        super().__init__()
        self.keep = keep

    def extendMarkdown(self, md: Markdown) -> None:
        """Before raw HTML is looked for, for code may show HTML."""
        md.preprocessors.register(_Fences(md, self.keep), "fences", 28)
