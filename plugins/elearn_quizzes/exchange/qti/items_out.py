"""A question as a QTI item, in the names of 2.x."""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.etree.ElementTree import Element, tostring

from elearn import said
from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.qti.making import add, blocks_only, identifier, number, put, put_html, unused
from elearn_quizzes.exchange.qti.names import Version
from elearn_quizzes.exchange.shares import shares_of
from elearn_quizzes.exchange.wordings import starred
from elearn_quizzes.gaps import Gap, find_gaps
from elearn_quizzes.numbers import Range, read_range
from elearn_quizzes.questions import Question
from elearn_quizzes.texts import plain, shortened

TEMPLATE = "http://www.imsglobal.org/question/qti_v2p1/rptemplates/"
RESPONSE = "RESPONSE"
NOTHING = "survey"


class CannotHold(Exception):
    """Why QTI holds no such question, as an Indonesian sentence."""


class ItemWriter:
    """One question on its way. ``lost`` gathers what does not come along."""

    def __init__(self, question: Question, version: Version) -> None:
        self.question, self.version = question, version
        self.lost: list[str] = []
        title = shortened(plain(question.stem.partition("\n\n")[0]), 100) or question.id
        attributes = {"identifier": identifier(question.id), "title": re.sub(r"\[\[.*?\]\]", "…", title)}
        self.item = Element("assessmentItem", {**attributes, "adaptive": "false", "timeDependent": "false"})
        self.declared: list[Element] = []
        self.body = Element("itemBody")
        self.rules: list[Element] = []
        self.feedback: list[tuple[str, str, str]] = []  # outcome, identifier, text
        self.feedback_cardinality = "single"

    def element(self) -> Element:
        """The item. Raises ``CannotHold``."""
        question = self.question
        if question.parameters:
            raise CannotHold(said("QTI memuat angka yang berubah dengan cara lain; soal ini tidak dapat dipindahkan dengan benar."))
        if question.kind != "cloze":
            put(self.body, question.stem, version=self.version)
        _WRITERS[question.kind](self)
        blocks_only(self.body)
        self._tell()
        self._unheld()
        self.item.extend(self.declared)
        self._outcome("SCORE", "single", "float", "0")
        self._outcome("MAXSCORE", "single", "float", number(question.points))
        for outcome in dict.fromkeys(name for name, _id, _text in self.feedback):
            self._outcome(outcome, self.feedback_cardinality if outcome == "FEEDBACK" else "single", "identifier")
        self.item.append(self.body)
        if self.rules:
            add(self.item, "responseProcessing").extend(self.rules)
        for outcome, name, text in self.feedback:
            box = add(self.item, "modalFeedback", outcomeIdentifier=outcome, identifier=name, showHide="show")
            put(add(box, "contentBody") if self.version == "3.0" else box, text, version=self.version)
        return self.item

    def _outcome(self, name: str, cardinality: str, base: str, value: str = "") -> None:
        outcome = add(self.item, "outcomeDeclaration", identifier=name, cardinality=cardinality, baseType=base)
        if value:
            add(add(outcome, "defaultValue"), "value", value)

    def _tell(self) -> None:
        """What is said after the answer: to all, to those who were right, and to the others."""
        question = self.question
        if question.explanation:
            self.feedback.append(("FEEDBACK_GENERAL", "explanation", question.explanation))
            self._set("FEEDBACK_GENERAL", _name("explanation"))
        if question.kind in ("essay", "upload", "survey"):
            if question.if_right or question.if_wrong:
                self.lost.append(said("umpan balik benar dan salah pada soal yang dinilai orang."))
            return
        told = [(name, text) for name, text in (("right", question.if_right), ("wrong", question.if_wrong)) if text]
        if not told:
            return
        self.feedback += [("FEEDBACK_RESULT", name, text) for name, text in told]
        condition = Element("responseCondition")
        branch = add(condition, "responseIf")
        test = add(branch, "gte")
        add(test, "variable", identifier="SCORE")
        add(test, "baseValue", number(question.points * 0.999), baseType="float")  # thirds do not add up to one
        add(branch, "setOutcomeValue", identifier="FEEDBACK_RESULT").append(_name("right"))
        other = add(condition, "responseElse")
        add(other, "setOutcomeValue", identifier="FEEDBACK_RESULT").append(_name("wrong"))
        self.rules.append(condition)

    def _unheld(self) -> None:
        question = self.question
        held = {"single": True, "multiple": True, "survey": True, "match": False, "order": False}
        if question.shuffle is not None and question.shuffle is not held.get(question.kind):
            self.lost.append(said("pengacakan mengikuti kuisnya, bukan soal ini."))
        for word, value in (
            (said("petunjuk dan biayanya"), question.hint or question.hint_cost),
            (said("satuan"), question.unit),
            (said("banyaknya kata"), question.words),
            (said("contoh jawaban untuk penilai"), question.kind in ("essay", "upload") and question.answers),
        ):
            if value:
                self.lost.append(said("QTI tidak memuat {word}.", word=word))

    # -- parts ---------------------------------------------------------------------------------------------------------

    def declare(self, name: str, cardinality: str, base: str, correct: list[str]) -> Element:
        """A response and its right values."""
        declaration = Element("responseDeclaration", {"identifier": name, "cardinality": cardinality, "baseType": base})
        if correct:
            box = add(declaration, "correctResponse")
            for value in correct:
                add(box, "value", value)
        self.declared.append(declaration)
        return declaration

    def mapped(self, declaration: Element, entries: list[tuple[str, float, str]]) -> None:
        """What each value is worth in points, together never less than none; (value, points, "" or whether case counts)."""
        mapping = add(declaration, "mapping", defaultValue="0", lowerBound="0")
        for key, value, case in entries:
            add(mapping, "mapEntry", mapKey=key, mappedValue=number(value), **({"caseSensitive": case} if case else {}))

    def _set(self, outcome: str, expression: Element) -> None:
        rule = Element("setOutcomeValue", {"identifier": outcome})
        rule.append(expression)
        self.rules.append(rule)

    def by_mapping(self, *names: str) -> None:
        """The score is what the mappings give together."""
        found = []
        for name in names:
            found.append(Element("mapResponse", {"identifier": name}))
        if len(found) == 1:
            self._set("SCORE", found[0])
        else:
            together = Element("sum")
            together.extend(found)
            self._set("SCORE", together)

    def by_test(self, test: Element) -> None:
        """All points where the test holds, else none."""
        condition = Element("responseCondition")
        branch = add(condition, "responseIf")
        branch.append(test)
        value = add(branch, "setOutcomeValue", identifier="SCORE")
        add(value, "baseValue", number(self.question.points), baseType="float")
        self.rules.append(condition)

    def matches(self, name: str = RESPONSE) -> Element:
        """Whether the response is the right one."""
        test = Element("match")
        add(test, "variable", identifier=name)
        add(test, "correct", identifier=name)
        return test

    # -- forms ---------------------------------------------------------------------------------------------------------

    def choice(self) -> None:
        question = self.question
        survey = question.kind == "survey"
        many = question.many or question.kind == "multiple"
        seen: set[str] = set()
        names = [unused(identifier(option.id), seen) for option in question.options]
        shares = [] if survey else shares_of(question)
        right = [name for name, share in zip(names, shares, strict=False) if share > 0]
        if question.kind == "single" and right:
            right = [names[shares.index(max(shares))]]
        declaration = self.declare(RESPONSE, "multiple" if many else "single", "identifier", right)
        if not survey and not (question.all_or_nothing and many and not question.weighted):
            entries = [(name, share * question.points, "") for name, share in zip(names, shares, strict=True) if share]
            self.mapped(declaration, entries)
            self.by_mapping(RESPONSE)
        elif not survey:
            self.by_test(self.matches())
        box = self._choices("0" if many else "1")
        for name, option in zip(names, question.options, strict=True):
            put(add(box, "simpleChoice", identifier=name), option.text, version=self.version, inline=True)
        told = [(name, option.feedback) for name, option in zip(names, question.options, strict=True) if option.feedback]
        if told:
            self.feedback += [("FEEDBACK", name, text) for name, text in told]
            self.feedback_cardinality = "multiple" if many else "single"
            self._set("FEEDBACK", Element("variable", {"identifier": RESPONSE}))

    def _choices(self, most: str, **more: str) -> Element:
        shuffle = "true" if self.question.shuffle else "false"
        return add(self.body, "choiceInteraction", responseIdentifier=RESPONSE, shuffle=shuffle, maxChoices=most, **more)

    def true_false(self) -> None:
        question = self.question
        declaration = self.declare(RESPONSE, "single", "identifier", ["true" if question.truth else "false"])
        self.mapped(declaration, [("true" if question.truth else "false", question.points, "")])
        self.by_mapping(RESPONSE)
        box = self._choices("1", **{"class": "true-false"})
        add(box, "simpleChoice", "Benar", identifier="true")
        add(box, "simpleChoice", "Salah", identifier="false")

    def short(self) -> None:
        entries = self._wordings(self.question.answers, self.question.points)
        declaration = self.declare(RESPONSE, "single", "string", [entries[0][0]])
        self.mapped(declaration, entries)
        self.by_mapping(RESPONSE)
        add(self.body, "textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="30")

    def _wordings(self, answers: tuple[str, ...], points: float) -> list[tuple[str, float, str]]:
        entries: dict[str, tuple[str, float, str]] = {}
        for raw in answers:
            read = starred(raw)
            if read is None or re.search(r"(?<!\\)\*", read[0]):
                self.lost.append(said("QTI tidak mengenal pola {raw}.", raw=raw))
                continue
            text = read[0].replace("\\*", "*")
            entries.setdefault(text, (text, points, "true" if read[1] else "false"))
        if not entries:
            raise CannotHold(said("semua jawabannya pola, dan QTI tidak mengenal pola."))
        return list(entries.values())

    def number(self) -> None:
        ranges = [_range(raw) for raw in self.question.answers]
        first = ranges[0]  # the low end of a range, the middle where there is a tolerance: so reading tells them apart
        self.declare(RESPONSE, "single", "float", [number(first.low if first.value is None else first.value)])
        tests = [_within(RESPONSE, one) for one in ranges]
        if len(tests) > 1:
            either = Element("or")
            either.extend(tests)
            tests = [either]
        self.by_test(tests[0])
        add(self.body, "textEntryInteraction", responseIdentifier=RESPONSE, expectedLength="15")

    def match(self) -> None:
        question = self.question
        left = [f"L{at}" for at in range(1, len(question.pairs) + 1)]
        rights = [pair.right for pair in question.pairs] + list(question.distractors)
        right = [f"R{at}" for at in range(1, len(rights) + 1)]
        pairs = [f"{one} {other}" for one, other in zip(left, right, strict=False)]
        declaration = self.declare(RESPONSE, "multiple", "directedPair", pairs)
        if question.all_or_nothing:
            self.by_test(self.matches())
        else:
            self.mapped(declaration, [(pair, question.points / len(pairs), "") for pair in pairs])
            self.by_mapping(RESPONSE)
        shuffle = "false" if question.shuffle is False else "true"
        box = add(self.body, "matchInteraction", responseIdentifier=RESPONSE, shuffle=shuffle, maxAssociations=str(len(pairs)))
        for names, texts in ((left, [pair.left for pair in question.pairs]), (right, rights)):
            side = add(box, "simpleMatchSet")
            for name, text in zip(names, texts, strict=True):
                put(add(side, "simpleAssociableChoice", identifier=name, matchMax="1"), text, version=self.version, inline=True)

    def order(self) -> None:
        question = self.question
        if not question.all_or_nothing:
            self.lost.append(said("di QTI urutan dinilai semua atau tidak sama sekali, di sini bernilai sebagian."))
        names = [f"S{at}" for at in range(1, len(question.steps) + 1)]
        self.declare(RESPONSE, "ordered", "identifier", names)
        self.by_test(self.matches())
        shuffle = "false" if question.shuffle is False else "true"
        box = add(self.body, "orderInteraction", responseIdentifier=RESPONSE, shuffle=shuffle)
        for name, step in zip(names, question.steps, strict=True):
            put(add(box, "simpleChoice", identifier=name), step.text, version=self.version, inline=True)

    def cloze(self) -> None:
        question = self.question
        stem, gaps = question.stem, find_gaps(question.stem)
        pieces, at = [], 0
        for place, gap in enumerate(gaps):
            pieces += [stem[at : gap.start], f"\ue010{place}\ue011"]
            at = gap.end
        html = rich.to_html("".join([*pieces, stem[at:]]))
        points = question.points / len(gaps)
        names = [f"{RESPONSE}_{place}" for place in range(1, len(gaps) + 1)]
        for name, gap in zip(names, gaps, strict=True):
            html = html.replace(f"\ue010{names.index(name)}\ue011", self._gap(name, gap, points))
        put_html(self.body, html, version=self.version)
        tests = [rule for rule in self.rules if rule.tag == "setOutcomeValue"]
        self.rules = [rule for rule in self.rules if rule not in tests]
        if question.all_or_nothing:
            raise CannotHold(said("rumpang yang dinilai semua atau tidak sama sekali."))
        self.by_mapping(*names)

    def _gap(self, name: str, gap: Gap, points: float) -> str:
        if gap.options:
            seen: set[str] = set()
            ids = [unused(identifier(option.id), seen) for option in gap.options]
            right = [one for one, option in zip(ids, gap.options, strict=True) if option.right]
            self.mapped(self.declare(name, "single", "identifier", right), [(one, points, "") for one in right])
            box = Element("inlineChoiceInteraction", {"responseIdentifier": name, "shuffle": "false"})
            for one, option in zip(ids, gap.options, strict=True):
                add(box, "inlineChoice", plain(option.text), identifier=one)
            return tostring(box, encoding="unicode")
        ranges = [read_range(raw) for raw in gap.wordings]
        if all(ranges):
            known = [one for one in ranges if one]
            if any(one.low != one.high for one in known):
                raise CannotHold(said("ada rumpang angka dengan toleransi atau rentang."))
            values = [number(one.low) for one in known]
            self.mapped(self.declare(name, "single", "float", values[:1]), [(value, points, "") for value in values])
        else:
            entries = self._wordings(gap.wordings, points)
            self.mapped(self.declare(name, "single", "string", [entries[0][0]]), entries)
        box = Element("textEntryInteraction", {"responseIdentifier": name, "expectedLength": "20"})
        return tostring(box, encoding="unicode")

    def essay(self) -> None:
        question = self.question
        upload = question.kind == "upload"
        self.declare(RESPONSE, "single", "file" if upload else "string", [])
        if upload:
            add(self.body, "uploadInteraction", responseIdentifier=RESPONSE)
        else:
            add(self.body, "extendedTextInteraction", responseIdentifier=RESPONSE, expectedLength="1000")
        if question.rubric:
            box = add(self.body, "rubricBlock", view="scorer", **({"use": "scoring"} if self.version == "3.0" else {}))
            inside = add(box, "contentBody") if self.version == "3.0" else box
            rows = [f"- ({number(one.points)}) {one.text}" if one.points is not None else f"- {one.text}" for one in question.rubric]
            put(inside, "\n".join(rows), version=self.version)

    def survey(self) -> None:
        if self.question.options:
            self.choice()
            return
        self.declare(RESPONSE, "single", "string", [])
        add(self.body, "extendedTextInteraction", responseIdentifier=RESPONSE, **{"class": NOTHING})


def _name(value: str) -> Element:
    element = Element("baseValue", {"baseType": "identifier"})
    element.text = value
    return element


def _range(raw: str) -> Range:
    read = read_range(raw)
    if read is None:
        raise CannotHold(said("angka tidak terbaca: {raw}.", raw=raw))
    return read


def _within(name: str, one: Range) -> Element:
    """Whether a response lies in a range. Not every player knows the tolerances of "equal", so what is not exact is a range."""
    if one.low == one.high:
        test = Element("equal", {"toleranceMode": "exact"})
        add(test, "variable", identifier=name)
        add(test, "baseValue", number(one.low), baseType="float")
        return test
    both = Element("and")
    for kind, end in (("gte", one.low), ("lte", one.high)):
        test = add(both, kind)
        add(test, "variable", identifier=name)
        add(test, "baseValue", number(end), baseType="float")
    return both


_WRITERS: dict[str, Callable[[ItemWriter], None]] = {
    "single": ItemWriter.choice,
    "multiple": ItemWriter.choice,
    "true_false": ItemWriter.true_false,
    "short": ItemWriter.short,
    "number": ItemWriter.number,
    "match": ItemWriter.match,
    "order": ItemWriter.order,
    "cloze": ItemWriter.cloze,
    "essay": ItemWriter.essay,
    "upload": ItemWriter.essay,
    "survey": ItemWriter.survey,
}
