"""What can go wrong, from the widest to the narrowest.

* ``ElearnError``
    - ``ContentError``   a course or a file in it may not be published; carries every fault found
    - ``PluginError``    plugins break the contract; carries every load fault found
    - ``SettingError``   the site is set up wrongly: a setting, the database, a missing secret
    - ``NotAllowed``     the viewer lacks a permission
    - ``Refused``        a rule says no to what somebody asked for, with the reason to show them
    - ``JobStopped``     the rest of a job would fare no better, with the reason

A ``Problem`` is one fault in a course, where it stands and what to do about it.
"""

from __future__ import annotations

import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Severity = Literal["error", "warning", "fixed"]


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One fault in a course file.

    ``message`` and ``remedy`` are Indonesian message ids with ``{placeholders}`` that ``values`` fill, so that they can be
    translated whole. ``line`` and ``column`` count from 1; 0 means "the file as a whole". ``severity``: an ``error`` stops
    publishing, a ``warning`` does not, ``fixed`` tells what tolerant reading put right.
    """

    code: str
    message: str
    remedy: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    severity: Severity = "error"
    values: Mapping[str, Any] = field(default_factory=dict)

    def at(self, *, file: str | None = None, line: int | None = None, column: int | None = None) -> Problem:
        """The same problem at another place."""
        return replace(
            self,
            file=self.file if file is None else file,
            line=self.line if line is None else line,
            column=self.column if column is None else column,
        )

    def text(self, translate: Callable[[str], str] = str) -> str:
        """What is wrong, in the reader's language."""
        return _fill(translate(self.message), self.values)

    def cure(self, translate: Callable[[str], str] = str) -> str:
        """What to do about it, in the reader's language; empty if there is nothing to say."""
        return _fill(translate(self.remedy), self.values) if self.remedy else ""

    def __str__(self) -> str:
        remedy = f" {self.cure()}" if self.remedy else ""
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.text()}{remedy}"


def _fill(template: str, values: Mapping[str, Any]) -> str:
    return template.format_map(values) if values else template


def plain(value: object) -> str:
    """What ``value`` says, as every database can keep it: without zero bytes and halves of signs; its kind, where it cannot say anything."""
    try:
        text = str(value)
    except Exception:
        text = type(value).__name__
    return text.replace("\0", "").encode("utf-8", "replace").decode()


# What Python's zipfile raises for an archive that is torn, locked, or packed as it cannot unpack.
BROKEN_ZIP = (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)


class ElearnError(Exception):
    """Anything elearn itself says no to."""


class ContentError(ElearnError):
    """A course cannot be read or published. ``problems`` holds all that was found, in the order of files and lines."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(problems, key=lambda problem: (problem.file, problem.line, problem.column, problem.code))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PluginError(ElearnError):
    """One or more plugins cannot be used. ``faults`` has a line for each, naming plugin, distribution and place."""

    def __init__(self, faults: Iterable[str]):
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


class SettingError(ElearnError):
    """The site is set up wrongly; the message is one line that says what and what to do."""


class NotAllowed(ElearnError):
    """The viewer lacks ``permission``."""

    def __init__(self, permission: str):
        self.permission = permission
        super().__init__(permission)


class Refused(ElearnError):
    """A rule says no. ``code`` is its stable name; ``reason`` an Indonesian message id for the person who asked, with
    ``{placeholders}`` that ``values`` fill, so that it can be translated whole."""

    def __init__(self, code: str, reason: str, **values: Any):
        self.code, self.reason, self.values = code, reason, values
        super().__init__(_fill(reason, values))

    def text(self, translate: Callable[[str], str] = str) -> str:
        """The sentence, in the reader's language."""
        return _fill(translate(self.reason), self.values)


class JobStopped(ElearnError):
    """The rest of a job would fare no better, for this reason (a service is away, a password is wrong): it waits for another try."""
