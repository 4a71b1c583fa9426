"""The converter's HTML as Markdown of elearn's profile: no HTML, tables whole, notes at the foot of the lesson that has them."""

from __future__ import annotations

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from markdownify import ATX, MarkdownConverter

MOST_CELLS = 20_000
NOTE = "\ue000{}\ue001"  # stands for a note until the lessons are cut
NOTE_MARK = re.compile("\ue000([0-9]{1,5})\ue001")
BREAK = "\ue002"  # stands for a line's end within a table's cell
HONEST = ("https://", "http://", "mailto:", "tel:")


class _Writer(MarkdownConverter):
    """Links only where they lead out by http, mail or phone; a break within a table's cell as <br>."""

    def convert_a(self, el: Any, text: str, parent_tags: Any) -> str:
        href = el.get("href") or ""
        return super().convert_a(el, text, parent_tags) if href.startswith(HONEST) else text  # type: ignore[misc]

    def convert_img(self, el: Any, text: str, parent_tags: Any) -> str:
        alt = " ".join((el.get("alt") or "").split()).replace("[", "(").replace("]", ")")
        return f"\n\n![{alt}]({el.get('src') or ''})\n\n"

    def convert_td(self, el: Any, text: str, parent_tags: Any) -> str:
        lines = [" ".join(line.split()) for line in text.replace("|", "\\|").split(BREAK)]
        return f" {'<br>'.join(line for line in lines if line)} |"

    convert_th = convert_td


def markdown_of(html: str) -> tuple[str, str, dict[str, str]]:
    """(the document's own title, its text as Markdown, its notes by number)."""
    soup = BeautifulSoup(html, "html.parser")
    title = ""
    for head in soup.select("h1.judul-dokumen"):
        title = title or " ".join(head.get_text().split())[:160]
        head.decompose()
    notes = _notes(soup)
    for table in soup.find_all("table"):
        _square(soup, table)
    writer = _Writer(heading_style=ATX, bullets="-", escape_asterisks=True, escape_underscores=False)
    text = writer.convert_soup(soup)
    text = re.sub(r"^\s*!\[[^\]]*\]\(\)\s*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"[ \t]+$", "", re.sub(r"\n{3,}", "\n\n", text), flags=re.MULTILINE).strip()
    return title, text, {number: " ".join(writer.convert_soup(note).split()) for number, note in notes.items()}


def _notes(soup: BeautifulSoup) -> dict[str, Tag]:
    """Take the notes out of the text, and leave their numbers where they are referred to."""
    notes: dict[str, Tag] = {}
    for item in soup.select("li[id^=footnote-], li[id^=endnote-]"):
        for back in item.select("a[href^='#']"):
            back.decompose()
        notes[str(item["id"])] = item.extract()
        item.name = "div"
    found = {}
    for number, reference in enumerate(soup.select("a[href^='#footnote-'], a[href^='#endnote-']"), 1):
        note = notes.get(str(reference["href"])[1:])
        around = reference.parent if reference.parent is not None and reference.parent.name == "sup" else reference
        around.replace_with(NOTE.format(number) if note is not None else "")
        if note is not None:
            found[str(number)] = note
    return found


def _square(soup: BeautifulSoup, table: Tag) -> None:
    """Give the table a head and a cell at every place, for Markdown knows neither a table without a head nor a cell over two places.
    A cell that reached over several rows or columns stands in the first of them."""
    rows: dict[int, dict[int, Tag]] = {}
    taken: set[tuple[int, int]] = set()
    for y, row in enumerate(table.find_all("tr")):
        x = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            while (y, x) in taken:
                x += 1
            height, width = (min(200, int(size)) if (size := str(cell.get(name, ""))).isdecimal() else 1 for name in ("rowspan", "colspan"))
            if len(taken) + height * width > MOST_CELLS:
                break
            taken |= {(y + down, x + right) for down in range(max(1, height)) for right in range(max(1, width))}
            rows.setdefault(y, {})[x] = cell
    wide = max((x for _, x in taken), default=-1) + 1
    lines = [[rows[y].get(x) for x in range(wide)] for y in sorted(rows)]
    table.clear()
    for number, cells in enumerate(lines):
        line = soup.new_tag("tr")
        for old in cells:
            new = soup.new_tag("td" if number else "th")
            if old is not None:
                new.extend(list(old.contents))
            for end in new.find_all(["p", "br", "li"]):
                end.insert_after(BREAK)
            for strong in new.find_all(["strong", "b"]) if not number else ():
                strong.unwrap()  # a head is bold by itself
            line.append(new)
        table.append(line)


def with_notes(body: str, notes: dict[str, str]) -> str:
    """A lesson's text with its own notes at its foot, numbered anew."""
    mine = list(dict.fromkeys(NOTE_MARK.findall(body)))
    body = NOTE_MARK.sub(lambda match: f"[^{mine.index(match[1]) + 1}]", body)
    foot = "\n".join(f"[^{number}]: {notes.get(one, '')}" for number, one in enumerate(mine, 1))
    return f"{body}\n\n{foot}" if foot else body
