"""GIFT: what we read is what an independent parser reads, and what we write it reads as we meant it."""

from pathlib import Path

from elearn_quizzes.exchange import gift_in, gift_out, markdown, rich
from elearn_quizzes.exchange.settling import settle
from elearn_quizzes.exchange.shares import shares_of
from elearn_quizzes.numbers import read_range
from elearn_quizzes.texts import accepted, plain

SAMPLE = Path(__file__).with_name("sample.gift").read_text("utf-8")
KINDS = {
    "MC": {"single", "multiple"},
    "TF": {"true_false"},
    "Short": {"short"},
    "Numerical": {"number"},
    "Matching": {"match"},
    "Essay": {"essay"},
}


def same_words(theirs, ours):
    """Whether the words of a text of theirs (HTML, Markdown or plain) are those of our Markdown."""
    import re
    from html import unescape

    bare = lambda text: re.sub(r"[\W_]+", "", unescape(re.sub(r"<[^>]*>|\]\([^)]*\)", " ", text)))  # noqa: E731
    return bare(theirs) == bare(plain(ours))


def agree(theirs, ours):
    """Whether the two read the same question."""
    assert ours.kind in KINDS[theirs["type"]], (theirs, ours)
    assert same_words(theirs["stem"]["text"], ours.stem), (theirs, ours)
    assert same_words((theirs["globalFeedback"] or {"text": ""})["text"], ours.explanation)
    if theirs["type"] == "MC":
        assert [same_words(one["text"]["text"], option.text) for one, option in zip(theirs["choices"], ours.options, strict=True)]
        weights = [one["weight"] if one["weight"] is not None else 100 * one["isCorrect"] for one in theirs["choices"]]
        assert [round(share * 100, 4) for share in shares_of(ours)] == [round(float(weight), 4) for weight in weights]
        assert [bool(one["feedback"]) for one in theirs["choices"]] == [bool(option.feedback) for option in ours.options]
    elif theirs["type"] == "TF":
        assert theirs["isTrue"] == ours.truth
        assert same_words((theirs["trueFeedback"] or {"text": ""})["text"], ours.if_wrong)
        assert same_words((theirs["falseFeedback"] or {"text": ""})["text"], ours.if_right)
    elif theirs["type"] == "Short":
        wanted = [one["text"]["text"] for one in theirs["choices"] if one["weight"] in (None, 100)]
        assert [accepted(raw)["value"] for raw in ours.answers if accepted(raw)["how"] != "pattern"] == [
            one for one in wanted if "*" not in one
        ]
    elif theirs["type"] == "Matching":
        rows = [(one["subquestion"]["text"], one["subanswer"]) for one in theirs["matchPairs"]]
        mine = [(pair.left, pair.right) for pair in ours.pairs] + [("", text) for text in ours.distractors]
        assert all(same_words(left, a) and same_words(right, b) for (left, right), (a, b) in zip(sorted(rows), sorted(mine), strict=True))
    elif theirs["type"] == "Numerical":
        numbers = theirs["choices"] if isinstance(theirs["choices"], list) else [{"text": theirs["choices"], "weight": None}]
        spans = [one["text"] for one in numbers if one["weight"] in (None, 100)]
        ends = [
            (one["numberLow"], one["numberHigh"])
            if one["type"] == "high-low"
            else (one["number"] - one.get("range", 0), one["number"] + one.get("range", 0))
            for one in spans
        ]
        mine = [read_range(raw) for raw in ours.answers]
        assert [(round(low, 9), round(high, 9)) for low, high in ends] == [(round(one.low, 9), round(one.high, 9)) for one in mine]


def test_a_file_of_every_kind_reads_as_an_independent_parser_reads_it(pegjs):
    theirs = [one for one in pegjs(SAMPLE) if one["type"] not in ("Category", "Description")]
    bundle = settle(gift_in.read_gift(SAMPLE))
    assert len(theirs) >= 15
    assert [remark.item for remark in bundle.remarks if remark.whole] == ["Teks pengantar tanpa pertanyaan."]
    for one, question in zip(theirs, bundle.quiz.questions(), strict=True):
        agree(one, question)


def test_what_we_write_an_independent_parser_reads_as_meant(pegjs):
    courses = sorted((Path(__file__).parents[4] / "courses").rglob("*.md"))
    checked = 0
    for path in courses:
        bundle = settle(markdown.read_markdown(path.read_text("utf-8")))
        data, remarks = gift_out.write_gift(bundle)
        left_out = {remark.item for remark in remarks if remark.whole}
        written = [one for one in bundle.quiz.questions() if gift_out.label(one) not in left_out]
        theirs = [one for one in pegjs(data.decode()) if one["type"] != "Category"] if written else []
        for one, question in zip(theirs, written, strict=True):
            agree(one, question)
            checked += 1
    assert checked > 100


def test_a_category_becomes_a_group_and_a_name_an_id():
    bundle = settle(
        gift_in.read_gift(
            "$CATEGORY: $course$/top/Etika//Hukum/Gratifikasi\n\n// [id:g-1] [tag:kompetensi:INT-2] [tag:hadiah]\n::Nama soal::Berapa? {=30 hari}\n"
        )
    )
    group = bundle.quiz.groups[0]
    assert group.name == "Gratifikasi"
    assert (group.questions[0].id, group.questions[0].competencies, group.questions[0].tags) == ("g-1", ("INT-2",), ("hadiah",))


def test_what_cannot_come_along_is_named_and_the_rest_comes():
    text = "Rusak {=a\n\nTanpa jawaban benar {~a ~b}\n\nSebagian {=KPK =%50%BPK#hampir}\n\nBaik {=a ~b}\n"
    bundle = settle(gift_in.read_gift(text))
    assert [question.stem for question in bundle.quiz.questions()] == ["Sebagian", "Baik"]
    told = {remark.item: (remark.whole, remark.reason) for remark in bundle.remarks}
    assert told["Rusak"] == (True, "kurung kurawalnya tidak berpasangan, atau lebih dari sepasang.")
    assert told["Tanpa jawaban benar"] == (True, "tidak ada jawaban yang benar.")
    assert told["Sebagian"][0] is False
    assert "BPK" in told["Sebagian"][1]


def test_signs_that_mean_something_in_markdown_stay_words():
    bundle = settle(gift_in.read_gift("Apa hasil 2 * 3 * 4, _garis_, [[x]], a < b {=24 ~- (x) 9 ~Jawaban\\: B}\n"))
    question = next(bundle.quiz.questions())
    assert not bundle.remarks
    assert question.kind == "single"
    assert rich.to_html(question.stem) == "<p>Apa hasil 2 * 3 * 4, _garis_, [[x]], a &lt; b</p>"
    assert [option.text.replace("\\", "") for option in question.options] == ["24", "- (x) 9", "Jawaban: B"]
