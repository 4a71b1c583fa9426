"""Writes small Word documents as Word does: a ZIP of XML parts."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
DRAWING = (
    '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="1" name="x" descr="{alt}"/><a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData>'
    '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:{how}="{target}"/></pic:blipFill></pic:pic>'
    "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
)
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def heading(text: str, level: int = 1) -> str:
    """A paragraph in Word's own heading style."""
    return f'<w:p><w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'


def paragraph(text: str, *, bold: bool = False) -> str:
    """A plain paragraph."""
    return f"<w:p><w:r>{'<w:rPr><w:b/></w:rPr>' if bold else ''}<w:t>{escape(text)}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table."""
    cells = ["".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in row) for row in rows]
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def picture(alt: str, target: str = "p1", how: str = "embed") -> str:
    """A picture by its relation."""
    return DRAWING.format(alt=escape(alt), target=target, how=how)


def document(
    *body: str,
    parts: dict[str, bytes] | None = None,
    relations: str = "",
    prolog: str = "",
    numbering: bool = False,
    footnotes: bool = False,
) -> bytes:
    """The document as bytes; ``parts`` are further entries of its ZIP, of which ``numbering`` and ``footnotes`` say that it uses them."""
    levels = range(1, 4)
    styles = "".join(f'<w:style w:type="paragraph" w:styleId="Heading{n}"><w:name w:val="heading {n}"/></w:style>' for n in levels)
    styles += '<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/></w:style>'
    main = f'<Relationship Id="r1" Type="{KIND}/officeDocument" Target="word/document.xml"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS.format(main))
        archive.writestr(
            "word/document.xml", f'<?xml version="1.0"?>{prolog}<w:document {W} {R}><w:body>{"".join(body)}</w:body></w:document>'
        )
        archive.writestr("word/styles.xml", f"<w:styles {W}>{styles}</w:styles>")
        link = f'<Relationship Id="s1" Type="{KIND}/styles" Target="styles.xml"/>'
        for name, used in (("numbering", numbering), ("footnotes", footnotes)):
            link += f'<Relationship Id="{name}" Type="{KIND}/{name}" Target="{name}.xml"/>' if used else ""
        archive.writestr("word/_rels/document.xml.rels", RELATIONS.format(link + relations))
        for name, data in (parts or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def image_relation(target: str, *, mode: str = "") -> str:
    """The relation ``p1`` to a picture; ``mode`` "External" for one that lies elsewhere."""
    more = f' TargetMode="{mode}"' if mode else ""
    return f'<Relationship Id="p1" Type="{KIND}/image" Target="{target}"{more}/>'
