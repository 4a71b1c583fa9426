"""QTI: a player that is not ours marks our items as we do, another's converter makes the one version of the other, and packages of other
systems are read."""

import itertools
import re
from functools import lru_cache

import pytest
from elearn_quizzes.exchange import markdown
from elearn_quizzes.exchange.archive import read_archive
from elearn_quizzes.exchange.bundle import Bundle
from elearn_quizzes.exchange.qti.reading import read_qti
from elearn_quizzes.exchange.qti.writing import write_qti
from elearn_quizzes.exchange.settling import settle
from elearn_quizzes.grading import FALSE, TRUE, grade
from elearn_quizzes.publishing import publish
from qti_convert import downgrade_package, package_to_zip, upgrade_package

from elearn import BlockSource
from tests.plugins.quizzes.exchange.test_round_trips import meaning
from tests.plugins.quizzes.test_round_trip import COURSES, FORMS

MARKED = ("single", "multiple", "true_false", "short", "number", "match", "order", "cloze")
MORE = """---
jenis: kuis
---

## Soal 1: Pilih lembaga.

- [x] KPK
- [x] UPG
- [ ] BPK
- [ ] BPKP

Poin: 4

## Soal 2: Semua atau tidak.

- [x] A
- [x] B
- [ ] C

Penilaian: semua

## Soal 3: Berbobot.

- [50%] satu
- [50%] dua
- [-100%] tiga

## Soal 4: Kata?

Jawaban: KPK | "Upg" | a*b

Poin: 2,5

## Soal 5: Angka?

Jawaban: 1.250 ± 5% | 10..20 | -3

## Soal 6: Pasangkan.

Pasangkan:
- satu => 1
- dua => 2
- tiga => 3
- => 4

Poin: 3

## Soal 7: Pasangkan semua.

Pasangkan:
- satu => 1
- dua => 2

Penilaian: semua

## Soal 8: Urutkan.

Urutkan:
1. satu
2. dua
3. tiga

Penilaian: semua

## Soal 9: Rumpang

Tulis [[KPK|Komisi]] lalu [[(x) 30 | ( ) 7]] dan [[12]].

Poin: 3

## Soal 10: Benar?

Jawaban: Salah

Jika-benar: Ya, salah.
Jika-salah: Bukan.
"""


@lru_cache(maxsize=1)
def bundles() -> list[Bundle]:
    texts = [MORE, FORMS, *(path.read_text("utf-8") for path in COURSES)]
    return [bundle for bundle in (settle(markdown.read_markdown(text)) for text in texts) if any(bundle.quiz.questions())]


def items_of(bundle):
    """The questions that are marked by a machine, ready to be asked."""

    def draw(text, *, line=0, inline=False, file=""):
        return text

    source = BlockSource(kind="quiz", id="q", body="", file="q.md", line=1, meta={}, whole_file=False, markdown=draw)
    return [item for pool in publish(bundle.quiz, source).pools for item in pool.items]


def files_of(data):
    return {
        path: content
        for path, content in read_archive(data).items()
        if path.endswith(".xml") and path not in ("test.xml", "imsmanifest.xml")
    }


def tries(question, item, names):
    """Answers worth trying: (as we keep them, the responses of QTI)."""
    if question.kind == "single":
        return [(one.id, {"RESPONSE": name}) for one, name in zip(item.choices, names, strict=True)]
    if question.kind == "multiple":
        pairs = list(zip([one.id for one in item.choices], names, strict=True))
        chosen = [some for size in range(1, len(pairs) + 1) for some in itertools.combinations(pairs, size)]
        return [([one for one, _name in some], {"RESPONSE": [name for _one, name in some]}) for some in chosen]
    if question.kind == "true_false":
        return [(TRUE, {"RESPONSE": "true"}), (FALSE, {"RESPONSE": "false"})]
    if question.kind == "short":
        given = [*(one["value"] for one in item.accepted if one["how"] != "pattern"), "sesuatu lain"]
        given += [text.upper() for text in given]
        return [(text, {"RESPONSE": text}) for text in given]
    if question.kind == "number":
        given = [value for one in item.ranges for value in (one.low, one.high, (one.low + one.high) / 2, one.low - 1, one.high + 0.5)]
        return [(f"{value:.9f}".replace(".", ","), {"RESPONSE": str(round(value, 9))}) for value in given]
    if question.kind == "match":
        keys = [row.key for row in item.rows]
        orders = [keys, keys[1:] + keys[:1], [keys[0], *[""] * (len(keys) - 1)]]
        places = {key: f"R{at}" for at, key in enumerate(keys, 1)}
        return [
            (
                {row.id: key for row, key in zip(item.rows, order, strict=True) if key},
                {"RESPONSE": [f"L{at} {places[key]}" for at, key in enumerate(order, 1) if key]},
            )
            for order in orders
        ]
    if question.kind == "order":
        ids = [row.id for row in item.rows]
        orders = [list(range(len(ids))), [1, 0, *range(2, len(ids))]] if question.all_or_nothing else [list(range(len(ids)))]
        return [({ids[at]: place for place, at in enumerate(order, 1)}, {"RESPONSE": [f"S{at + 1}" for at in order]}) for order in orders]
    gaps = [
        (
            [one.id for one in gap.choices if one.right]
            or [one["value"] for one in gap.accepted]
            or [f"{one.value:g}" for one in gap.ranges]
        )[0]
        for gap in item.gaps
    ]
    wrong = [next((one.id for one in gap.choices if not one.right), "99") for gap in item.gaps]
    mixed = [gaps, wrong, [gaps[0], *wrong[1:]]]
    return [(some, {f"RESPONSE_{at}": value for at, value in enumerate(some, 1)}) for some in mixed]


def identifiers(data):
    return re.findall(r'<qti-simple-choice identifier="([^"]+)"', data.decode())


def marked_alike(bundle, data, player):
    """How many answers a player marks as we do."""
    files, found = files_of(data), 0
    for question, item in zip(bundle.quiz.questions(), items_of(bundle), strict=True):
        name = next((one for one in files if one.removeprefix("_") == f"{question.id}.xml"), None)
        if question.kind not in MARKED or name is None:
            continue
        pairs = tries(question, item, identifiers(files[name]))
        played = player(files[name], [responses for _answer, responses in pairs])
        ours = [round(grade(item, answer).share * item.points, 3) for answer, _responses in pairs]
        theirs = [round(max(0.0, float(one["SCORE"])), 3) for one in played["outcomes"]]
        assert theirs == pytest.approx(ours, abs=0.0011), (question.stem, question.kind, pairs, files[name].decode())
        assert [float(one["MAXSCORE"]) for one in played["outcomes"]] == [item.points] * len(pairs)
        if question.if_right:
            assert [one["FEEDBACK_RESULT"] == "right" for one in played["outcomes"]] == [share >= item.points for share in ours]
        assert played["shown"].strip()
        found += len(pairs)
    return found


def test_a_player_marks_our_items_as_we_do(player):
    assert sum(marked_alike(bundle, write_qti(bundle, version="3.0")[0], player) for bundle in bundles()) > 300


def converted(data, convert):
    """A package through another's converter."""
    return package_to_zip(convert(data).files)


def test_our_2_1_made_3_0_by_another_is_marked_as_we_do(player):
    bundle = bundles()[0]
    data = converted(write_qti(bundle, version="2.1")[0], upgrade_package)
    assert marked_alike(bundle, data, player) > 40


@pytest.mark.parametrize(("version", "convert"), [("2.1", upgrade_package), ("3.0", downgrade_package)])
def test_what_another_converter_made_of_ours_reads_the_same(version, convert):
    for bundle in bundles():
        ours = write_qti(bundle, version=version)[0]
        direct = settle(read_qti(ours))
        through = settle(read_qti(converted(ours, convert)))
        assert [meaning(one) for one in through.quiz.questions()] == [meaning(one) for one in direct.quiz.questions()]
        assert [(group.name, group.draw) for group in through.quiz.groups] == [(group.name, group.draw) for group in direct.quiz.groups]
