"""Texts of questions between Markdown and what other systems hold: HTML, or plain words."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from elearn import draw_markdown
from elearn_quizzes.keywords import keyword

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#x[\da-fA-F]+|[a-zA-Z]\w*);")
_MARKUP = re.compile(r"[*_`\\$<>\[\]{}|~#&]|^\s*(?:[-+]|\d+[.)])\s|\n", re.MULTILINE)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SPECIAL = re.compile(
    r"\\(?=[!-/:-@\[-`{-~\n])|<(?=[a-zA-Z/!?])|&(?=#?\w+;)|`|\](?=[(\[:])|\*(?=\S)|(?<=\S)\*|(?<![^\W_])_|_(?![^\W_])|\$(?=\S)|~(?=~)|\{(?=[\{:#])"
)
_FIRST = re.compile(r"^(\s*)([#>]|[-+](?=\s|$)|=+\s*$|-{2,}\s*$|[-•]\s*[(\[]|[(\[]\s*[xX ]?[)\]]|~{3}|\|)", re.MULTILINE)
_HERE = "/media/"
_NUMBERED = re.compile(r"^(\s*(?:\d{1,9}|[A-Ja-j]))([.)])(?=\s|$)", re.MULTILINE)


def is_plain(markdown: str) -> bool:
    """Whether a text is words on one line, the same in Markdown as in any other form."""
    return not _MARKUP.search(markdown)


def to_plain(markdown: str) -> str | None:
    """The words of a text that has nothing but words and escaped signs; None where marks would be lost."""
    without = _ESCAPED.sub("", markdown)
    return _ESCAPED.sub(r"\1", markdown) if is_plain(without) else None


def from_plain(text: str) -> str:
    """Words as Markdown that shows them as they are: no sign in them becomes a mark, no line an option or a keyword."""
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").strip().split("\n")]
    return "\n".join(_line(line) for line in lines)


def _line(text: str) -> str:
    return guarded(escaped(text))


def escaped(text: str) -> str:
    """Words in which no sign is a mark. A double bracket would be a gap, and behind a backslash a formula: its first is an entity."""
    return _SPECIAL.sub(r"\\\g<0>", text).replace("[[", "&#91;[")


def guarded(line: str) -> str:
    """A line of Markdown that begins nothing of the syntax of questions."""
    line = _FIRST.sub(r"\1\\\2", line)
    line = _NUMBERED.sub(r"\1\\\2", line)
    return line.replace(":", "\\:", 1) if keyword(line) else line


def to_html(markdown: str) -> str:
    """The text as well-formed XHTML, relative pictures and links as they were written; formulas are MathML with the TeX in ``alttext``."""
    from bs4 import BeautifulSoup  # with markdownify, slow to load and only needed here

    html = draw_markdown(markdown, resolve=lambda kind, target: _HERE + target if kind == "image" else None)
    soup = BeautifulSoup(html, "html.parser")
    for picture in soup.find_all("img"):
        picture["src"] = str(picture.get("src") or "").removeprefix(_HERE)
    for element in soup.find_all(["img", "div"]):
        for name in ("loading", "decoding", "tabindex", "role", "aria-label"):
            element.attrs.pop(name, None)
    return str(soup)


def looks_like_html(text: str) -> bool:
    """Whether a text holds tags or entities."""
    return bool(_TAG.search(text))


def to_markdown(html: str) -> str:
    """HTML as Markdown of elearn's profile, its words kept as they are. Formulas, tables, lists, code and pictures stay."""
    if not looks_like_html(html):
        return from_plain(unescape(html))
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(html, "html.parser")
    for element in soup.find_all("math"):
        tex = _tex_of(element)
        if tex:
            kind = "$$" if element.get("display") == "block" else "$"
            element.replace_with(soup.new_tag("tex", attrs={"v": f"{kind}{tex}{kind}"}))
    for element in soup.find_all(["script", "style", "annotation"]):
        element.decompose()
    return tidied(_writer().convert_soup(soup))


def _tex_of(element: Any) -> str:
    note = element.find("annotation", attrs={"encoding": re.compile("tex", re.IGNORECASE)})
    return str(element.get("alttext") or (note.get_text() if note else "")).strip()


def tidied(text: str) -> str:
    """Markdown without blank ends, and never two blank lines in a row."""
    text = "\n".join(line.rstrip() for line in text.replace("\xa0", " ").strip("\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _writer() -> Any:
    from markdownify import ATX, MarkdownConverter

    class Writer(MarkdownConverter):
        """Marks become Markdown, words are guarded."""

        def escape(self, text: str, parent_tags: Any) -> str:
            text = escaped(text)
            return text.replace("|", "\\|") if {"td", "th"} & set(parent_tags) else text

        def convert_p(self, el: Any, text: str, parent_tags: Any) -> str:
            if "_inline" in parent_tags:
                return " " + text.strip() + " "
            text = "\n".join(guarded(line) for line in text.strip().split("\n"))
            return f"\n\n{text}\n\n" if text else ""

        def convert_hN(self, n: int, el: Any, text: str, parent_tags: Any) -> str:
            return f"\n\n**{text.strip()}**\n\n" if text.strip() else ""

        def convert_hr(self, el: Any, text: str, parent_tags: Any) -> str:
            return "\n\n***\n\n"

        def convert_tex(self, el: Any, text: str, parent_tags: Any) -> str:
            return str(el["v"])

        def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
            source = str(el.get("src") or "")
            alt = " ".join(str(el.get("alt") or source.rpartition("/")[2].partition(".")[0]).split())
            return f"![{alt.replace('[', '(').replace(']', ')')}]({source.replace(' ', '%20')})"

        def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
            href = str(el.get("href") or "")
            return super().convert_a(el, text, parent_tags) if href.startswith(("https://", "http://", "mailto:")) else text  # type: ignore[misc]

        def convert__document_(self, el: Any, text: str, parent_tags: Any) -> str:
            return text

    return Writer(heading_style=ATX, bullets="-", newline_style="backslash", sub_symbol="<sub>", sup_symbol="<sup>")
