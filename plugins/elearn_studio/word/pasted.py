"""What a browser hands over when somebody pastes from Word, a spreadsheet or a page: a stranger's HTML, as Markdown."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Comment, Tag

from elearn import ElearnError, Refused, bounded
from elearn_studio.word.markdown import markdown_of
from elearn_studio.word.questions import with_questions

MOST = 1_000_000
SILENT = ["script", "style", "head", "title", "meta", "link", "template", "noscript", "img", "svg", "input", "button", "iframe", "object"]
BULLET = re.compile(r"^[\s\u00a0]*(?:[·•▪o§\uf0b7\uf0a7\uf0fc-])[\s\u00a0]+")
NUMBER = re.compile(r"^[\s\u00a0]*(\d{1,3})[.)][\s\u00a0]+")
LEVEL = re.compile(r"mso-list:\s*\S+\s+level(\d)")
BOLD, ITALIC = re.compile(r"(?<![-\w])font-weight:\s*(?:bold|[6-9]00)"), re.compile(r"(?<![-\w])font-style:\s*italic")
PLAIN = re.compile(r"(?<![-\w])font-weight:\s*(?:normal|400)")
CONDITIONS = re.compile(r"<!--\[if.*?<!\[endif\]-->|<!\[(?:if\b[^\]]*|endif)\]>", re.DOTALL)


def read(html: str) -> str:
    """The Markdown. Raises ``Refused`` or ``ContentError`` where nothing can be made of it."""
    if len(html) > MOST:
        raise Refused("paste_big", "Tempelan ini terlalu besar. Impor dokumennya dari halaman Susunan.")
    try:
        return bounded(convert, html)
    except ElearnError:
        raise
    except Exception as error:  # a stranger's HTML makes the converter fail in ways without number
        raise Refused("paste", "Tempelan ini tidak dapat dibaca.") from error


def convert(html: str) -> str:
    """The work itself; runs in the child process."""
    fragment = re.search(r"<!--StartFragment-->(.*?)<!--EndFragment-->", html, re.DOTALL)
    soup = BeautifulSoup(CONDITIONS.sub("", fragment[1] if fragment else html), "html.parser")
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    for element in soup.find_all([*SILENT, re.compile(r"^[a-z]+:")]):
        element.decompose() if element.name in SILENT else element.unwrap()
    _lists(soup)
    _looks(soup)
    _title, text, _notes = markdown_of(str(soup))
    return with_questions(text)[0]


def _lists(soup: BeautifulSoup) -> None:
    """Word pastes a list as paragraphs with a sign before each: they become a list, as deep as Word says."""
    open_lists: list[Tag] = []
    for paragraph in soup.find_all("p"):
        level = LEVEL.search(str(paragraph.get("style", "")))
        text = paragraph.get_text()
        ordered = NUMBER.match(text)
        if level is None or not (ordered or BULLET.match(text)):
            open_lists = []
            continue
        depth = int(level[1])
        _without_sign(paragraph, NUMBER if ordered else BULLET)
        item = soup.new_tag("li")
        name = "ol" if ordered else "ul"
        del open_lists[depth:]
        if len(open_lists) < depth or open_lists[-1].name != name:
            del open_lists[depth - 1 :]
            new = soup.new_tag(name)
            items = open_lists[-1].find_all("li", recursive=False) if open_lists else []
            if items:
                items[-1].append(new)
            else:
                paragraph.insert_before(new)
            open_lists.append(new)
        open_lists[-1].append(item)
        item.extend(list(paragraph.contents))
        paragraph.decompose()


def _without_sign(paragraph: Tag, sign: re.Pattern[str]) -> None:
    """Take the sign out of the first pieces of text that hold it."""
    left = sign.match(paragraph.get_text())
    length = len(left[0]) if left else 0
    for piece in list(paragraph.find_all(string=True)):
        if length <= 0:
            return
        cut = min(length, len(piece))
        length -= cut
        piece.replace_with(str(piece)[cut:])


def _looks(soup: BeautifulSoup) -> None:
    """Bold and italic that stand in a style alone; and what says bold but is not (Google Docs wraps all it copies in one)."""
    for element in soup.find_all(["span", "b", "font"]):
        style = str(element.get("style", ""))
        if element.name == "b" and PLAIN.search(style):
            element.unwrap()
        elif element.name != "b" and BOLD.search(style):
            element.name = "strong"
        elif element.name != "b" and ITALIC.search(style):
            element.name = "em"
    for element in soup.find_all(["strong", "b", "em", "i"]):
        if not element.get_text(strip=True):
            element.unwrap()
