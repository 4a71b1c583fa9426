"""What HTML a course may hold: one table, kept by two sanitisers one behind the other (bleach, then nh3).

bleach lets some odd addresses pass that nh3 drops, and nh3 is the faster one; what neither knows is gone. No style, no script, no
handlers, no frames; ids come with a prefix, so that no author's id shadows one of the page's.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import bleach
import nh3

from elearn.content.sandbox import unbroken

TAGS = frozenset(
    "a abbr b blockquote br caption code col colgroup dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd li "
    "mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th thead tr u ul var".split()
)
EVERYWHERE = frozenset({"class", "id", "title", "lang", "dir"})
ATTRIBUTES: dict[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height", "loading", "decoding"}),
    "input": frozenset({"type", "checked", "disabled"}),
    "ol": frozenset({"start", "type"}),
    "td": frozenset({"colspan", "rowspan", "align"}),
    "th": frozenset({"colspan", "rowspan", "align", "scope"}),
    "details": frozenset({"open"}),
    "div": frozenset({"role", "tabindex", "aria-label"}),
    "section": frozenset({"role", "aria-label"}),
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
CLASSES = frozenset(
    "table note tip important warning caution example law title task video footnote footnotes footnote-ref footnote-backref code w25 w50 w75 "
    "anchor hl".split()
)
DROPPED = frozenset(
    {"script", "style", "iframe", "object", "embed", "svg", "math", "template", "noscript", "textarea", "title", "xmp", "plaintext"}
)
_PRESENTATION = frozenset({"mathvariant", "stretchy", "fence", "form", "lspace", "rspace", "linethickness", "display", "displaystyle", "scriptlevel",
                           "accent", "minsize", "maxsize", "separator", "movablelimits", "columnalign", "rowspacing", "columnspacing", "width",
                           "depth", "height", "notation", "symmetric", "largeop", "columnlines", "rowlines", "alttext"})  # fmt: skip
MATHML: dict[str, frozenset[str]] = dict.fromkeys(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable "
    "mtr mtd mlabeledtr menclose mpadded mphantom mstyle merror".split(),
    _PRESENTATION,
)
ID_PREFIX = "h-"


def clean(html: str) -> str:
    """The HTML with everything gone that the table does not name."""
    return _second(_first().clean(html))


@lru_cache(maxsize=1)
def _first() -> bleach.Cleaner:
    allowed: dict[str, Any] = {"*": list(EVERYWHERE)} | {tag: list(names | EVERYWHERE) for tag, names in ATTRIBUTES.items()}
    return bleach.Cleaner(tags=TAGS | DROPPED, attributes=allowed, protocols=SCHEMES, strip=True, strip_comments=True)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "class":
        kept = [one for one in value.split() if one in CLASSES or one.startswith("hl-")]
        return " ".join(kept) or None
    if name == "id":
        return value if value.startswith((ID_PREFIX, "fn")) else ID_PREFIX + value
    if name == "src":
        return value if value.startswith("/media/") else None
    if tag == "input" and name == "type":
        return "checkbox"
    return value


def _second(html: str) -> str:
    with unbroken():  # an exception in the filter would be lost, and the attribute kept as it was
        return nh3.clean(
            html,
            tags=set(TAGS),
            clean_content_tags=set(DROPPED),
            attributes={tag: set(ATTRIBUTES.get(tag, frozenset()) | EVERYWHERE) for tag in TAGS},
            attribute_filter=_attribute,
            url_schemes=set(SCHEMES),
            link_rel="noopener",
            strip_comments=True,
        )
