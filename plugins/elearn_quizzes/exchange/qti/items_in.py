"""A QTI item as a question. The tree has the names of 2.x, whatever version it came in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from xml.etree.ElementTree import Element, tostring

from elearn import said
from elearn_quizzes.exchange import rich
from elearn_quizzes.exchange.bundle import with_points, with_stem
from elearn_quizzes.exchange.qti.items_out import NOTHING
from elearn_quizzes.exchange.qti.responses_in import Declared, Left, declared_in, number_in, numbers_of, wordings_of
from elearn_quizzes.exchange.shares import options_of
from elearn_quizzes.keywords import truth
from elearn_quizzes.questions import Criterion, Pair, Question, Step
from elearn_quizzes.texts import plain

INTERACTIONS = frozenset(
    "choiceInteraction textEntryInteraction extendedTextInteraction matchInteraction orderInteraction inlineChoiceInteraction uploadInteraction "
    "associateInteraction gapMatchInteraction hotspotInteraction hottextInteraction graphicOrderInteraction graphicAssociateInteraction "
    "graphicGapMatchInteraction positionObjectInteraction selectPointInteraction sliderInteraction drawingInteraction mediaInteraction "
    "customInteraction portableCustomInteraction endAttemptInteraction".split()
)
# What responses are marked by here; anything else is told.
KNOWN_RULES = frozenset(
    "responseProcessing responseCondition responseIf responseElse responseElseIf match variable correct mapResponse setOutcomeValue baseValue sum equal or "
    "and not isNull gte lte gt lt multiple".split()
)
TEMPLATES = ("match_correct", "map_response", "CC2_match", "CC2_match_basic", "match_correct.xml", "map_response.xml")
RIGHT, WRONG = {"right", "correct"}, {"wrong", "incorrect"}
_CRITERION = re.compile(r"^\s*[-*]?\s*\((\d+(?:[.,]\d+)?)\)\s*(\S.*)$")


class ItemReader:
    """One item on its way. ``lost`` gathers what does not come along."""

    def __init__(self, root: Element, picture: Callable[[str], str | None]) -> None:
        self.root, self.picture = root, picture
        self.lost: list[str] = []
        self.responses = {one.get("identifier", ""): declared_in(one) for one in root.findall("responseDeclaration")}
        self.points = self._points()

    def question(self) -> Question:
        """The question. Raises ``Left``."""
        root = self.root
        if root.get("adaptive") == "true":
            raise Left(said("soal bertahap (adaptive) tidak ada padanannya."))
        if root.find("templateDeclaration") is not None or root.find("templateProcessing") is not None:
            raise Left(said("angka yang berubah ditulis lain di QTI; tulis ulang dengan “Parameter:”."))
        body = root.find("itemBody")
        if body is None:
            raise Left(said("soal ini tidak memiliki isi."))
        found = [one for one in body.iter() if one.tag in INTERACTIONS]
        kinds = {one.tag for one in found}
        if not found:
            raise Left(said("ini teks tanpa pertanyaan."))
        if (len(found) > 1 and kinds <= {"textEntryInteraction", "inlineChoiceInteraction"}) or kinds == {"inlineChoiceInteraction"}:
            question = self._cloze(body, found)
        elif len(found) > 1:
            raise Left(said("beberapa pertanyaan dalam satu soal."))
        else:
            reader = _READERS.get(found[0].tag)
            if reader is None:
                raise Left(said("bentuk “{tag}” tidak ada padanannya.", tag=found[0].tag))
            rubric = self._rubric(body)
            question = replace(reader(self, found[0]), rubric=rubric)
            if rubric and question.kind not in ("essay", "upload"):
                question = replace(question, rubric=())
                self.lost.append(said("keterangan untuk penilai."))
            question = with_stem(question, self._stem(body, found[0]))
        if not question.stem:
            raise Left(said("soal ini tidak memiliki teks."))
        self._look_at_rules()
        return with_points(self._with_feedback(question), self.points)

    # -- texts ---------------------------------------------------------------------------------------------------------

    def text(self, *elements: Element) -> str:
        """What stands in these elements as Markdown, pictures taken along."""
        return rich.to_markdown("".join(self._html(one) for one in elements))

    def _html(self, element: Element) -> str:
        for one in element.iter():
            if one.tag in ("img", "object"):
                source = one.get("src") or one.get("data") or ""
                taken = self.picture(source)
                if taken is None:
                    self.lost.append(said("gambar “{source}”.", source=source[:60]))
                one.tag = "img"
                one.set("src", taken or "")
            elif one.tag in ("contentBody", "div", "prompt"):
                one.tag = "div"
        inside = (element.text or "").replace("&", "&amp;").replace("<", "&lt;")
        return inside + "".join(tostring(child, encoding="unicode", method="html") for child in element)

    def _stem(self, body: Element, interaction: Element) -> str:
        """All of the body but the interaction, with its prompt; a gap within a line shows as one."""
        prompt = interaction.find("prompt")
        parents = {child: parent for parent in body.iter() for child in parent}
        parent = parents[interaction]
        place = list(parent).index(interaction)
        around = "".join(parent.itertext()).strip()
        within = "".join(interaction.itertext()).strip()
        inline = interaction.tag == "textEntryInteraction" and parent is not body and around != within
        tail = interaction.tail or ""
        parent.remove(interaction)
        words = (" _____ " if inline else "") + tail
        if place:
            before = list(parent)[place - 1]
            before.tail = (before.tail or "") + words
        else:
            parent.text = (parent.text or "") + words
        for block in list(body.iter("rubricBlock")):
            parents[block].remove(block)
        parts = [self.text(body)]
        if prompt is not None:
            parts.append(self.text(prompt))
        return "\n\n".join(part for part in parts if part).replace("\\_\\_\\_\\_\\_", "_____")

    def _rubric(self, body: Element) -> tuple[Criterion, ...]:
        rows: list[str] = []
        for block in body.iter("rubricBlock"):
            if "scorer" in block.get("view", ""):
                rows += [row for row in self.text(block).split("\n") if row.strip()]
            else:
                self.lost.append(said("teks untuk peserta di luar soal (rubricBlock)."))
        return tuple(_criterion(row) for row in rows)

    def _with_feedback(self, question: Question) -> Question:
        """Modal feedback by its identifier: an option's, to all, to those who were right, and to the others."""
        options = {option.id: option for option in question.options}
        by_identifier = dict(zip(self.identifiers, question.options, strict=True)) if self.identifiers else {}
        general: list[str] = []
        right = wrong = ""
        for one in self.root.findall("modalFeedback"):
            name, text = one.get("identifier", ""), self.text(one)
            if not text:
                continue
            if name in by_identifier:
                option = by_identifier[name]
                options[option.id] = replace(
                    options[option.id], feedback="\n\n".join(part for part in (options[option.id].feedback, text) if part)
                )
            elif name.casefold() in RIGHT:
                right = text
            elif name.casefold() in WRONG:
                wrong = text
            else:
                general.append(text)
        return replace(
            question,
            options=tuple(options.values()),
            explanation="\n\n".join(general),
            if_right=right or question.if_right,
            if_wrong=wrong or question.if_wrong,
        )

    identifiers: tuple[str, ...] = ()

    # -- marking -------------------------------------------------------------------------------------------------------

    def _points(self) -> float | None:
        for outcome in self.root.findall("outcomeDeclaration"):
            if outcome.get("identifier") == "MAXSCORE":
                return number_in(outcome.findtext("defaultValue/value"))
        for outcome in self.root.findall("outcomeDeclaration"):
            if outcome.get("identifier") == "SCORE" and outcome.get("normalMaximum"):
                return number_in(outcome.get("normalMaximum"))
        return None

    def _look_at_rules(self) -> None:
        rules = self.root.find("responseProcessing")
        if rules is None:
            return
        template = rules.get("template", "").rpartition("/")[2]
        strange = sorted({one.tag for one in rules.iter()} - KNOWN_RULES)
        if strange or (template and template not in TEMPLATES):
            self.lost.append(
                said("aturan nilai khusus ({rules}); dinilai menurut jawaban yang benar.", rules=", ".join(strange) or template)
            )

    def response(self, interaction: Element) -> Declared:
        """The response of an interaction."""
        name = interaction.get("responseIdentifier", "")
        found = self.responses.get(name)
        if found is None:
            raise Left(said("jawaban “{name}” tidak dinyatakan.", name=name[:40]))
        return found

    def worth_of(self, declared: Declared, most: float) -> dict[str, float]:
        """What the values earn as shares of the question's points."""
        return {key: value / most for key, value in (declared.worth or {}).items()} if most else {}

    # -- forms ---------------------------------------------------------------------------------------------------------

    def choice(self, interaction: Element) -> Question:
        """One or several of some options, or an opinion where none is right."""
        declared = self.response(interaction)
        choices = interaction.findall("simpleChoice")
        names = [one.get("identifier", "") for one in choices]
        many = declared.cardinality == "multiple"
        shuffle = True if interaction.get("shuffle") == "true" else None
        told = []
        for one in choices:
            inside = one.findall("feedbackInline")
            feedback = self.text(*inside) if inside else ""
            for element in inside:
                one.remove(element)
            told.append((self.text(one), feedback))
        if set(names) == {"true", "false"} and not many and all(truth(plain(text)) is not None for text, _f in told):
            return self._true_false(declared, dict(zip(names, told, strict=True)))
        self.identifiers = tuple(names)
        if not declared.correct and not declared.worth:
            options = options_of(told, [1.0] + [0.0] * (len(told) - 1), many=False)
            kept = tuple(replace(option, right=False) for option in options)
            return Question(id="", kind="survey", options=kept, many=many, shuffle=shuffle)
        if declared.worth is None:
            right = [name in declared.correct for name in names]
            base = sum(right) or 1
            shares = [(1.0 if one else -1.0 if many else 0.0) / (base if many else 1) for one in right]
            return Question(
                id="",
                kind="multiple" if many else "single",
                options=options_of(told, shares, many=many),
                all_or_nothing=many,
                shuffle=shuffle,
            )
        positive = [value for value in declared.worth.values() if value > 0]
        most = self.points or (sum(positive) if many else max(positive, default=0.0))
        if not positive or not most:
            raise Left(said("tidak ada jawaban yang bernilai."))
        self.points = most
        shares = [self.worth_of(declared, most).get(name, 0.0) for name in names]
        return Question(id="", kind="multiple" if many else "single", options=options_of(told, shares, many=many), shuffle=shuffle)

    def _true_false(self, declared: Declared, told: dict[str, tuple[str, str]]) -> Question:
        right = (declared.correct or [name for name, worth in (declared.worth or {}).items() if worth > 0] or [""])[0]
        if right not in told:
            raise Left(said("tidak ada jawaban yang benar."))
        wrong = "false" if right == "true" else "true"
        return Question(id="", kind="true_false", truth=right == "true", if_right=told[right][1], if_wrong=told[wrong][1])

    def entry(self, interaction: Element) -> Question:
        """Some words, or a number."""
        declared = self.response(interaction)
        if declared.base in ("float", "integer"):
            return Question(id="", kind="number", answers=tuple(self._numbers(declared, interaction)))
        return Question(id="", kind="short", answers=tuple(wordings_of(declared, self.lost)))

    def _numbers(self, declared: Declared, interaction: Element) -> list[str]:
        return numbers_of(declared, self.root.find("responseProcessing"), interaction.get("responseIdentifier", ""))

    def extended(self, interaction: Element) -> Question:
        """A text to write, or an opinion."""
        opinion = interaction.get("class") == NOTHING or self.points == 0
        return Question(id="", kind="survey" if opinion else "essay")

    def upload(self, interaction: Element) -> Question:
        """A file to hand in."""
        return Question(id="", kind="upload")

    def match(self, interaction: Element) -> Question:
        """Pairs of two sets."""
        declared = self.response(interaction)
        sets = interaction.findall("simpleMatchSet")
        if len(sets) != 2:
            raise Left(said("pasangan tanpa dua kelompok."))
        left, right = ({one.get("identifier", ""): self.text(one) for one in side.findall("simpleAssociableChoice")} for side in sets)
        pairs = [
            tuple(value.split()) for value in (declared.correct or [key for key, worth in (declared.worth or {}).items() if worth > 0])
        ]
        good = [(one[0], one[1]) for one in pairs if len(one) == 2 and one[0] in left and one[1] in right]
        if len(good) != len(pairs) or not pairs or len({one for one, _other in good}) != len(good):
            raise Left(said("pasangannya tidak satu lawan satu."))
        if len({other for _one, other in good}) != len(good) or len(good) != len(left):
            raise Left(said("pasangannya tidak satu lawan satu."))
        used = {other for _one, other in good}
        return Question(
            id="",
            kind="match",
            pairs=tuple(Pair(left=left[one], right=right[other]) for one, other in good),
            distractors=tuple(text for name, text in right.items() if name not in used),
            all_or_nothing=declared.worth is None,
            shuffle=False if interaction.get("shuffle") == "false" else None,
        )

    def order(self, interaction: Element) -> Question:
        """Steps in the right order."""
        declared = self.response(interaction)
        texts = {one.get("identifier", ""): self.text(one) for one in interaction.findall("simpleChoice")}
        if set(declared.correct) != set(texts) or len(texts) < 2:
            raise Left(said("urutan yang benar tidak memuat semua langkah."))
        shuffle = False if interaction.get("shuffle") == "false" else None
        return Question(
            id="", kind="order", steps=tuple(Step(text=texts[name]) for name in declared.correct), all_or_nothing=True, shuffle=shuffle
        )

    def _cloze(self, body: Element, found: list[Element]) -> Question:
        gaps: list[str] = []
        parents = {child: parent for parent in body.iter() for child in parent}
        for at, interaction in enumerate(found):
            declared = self.response(interaction)
            if interaction.tag == "inlineChoiceInteraction":
                best = max((declared.worth or {}).values(), default=0.0)
                right = {key for key, worth in (declared.worth or {}).items() if worth >= best > 0} or set(declared.correct)
                options = [(one.get("identifier", ""), plain(self.text(one))) for one in interaction.findall("inlineChoice")]
                inside = " | ".join(f"({'x' if name in right else ' '}) {text}" for name, text in options)
            elif declared.base in ("float", "integer"):
                inside = "|".join(self._numbers(declared, interaction))
            else:
                inside = "|".join(wordings_of(declared, self.lost))
            if set(inside) & set("[]\n"):
                raise Left(said("rumpang dengan tanda [ atau ]."))
            gaps.append(f"[[{inside}]]")
            tail = interaction.tail
            for child in list(interaction):
                interaction.remove(child)
            interaction.tag, interaction.attrib, interaction.text, interaction.tail = "span", {}, f"\ue010{at}\ue011", tail
        for block in list(body.iter("rubricBlock")):
            parents[block].remove(block)
        text = re.sub("\ue010(\\d+)\ue011", lambda match: gaps[int(match[1])], self.text(body))
        return with_stem(Question(id="", kind="cloze"), text)


def _criterion(row: str) -> Criterion:
    found = _CRITERION.match(row)
    if found:
        return Criterion(text=found[2].strip(), points=float(found[1].replace(",", ".")))
    return Criterion(text=re.sub(r"^\s*[-*]\s+", "", row).strip(), points=None)


_READERS: dict[str, Callable[[ItemReader, Element], Question]] = {
    "choiceInteraction": ItemReader.choice,
    "textEntryInteraction": ItemReader.entry,
    "extendedTextInteraction": ItemReader.extended,
    "uploadInteraction": ItemReader.upload,
    "matchInteraction": ItemReader.match,
    "orderInteraction": ItemReader.order,
}
