"""Markdown to safe HTML. The one room that knows Python-Markdown; what it makes may be stored and shown as it is.

The text goes through Python-Markdown with elearn's own lists, quotes and fences, then through both sanitisers; code, formulas and
plugins' blocks stand aside as tokens of private-use characters meanwhile, which no author can write.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.inlinepatterns import REFERENCE_RE, SimpleTagInlineProcessor, SubstituteTagInlineProcessor
from markdown.treeprocessors import Treeprocessor

from elearn.content import accessible, lookalikes, policy, raw_html
from elearn.content.callouts import Callouts
from elearn.content.fences import Fences
from elearn.content.inlines import BARE_ADDRESS, BareAddress, Reference, ShortReference
from elearn.content.lists import Lists
from elearn.content.maths import Maths
from elearn.content.values import Heading
from elearn.errors import Problem

MAX_SIZE = 200_000
MOST_BRACKETS = 200
BLOCK_OPEN, BLOCK_CLOSE, ASIDE_OPEN, ASIDE_CLOSE = "\ue000", "\ue001", "\ue002", "\ue003"
PRIVATE = str.maketrans("", "", BLOCK_OPEN + BLOCK_CLOSE + ASIDE_OPEN + ASIDE_CLOSE)
BLOCK = re.compile(rf"<p>\s*{BLOCK_OPEN}(\d+){BLOCK_CLOSE}\s*</p>|{BLOCK_OPEN}(\d+){BLOCK_CLOSE}")
ASIDE = re.compile(rf"<p>\s*{ASIDE_OPEN}b(\d+){ASIDE_CLOSE}\s*</p>|{ASIDE_OPEN}[bi](\d+){ASIDE_CLOSE}")
TAG = re.compile(r"<[^>]+>")
DETAILS = re.compile(r"^[ ]{0,3}<details\b(?![^>]*\bmarkdown=)", re.IGNORECASE | re.MULTILINE)
TEMPLATE_CODE = re.compile(r"\{\{.{1,200}?\}\}|\{%.{1,200}?%\}")
CODE_SPANS = re.compile(r"^( {0,3})(`{3,}|~{3,}).*?^ {0,3}\2[`~]*[ ]*$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
OPEN_BRACKET = re.compile(r"\[(?!\^)(?![^\[\]\n]{0,300}\][(\[])")
DEFINITION = re.compile(r"^[ ]{0,3}\[[^\]\n]{1,300}\]:.*$", re.MULTILINE)
WIDTH = re.compile(r"^\{\s*:?\s*width\s*=\s*\"?(\d{1,3})%\"?\s*\}")
VIDEO = re.compile(r"https://(?:www\.youtube\.com/watch\?v=|youtu\.be/|vimeo\.com/)[\w=&?-]+|https://\S+\.mp4")
SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:")
PLAIN = re.compile(r"(?!\d+[.)]|.*  )[A-Za-z0-9À-ÖØ-öø-ÿ(][A-Za-z0-9À-ÖØ-öø-ÿ ,.;?%/()–—“”‘’…-]*(?<! )")
Resolve = Callable[[str, str], "str | None"]


@dataclass(frozen=True, kw_only=True)
class Prose:
    """A text as drawn: safe HTML, its headings, how many words are read, and every fault found on the way."""

    html: str
    headings: tuple[Heading, ...] = ()
    words: int = 0
    problems: tuple[Problem, ...] = ()


def block_token(number: int) -> str:
    """What stands in the text for a plugin's block."""
    return f"{BLOCK_OPEN}{number}{BLOCK_CLOSE}"


def without_tokens(text: str) -> str:
    """An author's text, which may hold none of the characters that tokens are made of."""
    return text.translate(PRIVATE)


def split_at_blocks(html: str) -> list[str | int]:
    """The HTML as a row of pieces: safe HTML, and the numbers of plugins' blocks between."""
    parts: list[str | int] = []
    at = 0
    for match in BLOCK.finditer(html):
        if html[at : match.start()].strip():
            parts.append(html[at : match.start()])
        parts.append(int(match[1] or match[2]))
        at = match.end()
    if html[at:].strip():
        parts.append(html[at:])
    return parts


def render(
    text: str,
    *,
    file: str = "",
    line: int = 1,
    resolve: Resolve | None = None,
    extensions: Sequence[Extension] = (),
    id_prefix: str = policy.ID_PREFIX,
) -> Prose:
    """Draw a whole text, whose first line is ``line`` of ``file``. ``resolve("link" | "image", target)`` answers the address behind a
    relative target, or None where there is nothing; without it relative targets are left off."""
    if len(text.encode()) > MAX_SIZE:
        size = {"most": MAX_SIZE // 1000, "size": len(text.encode()) // 1000}
        remedy = "Pecah menjadi beberapa pelajaran."
        return Prose(
            html="",
            problems=(
                Problem(
                    code="M01",
                    message="Teks {size} kB; paling banyak {most} kB.",
                    remedy=remedy,
                    file=file,
                    line=line,
                    column=1,
                    values=size,
                ),
            ),
        )
    work = _Work(text, file=file, line=line, resolve=resolve, id_prefix=id_prefix)
    html = work.draw(extensions)
    words = len(unescape(TAG.sub(" ", html)).split())
    return Prose(html=html, headings=tuple(work.headings), words=words, problems=tuple(work.problems))


def fragment(
    text: str,
    *,
    inline: bool = False,
    file: str = "",
    line: int = 1,
    resolve: Resolve | None = None,
    extensions: Sequence[Extension] = (),
) -> Prose:
    """Draw a piece of a plugin's block; ``inline`` leaves off the paragraph around a single one."""
    if not extensions and PLAIN.fullmatch(text):  # most answers are a few words, and Markdown takes a while to begin
        return Prose(html=text if inline else f"<p>{text}</p>", words=len(text.split()))
    drawn = render(without_tokens(text), file=file, line=line, resolve=resolve, extensions=extensions)
    html = drawn.html.strip()
    if inline and html.startswith("<p>") and html.endswith("</p>") and html.count("<p>") == 1:
        html = html[3:-4]
    return Prose(html=html, words=drawn.words, problems=tuple(one for one in drawn.problems if one.code != "A03"))


@dataclass
class _Work:
    """One text on its way."""

    text: str
    file: str
    line: int
    resolve: Resolve | None
    id_prefix: str
    headings: list[Heading] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)

    def draw(self, extensions: Sequence[Extension]) -> str:
        source = self.text.translate({ord(ASIDE_OPEN): None, ord(ASIDE_CLOSE): None, 0: None, 2: None, 3: None})
        self._look_for_template_code(source)
        if any(_brackets(paragraph) > MOST_BRACKETS for paragraph in source.split("\n\n")):
            self.report(
                "M07", "Lebih dari {most} kurung siku dalam satu paragraf.", "Pecah paragrafnya.", near="[", most=str(MOST_BRACKETS)
            )
            return ""
        md = Markdown(
            extensions=[
                "markdown.extensions.tables",
                FootnoteExtension(BACKLINK_TITLE="Kembali ke rujukan %d"),
                "markdown.extensions.def_list",
                "markdown.extensions.md_in_html",
                Fences(lambda html: self._keep(html, "b")),
                Lists(),
                Callouts(),
                Maths(lambda html: self._keep(html, "i"), self._bad_formula),
                _House(self),
                *extensions,
            ],
            tab_length=4,
            output_format="html",
        )
        drawn = md.convert(DETAILS.sub(lambda match: match[0] + ' markdown="1"', source))
        for code, near, values in raw_html.faults(md.htmlStash.rawHtmlBlocks):
            self._raw(code, near, **values)
        return ASIDE.sub(lambda match: self.aside[int(match[1] or match[2])], policy.clean(drawn))

    def _keep(self, html: str, kind: str) -> str:
        """Put safe HTML aside (``kind``: "b" for a block, "i" within a line); answers the token that stands for it."""
        self.aside.append(policy.clean(html) if kind == "b" else html)
        return f"{ASIDE_OPEN}{kind}{len(self.aside) - 1}{ASIDE_CLOSE}"

    # -- faults --------------------------------------------------------------------------------------------------------

    def report(self, code: str, message: str, remedy: str, *, near: str = "", severity: str = "error", **values: str) -> None:
        """Note a fault at the first line that holds ``near``."""
        before = self.text.partition(near)[0] if near and near in self.text else ""
        line, column = self.line + before.count("\n"), len(before) - before.rfind("\n") if before else 1
        self.problems.append(
            Problem(code=code, message=message, remedy=remedy, file=self.file, line=line, column=column, severity=severity, values=values)  # type: ignore[arg-type]
        )

    def _raw(self, code: str, near: str, **values: str) -> None:
        severity = "warning" if code == "M12" else "error"
        self.report(code, raw_html.FAULTS[code], raw_html.REMEDIES[code], near=near, severity=severity, **values)

    def written(self, pattern: str) -> str:
        """What the author wrote that looks so; "" where nothing does."""
        match = re.search(pattern, self.text)
        return match[0] if match else ""

    def keeps_out(self, fault: accessible.Fault | None, *, near: str) -> None:
        """Note what keeps some readers out or shows otherwise than it was meant, if there is anything."""
        if fault:
            code, message, remedy, values = fault
            self.report(code, message, remedy, near=near, severity="warning", **values)

    def _bad_formula(self, reason: str) -> None:
        self.report(
            "W21",
            "Rumus ini tidak dapat digambar seluruhnya: {reason}",
            "Periksa perintahnya.",
            near=reason,
            severity="warning",
            reason=reason,
        )

    def _look_for_template_code(self, source: str) -> None:
        match = TEMPLATE_CODE.search(CODE_SPANS.sub("", source)) if "{{" in source or "{%" in source else None
        if match:
            remedy = "Hapus, atau tulis di antara tanda `…`."
            self.report("W20", "Kode templat “{shown}” tampil apa adanya.", remedy, near=match[0], severity="warning", shown=match[0][:40])

    # -- links and pictures --------------------------------------------------------------------------------------------

    def link(self, target: str) -> str | None:
        """The address a link leads to; None leaves the link off."""
        target = target.strip()
        if raw_html.acts(target):
            self._raw("M11", target, target=target[:80])
            return None
        if SCHEME.match(target):
            return target if target.partition(":")[0].lower() in policy.SCHEMES else None
        if target.startswith("#"):
            return f"#{self.id_prefix}{target[1:]}"
        if target.startswith("/"):
            self.report(
                "M02",
                "Tautan “{target}” dimulai dengan garis miring.",
                "Tulis nama berkasnya, misalnya ../02-modul/01-pelajaran.md.",
                near=target,
                target=target[:80],
            )
            return None
        found = self.resolve("link", target) if self.resolve else None
        if found is None and self.resolve:
            self.report(
                "M03", "Tautan “{target}” tidak menuju pelajaran mana pun.", "Periksa nama berkasnya.", near=target, target=target[:80]
            )
        return found

    def picture(self, target: str) -> str | None:
        """The address of a picture; None leaves it off."""
        target = target.strip()
        if SCHEME.match(target) or target.startswith("//"):
            self.report(
                "M04", "Gambar “{target}” diambil dari situs lain.", "Simpan gambarnya di folder media/.", near=target, target=target[:80]
            )
            return None
        found = self.resolve("image", target) if self.resolve else None
        if found is None and self.resolve:
            self.report(
                "M05",
                "Gambar “{target}” tidak ada atau tidak dapat dipakai.",
                "Periksa nama dan folder berkasnya.",
                near=target,
                target=target[:80],
            )
        return found


def _brackets(paragraph: str) -> int:
    """The brackets that open no link, footnote or definition: Python-Markdown's time for them is quadratic."""
    return len(OPEN_BRACKET.findall(DEFINITION.sub("", paragraph)))


class _House(Extension):
    """The rest of the profile: escapes, hard breaks, strikethrough, bare addresses, and the tree put in order."""

    def __init__(self, work: _Work) -> None:
        super().__init__()
        self.work = work

    def extendMarkdown(self, md: Markdown) -> None:
        """Register all of it."""
        md.ESCAPED_CHARS = list(string.punctuation)
        md.inlinePatterns.register(SubstituteTagInlineProcessor(r"\\\n", "br"), "backslash-break", 181)
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(~~)(?=\S)((?:[^~]|~(?!~)){1,2000}?)(?<=\S)~~", "del"), "strike", 65)
        md.inlinePatterns.register(BareAddress(BARE_ADDRESS, md), "bare-address", 85)
        md.inlinePatterns.register(Reference(REFERENCE_RE, md), "reference", 170)
        md.inlinePatterns.register(ShortReference(REFERENCE_RE, md), "short_reference", 130)
        md.treeprocessors.register(_Tidy(md, self.work), "tidy", 5)


class _Tidy(Treeprocessor):
    """Headings with ids, tables in boxes that scroll, links and pictures resolved."""

    def __init__(self, md: Markdown, work: _Work) -> None:
        super().__init__(md)
        self.work = work
        self.ids: dict[str, int] = {}
        self.level = 1

    def run(self, root: Element) -> None:
        shift = 1 if root.find(".//h1") is not None else 0
        for parent in list(root.iter()):
            for child in list(parent):
                self._child(parent, child, shift, outermost=parent is root)

    def _child(self, parent: Element, child: Element, shift: int, *, outermost: bool) -> None:
        if re.fullmatch(r"h[1-6]", child.tag or "" if isinstance(child.tag, str) else ""):
            self._heading(child, shift, outermost=outermost)
        elif child.tag == "table":
            box = Element("div", {"class": "table", "role": "region", "tabindex": "0", "aria-label": "Tabel"})
            parent[list(parent).index(child)] = box
            box.tail, child.tail = child.tail, None
            box.append(child)
            self.work.keeps_out(accessible.table(child), near="|")
        elif child.tag in ("p", "li") and (fault := lookalikes.paragraph(child)):
            start = re.escape(fault[3]["line"].split()[0])
            self.work.keeps_out(fault, near=self.work.written(rf"(?m)^[ \t>]*{start}(?!\S).*").lstrip(" \t>"))
        elif child.tag == "a" and child.get("href") is not None and "footnote" not in (child.get("class") or ""):
            self._link(child)
        elif child.tag == "img":
            self._picture(parent, child)

    def _heading(self, element: Element, shift: int, *, outermost: bool) -> None:
        level = min(6, int(element.tag[1]) + shift)
        element.tag = f"h{level}"
        text = re.sub(r"\s+", " ", "".join(element.itertext())).strip()
        text = re.sub(r"[\x02\x03\ue000-\ue003]\w*[\x03\ue001\ue003]?", "", text)
        if outermost:
            near = f"# {text}" if f"# {text}" in self.work.text else text
            self.work.keeps_out(accessible.heading(self.level, level, text, shift=shift), near=near)
            self.level = level
        slug = re.sub(r"[^\w]+", "-", text.lower()).strip("-")[:60] or "bagian"
        self.ids[slug] = self.ids.get(slug, 0) + 1
        name = self.work.id_prefix + (slug if self.ids[slug] == 1 else f"{slug}-{self.ids[slug]}")
        element.set("id", name)
        self.work.headings.append(Heading(level=level, id=name, text=text))

    def _link(self, element: Element) -> None:
        target = self.work.link(unescape(element.get("href") or ""))
        if target is None:
            del element.attrib["href"]
            return
        element.set("href", target)
        text = "".join(element.itertext()).strip()
        self.work.keeps_out(accessible.link(text), near=f"[{text}]")
        if VIDEO.fullmatch(target) and (element.text or "") == target:
            element.set("class", "video")

    def _picture(self, parent: Element, element: Element) -> None:
        source = unescape(element.get("src") or "")
        address = self.work.picture(source)
        alt = (element.get("alt") or "").strip()
        near = self.work.written(rf"!\[\s*{re.escape(alt)}\s*\]\(\s*{re.escape(source)}") or source
        if not alt:
            self.work.report(
                "M06",
                "Gambar “{target}” belum memiliki teks pengganti.",
                "Tulis isinya di dalam kurung siku: ![…](…).",
                near=near,
                target=source[:80],
            )
        self.work.keeps_out(accessible.picture(alt, source), near=near)
        width = WIDTH.match(element.tail or "")
        if width:
            element.tail = (element.tail or "")[width.end() :]
            element.set("class", "w25" if int(width[1]) <= 30 else "w50" if int(width[1]) <= 60 else "w75" if int(width[1]) <= 85 else "")
        if address is None:
            index = list(parent).index(element)
            missing = Element("em")
            missing.text, missing.tail = f"[{alt}]", element.tail
            parent[index] = missing
            return
        element.set("src", address)
        element.set("loading", "lazy")
        element.set("decoding", "async")


__all__ = ["MAX_SIZE", "Prose", "Resolve", "block_token", "fragment", "render", "split_at_blocks", "without_tokens"]
