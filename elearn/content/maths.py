"""Formulas: TeX between dollar signs becomes MathML on the server, so that a phone loads no script for them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

from latex2mathml.converter import convert
from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

from elearn.content.policy import MATHML

LONGEST = 2_000
INLINE = r"(?<![\\$\w])\$(?![\s$])((?:\\.|[^\\$\n]){1,500}?)(?<![\s\\])\$(?![\d$])"
DISPLAY = r"(?<![\\$])\$\$((?:\\.|[^\\$]){1,2000}?)\$\$(?!\$)"
PAREN = r"\\\(((?:\\[^()]|[^\\]){1,500}?)\\\)"
BRACKET = r"\\\[((?:\\[^\[\]]|[^\\]){1,2000}?)\\\]"
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
UNKNOWN = re.compile(r"\\[A-Za-z]+")
Report = Callable[[str], None]


class BadFormula(Exception):
    """latex2mathml cannot read it; the message names the command or the reason."""


def mathml(tex: str, *, display: bool) -> str:
    """The formula as MathML, with the TeX as its alternative text. Raises ``BadFormula``."""
    if len(tex) > LONGEST or r"\def" in tex or r"\newcommand" in tex:
        raise BadFormula(r"\def")
    try:
        drawn = convert(_fixed(tex), display="block" if display else "inline")
        root = ElementTree.fromstring(drawn)
    except (RecursionError, MemoryError):
        raise
    except Exception as error:  # the library raises whatever its parser met
        raise BadFormula(str(error)[:80]) from error
    for element in root.iter():
        element.tag = element.tag.removeprefix(NAMESPACE)
        if element.tag not in MATHML:
            raise BadFormula(element.tag)
        for name in list(element.attrib):
            if name not in MATHML[element.tag]:
                del element.attrib[name]
        if element.text:
            element.text = re.sub(r"\\([%_&#$])", r"\1", element.text)
            unknown = UNKNOWN.search(element.text)
            if unknown:
                raise BadFormula(unknown[0])
    root.set("alttext", tex.strip())
    return ElementTree.tostring(root, encoding="unicode")


def _fixed(tex: str) -> str:
    """What latex2mathml draws wrongly under its usual names."""
    return re.sub(r"\\(begin|end)\{(aligned|gathered)\}", r"\\\1{align*}", tex.strip())


class _Formula(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, *, display: bool, keep: Callable[[str], str], report: Report) -> None:
        super().__init__(pattern, md)
        self.display, self.keep, self.report = display, keep, report

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]
        try:
            return self.keep(mathml(m[1], display=self.display)), m.start(0), m.end(0)
        except BadFormula as error:
            self.report(str(error))
            code = ElementTree.Element("code")
            code.text = m[1]
            return code, m.start(0), m.end(0)


class Maths(Extension):
    """``keep(mathml)`` puts a formula aside and answers the token that stands for it; ``report(reason)`` hears of bad ones."""

    def __init__(self, keep: Callable[[str], str], report: Report) -> None:
        super().__init__()
        self.keep, self.report = keep, report

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the four ways of writing a formula, behind code and before escapes."""
        for number, (pattern, display) in enumerate(((DISPLAY, True), (INLINE, False), (BRACKET, True), (PAREN, False))):
            processor = _Formula(pattern, md, display=display, keep=self.keep, report=self.report)
            md.inlinePatterns.register(processor, f"maths-{number}", 188 - number)
