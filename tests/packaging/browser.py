"""A learner without JavaScript: follows links and posts forms over real HTTP."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from html.parser import HTMLParser
from http.cookiejar import CookieJar


class _Forms(HTMLParser):
    """The forms of a page: address, method, and the fields a browser would send."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict] = []

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag == "form":
            self.forms.append({"action": values.get("action"), "method": values.get("method", "get"), "fields": {}})
        elif tag in ("input", "button") and self.forms and values.get("name"):
            kind = values.get("type", "submit" if tag == "button" else "text")
            if kind in ("hidden", "text", "password", "search", "email", "number") or "checked" in values:
                self.forms[-1]["fields"][values["name"]] = values.get("value", "on" if kind == "checkbox" else "")


class Visitor:
    """Somebody at a terminal: keeps cookies, follows redirects, fills forms."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self._open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar())).open
        self.text, self.status, self.address, self.headers = "", 0, "", {}

    def get(self, address: str) -> str:
        return self._go(urllib.request.Request(urllib.parse.urljoin(self.address or self.base, address)))

    def submit(self, containing: str, **fields: str) -> str:
        """Send the form of the present page whose address contains ``containing``, filled in with ``fields``."""
        parser = _Forms()
        parser.feed(self.text)
        form = next(form for form in parser.forms if containing in (form["action"] or self.address))
        data = urllib.parse.urlencode(form["fields"] | fields).encode()
        address = urllib.parse.urljoin(self.address, form["action"] or self.address)
        return self._go(urllib.request.Request(address, data=data))

    def _go(self, request: urllib.request.Request) -> str:
        try:
            answer = self._open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        self.status, self.address, self.headers = answer.status, answer.geturl(), answer.headers
        self.raw = answer.read()
        self.text = self.raw.decode("utf-8", "replace")
        return self.text

    def sign_in(self, login: str, password: str) -> str:
        self.get(self.base + "/masuk")
        return self.submit("/masuk", login=login, password=password)

    def links(self) -> list[str]:
        """The addresses of this site that the page links to."""
        found = re.findall(r'href="([^"#]+)', self.text)
        return [address for address in found if address.startswith("/")]
