"""A problem as commands show it: a line to read, JSON, or an annotation that GitHub puts beside the line."""

from __future__ import annotations

from elearn.commands.speech import translate
from elearn.errors import Problem

GITHUB_KINDS = {"error": "error", "warning": "warning", "fixed": "notice"}


def say_problem(problem: Problem) -> str:
    """file:line:column: code message remedy"""
    cure = problem.cure(translate)
    return f"{problem.file}:{problem.line}:{problem.column}: {problem.code} {problem.text(translate)}{' ' + cure if cure else ''}"


def as_json(problem: Problem) -> dict[str, str | int]:
    """A problem as it is exchanged: file, line, column, code, message, remedy, severity."""
    return {
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "code": problem.code,
        "message": problem.text(translate),
        "remedy": problem.cure(translate),
        "severity": problem.severity,
    }


def as_github(problem: Problem, *, folder: str) -> str:
    """A workflow command (docs.github.com, "Workflow commands for GitHub Actions"): shown at the line in a pull request. ``folder`` is
    the course's, as seen from where the command runs."""
    file = "/".join(part for part in (folder, problem.file) if part and part != ".")
    places = {"file": file, "line": problem.line or 1, "col": problem.column or 1, "title": problem.code}
    said = " ".join(filter(None, (problem.text(translate), problem.cure(translate))))
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    return f"::{GITHUB_KINDS[problem.severity]} {properties}::{_escaped(said)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _escaped(text).replace(":", "%3A").replace(",", "%2C")
