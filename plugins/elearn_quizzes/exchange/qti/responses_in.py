"""What a QTI response says is right: values, what each is worth, and the tolerances that stand in the rules of marking."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from elearn import said
from elearn_quizzes.exchange.wordings import number_answer, range_answer, wording
from elearn_quizzes.numbers import number_text


class Left(Exception):
    """Why an item is left out, as an Indonesian sentence."""


@dataclass
class Declared:
    """A response: how many values, of what kind, the right ones, and what each is worth."""

    cardinality: str
    base: str
    correct: list[str]
    worth: dict[str, float] | None
    case: dict[str, bool] = field(default_factory=dict)


def declared_in(element: Element) -> Declared:
    """A response as its declaration has it."""
    mapping = element.find("mapping")
    correct = [" ".join((one.text or "").split()) for one in element.findall("correctResponse/value")]
    declared = Declared(element.get("cardinality", "single"), element.get("baseType", "identifier"), correct, None)
    if mapping is not None:
        entries = mapping.findall("mapEntry")
        declared.worth = {one.get("mapKey", ""): number_in(one.get("mappedValue")) or 0.0 for one in entries}
        declared.case = {one.get("mapKey", ""): one.get("caseSensitive", "false") == "true" for one in entries}
    return declared


def number_in(text: str | None) -> float | None:
    """A number; None for anything else."""
    try:
        value = float((text or "").strip())
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


def wordings_of(declared: Declared, lost: list[str]) -> list[str]:
    """The right words as authors write them; what does not come along joins ``lost``. Raises ``Left`` without any."""
    best = max((declared.worth or {}).values(), default=0.0)
    found = [key for key, value in (declared.worth or {}).items() if value >= best - 1e-9 and value > 0] or declared.correct
    for key, value in (declared.worth or {}).items():
        if 0 < value < best - 1e-9:
            lost.append(said("jawaban “{key}” bernilai sebagian; isian hanya mengenal benar dan salah.", key=key[:40]))
    if not found:
        raise Left(said("tidak ada jawaban yang benar."))
    return [wording(key.replace("*", "\\*"), exact=declared.case.get(key, False)) for key in found]


def numbers_of(declared: Declared, rules: Element | None, name: str) -> list[str]:
    """The right numbers of the response ``name`` as authors write them, with the tolerances that the ``rules`` of marking give. Raises
    ``Left`` without any."""
    answers: list[str] = []
    best = number_in(declared.correct[0]) if declared.correct else None
    for test in rules.iter() if rules is not None else ():
        ends = [number_in(one.text) for one in test.iter("baseValue")]
        about = any(one.get("identifier") == name for one in test.iter("variable"))
        if test.tag == "and" and {one.tag for one in test} == {"gte", "lte"} and about and len(ends) == 2 and None not in ends:
            answers.append(_between(min(ends), max(ends), best))  # type: ignore[type-var, arg-type]
        elif test.tag == "equal" and about:
            value = ends[0] if ends else best
            if value is not None:
                answers.append(_tolerated(test, value))
    if not answers:
        values = [number_in(text) for text in ([*(declared.worth or {})] or declared.correct)]
        answers = [number_text(value) for value in values if value is not None]
    if not answers:
        raise Left(said("tidak ada angka yang benar."))
    return answers


def _between(low: float, high: float, best: float | None) -> str:
    """A range; where the right value is its middle, that with a tolerance."""
    if best is not None and low < best < high and abs(best - low - (high - best)) < 1e-9 * max(1.0, abs(best)):
        return number_answer(best, round(high - best, 9))
    return range_answer(low, high)


def _tolerated(test: Element, value: float) -> str:
    """The answer of an "equal" with its tolerance: absolute, or relative in percent."""
    sides = [abs(number_in(part) or 0.0) for part in test.get("tolerance", "").split()]
    tolerance = max(sides, default=0.0)
    mode = test.get("toleranceMode", "exact")
    if mode == "exact" or not tolerance:
        return number_text(value)
    return number_answer(value, round(abs(value) * tolerance / 100, 12) if mode == "relative" else tolerance)
