"""Questions with numbers that differ from attempt to attempt: "Parameter: a = 2..9", and {{a * 3}} in texts and answers.

Which numbers somebody got is drawn once from the attempt's seed and kept with the attempt. An expression is arithmetic and nothing else:
it is read by Python's own parser, and every part that is no number, known name, sum, product, power or listed function is refused.
"""

from __future__ import annotations

import ast
import math
import operator
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elearn_quizzes.numbers import number, number_text

EXPRESSION = re.compile(r"\{\{([^{}\n]{1,120})\}\}")
FIRST_TOKEN = 0xE100  # private-use characters stand for expressions while Markdown is drawn; nobody can type them by accident
MOST_EXPRESSIONS, MOST_VALUES, LARGEST = 200, 10_000, 1e15
_NAMED = re.compile(r"\s*([a-z]\w{0,15})\s*=\s*(.+?)\s*", re.IGNORECASE | re.ASCII)
_RANGE = re.compile(r"(.+?)\s*\.\.\s*(.+?)(?:\s+(?:langkah|step)\s+(.+))?", re.IGNORECASE)
_OPERATORS: dict[type[ast.AST], Callable[..., float]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Mod: operator.mod,
    ast.FloorDiv: operator.floordiv, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "min": min,
    "max": max,
    "sqrt": math.sqrt,
    "round": lambda x, n=0: round(x, int(n)),
}


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A number that is drawn for each attempt: one of ``values``."""

    name: str
    values: tuple[float, ...]

    def written(self) -> str:
        """The parameter as an author writes it."""
        return f"{self.name} = {' | '.join(number_text(value) for value in self.values)}"


def read_parameters(text: str) -> tuple[Parameter, ...]:
    """ "a = 2..9; b = 0,5..2 langkah 0,5; c = 4 | 8" as parameters. Raises ``ValueError`` for what is none."""
    return tuple(_parameter(part) for part in text.split(";") if part.strip())


def _parameter(text: str) -> Parameter:
    match = _NAMED.fullmatch(text)
    if match is None or match[1] in _FUNCTIONS:
        raise ValueError(f"no parameter: {text}")
    span = _RANGE.fullmatch(match[2])
    if span is None:
        values = tuple(_number(part) for part in match[2].split("|"))
        return Parameter(name=match[1], values=tuple(dict.fromkeys(values)))
    low, high, step = _number(span[1]), _number(span[2]), _number(span[3] or "1")
    if step <= 0 or high < low or (high - low) / step >= MOST_VALUES:
        raise ValueError(f"no parameter: {text}")
    return Parameter(name=match[1], values=tuple(round(low + step * at, 9) for at in range(int((high - low) / step + 1e-9) + 1)))


def _number(text: str) -> float:
    found = number(text.strip())
    if found is None or abs(found) > LARGEST:
        raise ValueError(f"no parameter: {text}")
    return found


def drawn_values(parameters: Sequence[Parameter], chance: random.Random) -> dict[str, float]:
    """One value for each parameter."""
    return {one.name: chance.choice(one.values) for one in parameters}


def evaluate(expression: str, values: Mapping[str, float]) -> float:
    """What an expression comes to. Raises ``ValueError`` where it is no arithmetic, or comes to no number of usual size."""
    try:
        found = _value(ast.parse(expression.strip().replace("^", "**"), mode="eval").body, values)
    except (ArithmeticError, SyntaxError, TypeError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(f"no arithmetic: {expression}") from error
    if not math.isfinite(found) or abs(found) > LARGEST:
        raise ValueError(f"no arithmetic of usual size: {expression}")
    return found


def _value(node: Any, values: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in values:
        return values[node.id]
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.operand, values))
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, values), _value(node.right, values)
        if isinstance(node.op, ast.Pow):
            return math.pow(left, right)
        if type(node.op) in _OPERATORS:
            return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _FUNCTIONS and not node.keywords and node.args:
        return float(_FUNCTIONS[node.func.id](*(_value(argument, values) for argument in node.args)))
    raise ValueError(f"no arithmetic: {ast.dump(node)[:80]}")


def said(value: float) -> str:
    """A value as it stands in a text: Indonesian writing, ten digits that count."""
    return number_text(float(f"{value:.10g}"))


def sample(text: str) -> str:
    """A text with 1 in the place of each expression: what form an answer has, whatever is drawn."""
    return EXPRESSION.sub("1", text)


def marked(text: str, expressions: list[str]) -> str:
    """A text with a token for each expression, before Markdown is drawn; ``expressions`` grows by what is new."""

    def token(match: re.Match[str]) -> str:
        expression = match[1].strip()
        if expression not in expressions:
            expressions.append(expression)
        return chr(FIRST_TOKEN + expressions.index(expression))

    return EXPRESSION.sub(token, text)


def filled(html: str, expressions: Sequence[str], values: Mapping[str, float]) -> str:
    """HTML with the numbers in the places of their tokens."""
    return html.translate({FIRST_TOKEN + at: said(evaluate(expression, values)) for at, expression in enumerate(expressions)})


def named(text: str, expressions: Sequence[str]) -> str:
    """A text with its expressions as their author wrote them, for whoever sees the question and no attempt at it."""
    return text.translate({FIRST_TOKEN + at: f"{{{{{expression}}}}}" for at, expression in enumerate(expressions)})


def filled_text(text: str, values: Mapping[str, float]) -> str:
    """An answer as written, with numbers for its expressions."""
    return EXPRESSION.sub(lambda match: said(evaluate(match[1], values)), text)
