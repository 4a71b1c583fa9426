"""No text of an author runs, loads or disguises anything."""

import re
from html.parser import HTMLParser

import pytest

from elearn.content import policy, prose

ATTACKS = [
    "<script>alert(1)</script>", "<SCRIPT SRC=//x.id></SCRIPT>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<svg><script>alert(1)</script></svg>",
    "<iframe src=javascript:alert(1)></iframe>", "<a href=javascript:alert(1)>x</a>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](javascript:123)",
    "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:msgbox)", "<a href='&#106;avascript:alert(1)'>x</a>", "<a href=' javascript:alert(1)'>x</a>",
    "<a href='java\tscript:alert(1)'>x</a>", "<form action=//x.id><input name=login><button>Kirim</button></form>", "<style>body{display:none}</style>",
    "<p style='position:fixed;inset:0'>x</p>", "<div onmouseover=alert(1)>x</div>", "<body onload=alert(1)>", "<math><mi xlink:href=javascript:alert(1)>x</mi></math>",
    "<object data=x></object>", "<embed src=x>", "<base href=//x.id>", "<meta http-equiv=refresh content=0>", "<link rel=stylesheet href=//x.id>",
    "<template><script>alert(1)</script></template>", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<img src='//x.id/a.png' alt=a>", "![a](//x.id/a.png)", "<img src=x:x srcset='//x.id/a.png 1x' alt=a>", "<details ontoggle=alert(1) open>x</details>",
    "<a href=# target=_blank onclick=alert(1)>x</a>", "<input autofocus onfocus=alert(1)>", "<video src=//x.id/v.mp4></video>", "<b id=login>x</b>", "<p id=csrf_token>x</p>",
    "<p class='dock tabs bar'>x</p>", "<!--<script>-->alert(1)<!--</script>-->", "<xmp><script>alert(1)</script></xmp>", "<textarea></textarea><script>alert(1)</script>",
    "<mglyph><style><img src=x onerror=alert(1)></style>", "$\\href{javascript:alert(1)}{x}$", "$\\text{<script>alert(1)</script>}$", "```x\"><script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`", "> [!NOTE] <script>alert(1)</script>", "# <script>alert(1)</script>", "[^<img src=x onerror=alert(1)>]: x", "|<script>alert(1)</script>|b|\n|-|-|",
]  # fmt: skip
MADE = {"math", "mi", "mo", "mn", "mrow", "mtext", "msup", "msub", "merror"}


class Reader(HTMLParser):
    """Everything a browser would act on."""

    def __init__(self):
        super().__init__()
        self.bad = []

    def handle_starttag(self, tag, attributes):
        if tag not in policy.TAGS | policy.MATHML.keys():
            self.bad.append(tag)
        for name, value in attributes:
            text = re.sub(r"[\x00-\x20]", "", value or "").lower()
            if (
                name.startswith("on")
                or name in {"style", "srcset", "target", "action", "formaction"}
                or (name == "href" and re.match(r"(?!https?:|mailto:|tel:|#|/belajar/)", text))
            ):
                self.bad.append((tag, name, value))
            if name == "src" and not (value or "").startswith("/media/"):
                self.bad.append((tag, name, value))
            if name == "id" and not (value or "").startswith(("h-", "fn")):
                self.bad.append((tag, name, value))
            if name == "class" and set((value or "").split()) & {"dock", "tabs", "bar"}:
                self.bad.append((tag, name, value))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("around", ["{}", "- {}", "> {}", "a {} b", "<details>\n\n{}\n\n</details>", "## {}"])
def test_nothing_acts(attack, around):
    drawn = prose.render(around.format(attack), resolve=lambda kind, target: None).html
    reader = Reader()
    reader.feed(drawn)
    assert reader.bad == [], drawn


def test_what_courses_need_survives():
    kept = '<details open=""><summary>a</summary><p><kbd>Ctrl</kbd> H<sub>2</sub>O x<sup>2</sup></p></details>'
    assert policy.clean(kept) == kept


def test_tables_keep_their_shape():
    assert policy.clean("<table><tr><td>a</td></tr></table>") == "<table><tbody><tr><td>a</td></tr></tbody></table>"


def test_the_two_sanitisers_share_one_table():
    assert not policy.TAGS & policy.DROPPED
    assert set(policy.ATTRIBUTES) <= policy.TAGS
