"""QTI as other systems write it, and packages that mean harm."""

import io
import zipfile

import pytest
from elearn_quizzes.exchange.archive import write_archive
from elearn_quizzes.exchange.bundle import BadFile
from elearn_quizzes.exchange.qti.reading import read_qti
from elearn_quizzes.exchange.settling import settle

V21, V22 = "http://www.imsglobal.org/xsd/imsqti_v2p1", "http://www.imsglobal.org/xsd/imsqti_v2p2"
V30 = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
CHOICE = """<?xml version="1.0" encoding="UTF-8"?>
<assessmentItem xmlns="{ns}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" identifier="i1" title="Item 1" label="Item 1"
    adaptive="false" timeDependent="false" toolName="TAO" toolVersion="3.4">
  <responseDeclaration identifier="RESPONSE" cardinality="{cardinality}" baseType="identifier">{key}</responseDeclaration>
  <outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float" normalMaximum="2"/>
  <stylesheet href="style/a.css" type="text/css"/>
  <itemBody><div class="grid-row"><div class="col-12">
    <choiceInteraction responseIdentifier="RESPONSE" shuffle="true" maxChoices="{most}">
      <prompt><p>Siapa <strong>menerima</strong> laporan?</p><p><img src="../media/alur%20lapor.png" alt="Alur"/></p></prompt>
      <simpleChoice identifier="choice_1" fixed="false">KPK<feedbackInline outcomeIdentifier="FB" identifier="choice_1">Tepat.</feedbackInline></simpleChoice>
      <simpleChoice identifier="choice_2"><p>UPG</p></simpleChoice>
      <simpleChoice identifier="choice_3">Camat</simpleChoice>
    </choiceInteraction></div></div></itemBody>
  <responseProcessing template="http://www.imsglobal.org/question/{template}"/>
</assessmentItem>"""
MATCH = "qti_v2p1/rptemplates/match_correct"
MAPPED = "qti_v2p1/rptemplates/map_response"
ONE = "<correctResponse><value>choice_2</value></correctResponse>"
WORTH = (
    '<correctResponse><value>choice_1</value><value>choice_2</value></correctResponse><mapping defaultValue="0" lowerBound="0">'
    '<mapEntry mapKey="choice_1" mappedValue="1"/><mapEntry mapKey="choice_2" mappedValue="1"/><mapEntry mapKey="choice_3" mappedValue="-1"/></mapping>'
)
NEW = """<qti-assessment-item xmlns="{ns}" identifier="n1" title="Soal baru" adaptive="false" time-dependent="false">
  <qti-response-declaration identifier="RESPONSE" cardinality="{cardinality}" base-type="{base}">{key}</qti-response-declaration>
  <qti-item-body>{body}</qti-item-body>
</qti-assessment-item>"""
MANIFEST = """<manifest xmlns="http://www.imsglobal.org/xsd/imscp_v1p1" identifier="m"><organizations/><resources>
  <resource identifier="r1" type="imsqti_item_xmlv2p2" href="items/i1.xml"><metadata><lom xmlns="http://ltsc.ieee.org/xsd/LOM"><general>
    <keyword><string language="id">gratifikasi</string></keyword></general></lom></metadata><file href="items/i1.xml"/></resource>
</resources></manifest>"""
TEST = """<assessmentTest xmlns="{ns}" identifier="t" title="Ujian"><testPart identifier="p" navigationMode="linear" submissionMode="individual">
  <assessmentSection identifier="s" title="Bagian dasar" visible="true"><selection select="1"/><rubricBlock view="candidate"><p>Baca dahulu.</p></rubricBlock>
  <assessmentItemRef identifier="a" href="items/i1.xml"/><assessmentItemRef identifier="b" href="items/i2.xml"/>
  <assessmentItemRef identifier="c" href="items/tidak-ada.xml"/><assessmentItemRef identifier="d" href="file:///etc/passwd"/>
  </assessmentSection></testPart></assessmentTest>"""


def only(data):
    """The one question of a file, kept in our syntax."""
    if isinstance(data, str):
        data = data.encode()
    bundle = settle(read_qti(data))
    questions = list(bundle.quiz.questions())
    assert len(questions) == 1, bundle.remarks
    return questions[0], bundle


def choice(**more):
    return CHOICE.format(**{"ns": V22, "cardinality": "single", "most": "1", "key": ONE, "template": MATCH, **more})


def new(body, key="", cardinality="single", base="identifier"):
    return NEW.format(ns=V30, body=body, key=key, cardinality=cardinality, base=base)


@pytest.mark.parametrize("ns", [V21, V22, "http://www.imsglobal.org/xsd/imsqti_v2p0"])
def test_an_item_as_tao_writes_it(ns):
    question, bundle = only(choice(ns=ns))
    assert (question.kind, question.points, question.shuffle) == ("single", 2.0, True)
    assert question.stem.startswith("Siapa **menerima** laporan?")
    assert [(one.text, one.right, one.feedback) for one in question.options] == [
        ("KPK", False, "Tepat."),
        ("UPG", True, ""),
        ("Camat", False, ""),
    ]
    assert [remark.reason for remark in bundle.remarks] == ["gambar “../media/alur%20lapor.png”."]


def test_what_options_are_worth_is_kept():
    question, _ = only(choice(cardinality="multiple", most="0", key=WORTH, template=MAPPED))
    assert question.kind == "multiple"
    assert [one.right for one in question.options] == [True, True, False]
    assert not question.all_or_nothing


def test_several_right_options_without_worth_are_all_or_nothing():
    key = "<correctResponse><value>choice_1</value><value>choice_2</value></correctResponse>"
    question, _ = only(choice(cardinality="multiple", most="0", key=key))
    assert (question.kind, question.all_or_nothing) == ("multiple", True)


def test_a_package_with_a_test_a_picture_and_labels():
    bundle = settle(
        read_qti(
            write_archive(
                {
                    "imsmanifest.xml": MANIFEST.encode(),
                    "test.xml": TEST.format(ns=V22).encode(),
                    "items/i1.xml": choice().encode(),
                    "items/i2.xml": choice().replace("menerima", "menolak").encode(),
                    "items/sisa.xml": choice().replace("menerima", "mencatat").encode(),
                    "media/alur lapor.png": b"\x89PNG a",
                }
            )
        )
    )
    first, rest = bundle.quiz.groups
    assert (first.name, first.draw, first.intro, len(first.questions), len(rest.questions)) == ("Bagian dasar", 1, "Baca dahulu.", 2, 1)
    assert first.questions[0].tags == ("gratifikasi",)
    assert bundle.files == {"media/alur-lapor.png": b"\x89PNG a"}
    assert "![Alur](media/alur-lapor.png)" in first.questions[0].stem
    assert {remark.item for remark in bundle.remarks if remark.whole} == {"items/tidak-ada.xml", "file:///etc/passwd"}


@pytest.mark.parametrize(
    ("item", "kind", "check"),
    [
        (
            new(
                '<p>Jarak <qti-text-entry-interaction response-identifier="RESPONSE" expected-length="5"/> km</p>',
                "<qti-correct-response><qti-value>12.5</qti-value></qti-correct-response>",
                base="float",
            ),
            "number",
            lambda question: question.answers == ("12,5",) and "_____" in question.stem,
        ),
        (
            new(
                '<p>Ibu kota?</p><qti-text-entry-interaction response-identifier="RESPONSE"/>',
                "<qti-correct-response><qti-value>Jakarta</qti-value></qti-correct-response>"
                '<qti-mapping default-value="0"><qti-map-entry map-key="Jakarta" mapped-value="1" case-sensitive="false"/>'
                '<qti-map-entry map-key="DKI" mapped-value="1" case-sensitive="true"/></qti-mapping>',
                base="string",
            ),
            "short",
            lambda question: [one.strip('"') for one in question.answers] == ["Jakarta", "DKI"],
        ),
        (
            new(
                '<qti-order-interaction response-identifier="RESPONSE"><qti-prompt>Urutkan.</qti-prompt>'
                '<qti-simple-choice identifier="A">dua</qti-simple-choice><qti-simple-choice identifier="B">satu</qti-simple-choice></qti-order-interaction>',
                "<qti-correct-response><qti-value>B</qti-value><qti-value>A</qti-value></qti-correct-response>",
                cardinality="ordered",
            ),
            "order",
            lambda question: [step.text for step in question.steps] == ["satu", "dua"],
        ),
        (
            new(
                '<qti-match-interaction response-identifier="RESPONSE" max-associations="2"><qti-prompt>Cocokkan.</qti-prompt><qti-simple-match-set>'
                '<qti-simple-associable-choice identifier="A" match-max="1">UU</qti-simple-associable-choice>'
                '<qti-simple-associable-choice identifier="B" match-max="1">PP</qti-simple-associable-choice></qti-simple-match-set><qti-simple-match-set>'
                '<qti-simple-associable-choice identifier="X" match-max="1">DPR</qti-simple-associable-choice>'
                '<qti-simple-associable-choice identifier="Y" match-max="1">Presiden</qti-simple-associable-choice>'
                '<qti-simple-associable-choice identifier="Z" match-max="1">BPS</qti-simple-associable-choice></qti-simple-match-set></qti-match-interaction>',
                "<qti-correct-response><qti-value>A X</qti-value><qti-value>B Y</qti-value></qti-correct-response>",
                cardinality="multiple",
                base="directedPair",
            ),
            "match",
            lambda question: (question.pairs[0].left, question.pairs[0].right, question.distractors) == ("UU", "DPR", ("BPS",)),
        ),
        (
            new(
                '<p>Lapor ke <qti-inline-choice-interaction response-identifier="RESPONSE"><qti-inline-choice identifier="a">KPK</qti-inline-choice>'
                '<qti-inline-choice identifier="b">BPK</qti-inline-choice></qti-inline-choice-interaction> segera.</p>',
                "<qti-correct-response><qti-value>a</qti-value></qti-correct-response>",
            ),
            "cloze",
            lambda question: question.stem == "Lapor ke [[(x) KPK | ( ) BPK]] segera.",
        ),
        (
            new('<p>Uraikan.</p><qti-extended-text-interaction response-identifier="RESPONSE"/>', base="string"),
            "essay",
            lambda question: True,
        ),
        (new('<p>Kirim.</p><qti-upload-interaction response-identifier="RESPONSE"/>', base="file"), "upload", lambda question: True),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 20 else "",
)
def test_every_interaction_we_know(item, kind, check):
    question, _ = only(item)
    assert question.kind == kind
    assert check(question), question


@pytest.mark.parametrize(
    ("item", "word"),
    [
        (new('<p>Tunjuk.</p><qti-hotspot-interaction response-identifier="RESPONSE"/>'), "hotspotInteraction"),
        (new("<p>Hanya teks.</p>"), "tanpa pertanyaan"),
        (choice().replace('adaptive="false"', 'adaptive="true"'), "adaptive"),
        (choice(key="").replace('responseIdentifier="RESPONSE"', 'responseIdentifier="LAIN"'), "tidak dinyatakan"),
        (choice().replace("<itemBody>", "<templateProcessing/><itemBody>"), "Parameter"),
    ],
)
def test_what_has_no_equal_here_is_named_and_left_out(item, word):
    bundle = settle(read_qti(item.encode()))
    assert not list(bundle.quiz.questions())
    assert len(bundle.remarks) == 1
    assert bundle.remarks[0].whole
    assert word in bundle.remarks[0].reason


def test_rules_of_marking_that_we_do_not_know_are_told():
    rules = '<responseProcessing><customOperator class="x.y"/></responseProcessing>'
    item = choice()
    item = item[: item.index("<responseProcessing")] + rules + "</assessmentItem>"
    _, bundle = only(item)
    assert any("aturan nilai khusus" in remark.reason for remark in bundle.remarks)


def test_a_survey_is_a_choice_without_a_right_one():
    question, _ = only(choice(key=""))
    assert question.kind == "survey"


# -- what means harm --------------------------------------------------------------------------------------------------------


def zipped(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return out.getvalue()


LINK = zipfile.ZipInfo("items/i1.xml")
LINK.external_attr = 0o120777 << 16
GOOD = zipped([("items/i1.xml", choice())])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"bukan xml",
        b"PK\x03\x04 rusak",
        GOOD[:-40],
        GOOD.replace(b"items/i1.xml", b"items/i1.xm\x00"),
        GOOD[:60] + b"\xff" * 60 + GOOD[120:],
        zipped([("../keluar.xml", choice())]),
        zipped([("/mutlak.xml", choice())]),
        zipped([("a\\..\\b.xml", choice())]),
        zipped([(LINK, "/etc/passwd")]),
        zipped([("bom.xml", b"<a>" + b" " * 60_000_000 + b"</a>")]),
        zipped([(f"{at}.xml", "x") for at in range(5_001)]),
        choice()
        .replace("<assessmentItem", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><assessmentItem')
        .replace("KPK", "&x;")
        .encode(),
        b"<questestinterop xmlns='http://www.imsglobal.org/xsd/ims_qtiasiv1p2'/>",
        b"<html><body/></html>",
    ],
    ids=range(15),
)
def test_what_means_harm_or_is_broken_is_refused_with_a_sentence(data):
    with pytest.raises(BadFile) as told:
        read_qti(data)
    assert str(told.value)[0].isupper()


@pytest.mark.parametrize(
    "source",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://169.254.169.254/x.png",
        "..%2f..%2fsecret",
        "data:image/png;base64,AA",
    ],
)
def test_a_picture_from_outside_the_package_is_not_taken(source):
    item = choice().replace("../media/alur%20lapor.png", source)
    bundle = settle(read_qti(zipped([("items/i1.xml", item), ("passwd", "x")])))
    assert bundle.files == {}
    assert any("gambar" in remark.reason for remark in bundle.remarks)


def test_scripts_in_a_text_become_nothing():
    item = choice().replace(
        "<strong>menerima</strong>", "<script>alert(1)</script><b onclick='x()'>menerima</b> <a href='javascript:x()'>ya</a>"
    )
    question, _ = only(item)
    assert not {"script", "onclick", "javascript"} & set(question.stem.lower().replace("(", " ").replace(":", " ").split())
    assert "javascript:" not in question.stem


def test_a_broken_item_in_a_package_does_not_take_the_others_with_it():
    bundle = settle(read_qti(zipped([("a.xml", choice()), ("b.xml", "<assessmentItem"), ("imsmanifest.xml", MANIFEST)])))
    assert len(list(bundle.quiz.questions())) == 1
    assert [remark.item for remark in bundle.remarks if remark.whole] == ["b.xml"]
