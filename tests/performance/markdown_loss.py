"""How much of real Markdown is lost: our rendering beside GitHub's own parser (cmarkgfm), block by block.

A block is the chain of its containers and its text, with the marks of emphasis, links and code. It is lost where GitHub shows it and
we do not. Front matter, formulas, footnotes, callout marks and raw HTML are neutralised in both, for there the profile differs on purpose.

    python -m tests.performance.markdown_loss [FOLDER …]      (default: the bundled courses)
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import cmarkgfm
from cmarkgfm.cmark import Options

from elearn.content import prose

CONTAINERS = {"blockquote", "ul", "ol", "li", "table", "tr", "thead", "tbody", "dl", "dd"}
LEAVES = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "td", "th", "hr", "dt"}
MARKS = {"strong": "*", "b": "*", "em": "_", "i": "_", "code": "`", "a": "@", "del": "~"}
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
NEUTRAL = (
    (re.compile(r"\$\$.+?\$\$", re.DOTALL), "RUMUS"),
    (re.compile(r"\$[^$\n]+\$"), "RUMUS"),
    (re.compile(r"\\[\[(].+?\\[\])]", re.DOTALL), "RUMUS"),
    (re.compile(r"\[\^[^\]]+\]:?"), "KAKI"),
    (re.compile(r"\[![A-Za-z ]+\]"), "KOTAK"),
    (re.compile(r"\{[:.#][^}\n]*\}|\{\s*width=[^}]*\}"), ""),
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"(`[^`\n]+`)|<(?!https?:|mailto:)/?[A-Za-z][^>]*>"), r"\1"),
    (re.compile(r"(!\[[^\]]*\]\()(?:https?:)?//[^)\s]*"), r"\1x.png"),
    (re.compile(r"&\w+;"), "ENTITAS"),
)


class Blocks(HTMLParser):
    """The blocks of a page of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.chain: list[str] = []
        self.found: Counter[tuple[str, str]] = Counter()
        self.text: list[str] = []
        self.leaf = ""

    def handle_starttag(self, tag, attributes):
        if tag in CONTAINERS | LEAVES:
            self.flush()
        if tag in CONTAINERS:
            self.chain.append(tag)
        elif tag in LEAVES:
            self.leaf = tag
        elif tag in MARKS and self.leaf != "pre":
            self.text.append(MARKS[tag])
        elif tag == "img":
            self.text.append("IMG" + dict(attributes).get("alt", ""))
        elif tag == "br":
            self.text.append(" ")

    def handle_endtag(self, tag):
        if tag in CONTAINERS | LEAVES:
            self.flush()
            if tag in self.chain:
                while self.chain.pop() != tag:
                    pass
        elif tag in MARKS and self.leaf != "pre":
            self.text.append(MARKS[tag])

    def handle_data(self, data):
        self.text.append(data)

    def flush(self) -> None:
        text = re.sub(r"\s+", " ", "".join(self.text)).strip()
        if text:
            kept = [tag for tag in self.chain if tag not in {"thead", "tbody"}]
            leaf = "p" if self.leaf in {"", "p"} else "h" if self.leaf[0] == "h" and self.leaf != "hr" else self.leaf
            text = re.sub(r"\s", "", text).replace("*_", "_*")  # strong and emphasis at once: either may be the outer one
            self.found["/".join([*kept, leaf]), text] += 1
        self.text, self.leaf = [], ""


def blocks(html: str) -> Counter[tuple[str, str]]:
    """The blocks of ``html``."""
    parser = Blocks()
    parser.feed(html)
    parser.flush()
    return parser.found


@dataclass
class Loss:
    """Over all files: how many blocks there are, how many we lack, an example of each kind of lack."""

    files: int = 0
    touched: int = 0
    blocks: int = 0
    lost: int = 0
    seconds: float = 0.0


def compare(text: str) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]]:
    """(the oracle's blocks, those that ours lacks)."""
    text = FRONT.sub("", text.replace("\r\n", "\n").removeprefix("\ufeff"))
    for pattern, instead in NEUTRAL:
        text = pattern.sub(instead, text)
    oracle = blocks(cmarkgfm.github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE))
    return oracle, oracle - blocks(
        prose.render(text, resolve=lambda kind, target: "/media/" + "0" * 40 + ".svg" if kind == "image" else "/x").html
    )


def measure(paths: list[Path], *, say: bool = False) -> Loss:
    """The loss over the files."""
    total = Loss()
    for path in paths:
        text = path.read_text("utf-8", errors="replace")
        if len(text.encode()) > prose.MAX_SIZE:
            continue
        began = time.process_time()
        oracle, lost = compare(text)
        total.seconds += time.process_time() - began
        total.files += 1
        total.blocks += oracle.total()
        total.lost += lost.total()
        total.touched += bool(lost)
        if say:
            for (chain, words), count in lost.items():
                print(f"{path}: {chain} ×{count}: {words[:110]}")
    return total


def main() -> None:
    """Measure and print."""
    say = "-v" in sys.argv
    folders = [Path(name) for name in sys.argv[1:] if name != "-v"] or [Path(__file__).parents[2] / "courses"]
    paths = sorted(path for folder in folders for path in (folder.rglob("*.md") if folder.is_dir() else [folder]))
    total = measure(paths, say=say)
    share = total.lost / max(1, total.blocks)
    print(
        f"{total.files} files, {total.blocks} blocks: {total.lost} lost ({share:.2%}), in {total.touched} files; {total.seconds:.1f} s of CPU"
    )


if __name__ == "__main__":
    main()
