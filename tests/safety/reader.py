"""A reader who follows every link of a site, and takes each page apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

STARTS = ("/", "/kelola", "/akun", "/bantuan", "/transkrip", "/pekerjaan")
MOST = 3  # pages of one endpoint and query that are looked at for one person


class Forms(HTMLParser):
    """A page's links and its forms with what they would send, and every tag in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.tags: list[tuple[str, dict[str, str]]] = []
        self._fields: dict[str, str] | None = None
        self._area = ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):  # type: ignore[no-untyped-def]
        given = {name: value or "" for name, value in attributes}
        self.tags.append((tag, given))
        if tag in ("a", "link") and "href" in given:
            self.links.append(given["href"])
        elif tag in ("img", "script") and given.get("src"):
            self.links.append(given["src"])
        elif tag == "form":
            self._fields = {}
            self.forms.append((given.get("method", "get").upper(), given.get("action", ""), self._fields))
        elif self._fields is not None and given.get("name"):
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        assert self._fields is not None
        name, value = given["name"], given.get("value", "")
        if tag == "textarea":
            self._area = name
            self._fields.setdefault(name, "")
        elif tag == "select":
            self._area = ""
            self._fields.setdefault(name, "")
        elif tag in ("input", "button") and given.get("type") not in ("file", "checkbox"):
            self._fields.setdefault(name, value)

    def handle_data(self, data):  # type: ignore[no-untyped-def]
        if self._area and self._fields is not None:
            self._fields[self._area] += data

    def handle_endtag(self, tag):  # type: ignore[no-untyped-def]
        if tag == "form":
            self._fields = None
        if tag == "textarea":
            self._area = ""


@dataclass
class Answer:
    """A page as somebody got it."""

    who: str
    address: str
    endpoint: str
    status: int
    headers: dict[str, str]
    body: bytes
    forms: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    @property
    def html(self) -> bool:
        return self.headers.get("Content-Type", "").startswith("text/html")


def endpoint_of(app: Flask, address: str, method: str = "GET") -> str:
    """The endpoint behind an address; "" where there is none."""
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(address).path, method)[0])
    except (HTTPException, RequestRedirect):
        return ""


def open_it(app: Flask, client: FlaskClient, who: str, address: str) -> Answer:
    """One page, with its links followed no further."""
    answer = client.get(address, headers={"Accept": "text/html,*/*"}, buffered=True)
    headers = dict(answer.headers)
    found = Answer(who, address, endpoint_of(app, address), answer.status_code, headers, answer.data)
    if found.html:
        page = Forms(found.text)
        found.forms, found.tags = page.forms, page.tags
    answer.close()
    return found


def crawl(app: Flask, client: FlaskClient, who: str, more: Iterable[str] = ()) -> dict[str, Answer]:
    """Every page that ``who`` can reach by links from the pages in the bar and from ``more``, by address."""
    waiting, seen, counts = [*STARTS, *more], set[str](), dict[tuple[str, ...], int]()
    found: dict[str, Answer] = {}
    while waiting:
        address = waiting.pop(0)
        parts = urlsplit(address)
        if address in seen or parts.netloc or parts.scheme:
            continue
        seen.add(address)
        kind = (endpoint_of(app, address), *sorted(name for name, _ in parse_qsl(parts.query)))
        counts[kind] = counts.get(kind, 0) + 1
        if counts[kind] > MOST:
            continue
        found[address] = open_it(app, client, who, address)
        answer = found[address]
        if answer.status in (301, 302, 303):
            waiting.append(answer.headers["Location"].removeprefix("http://localhost"))
        elif answer.html:
            waiting += [urljoin(address, link).partition("#")[0] for link in Forms(answer.text).links if not link.startswith("data:")]
    return found
