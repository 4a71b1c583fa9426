"""A design as read: colours, a logo, who signs, for which courses, and for how long its certificates hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase

from elearn_certificates.typesetting import Colour


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signs. ``courses`` are patterns of slugs ("etika-*"; empty: all); ``since`` and ``until`` bound their time in the post."""

    name: str
    post: str
    number: str = ""
    courses: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def signs(self, slug: str, day: date) -> bool:
        """Whether they sign for that course on that day."""
        in_office = (self.since is None or self.since <= day) and (self.until is None or day <= self.until)
        return in_office and matches(self.courses, slug)


@dataclass(frozen=True, kw_only=True)
class Design:
    """One folder. ``name`` is the folder's, ``digest`` the hash of what was read; ``logo`` is a clean PNG or empty, ``logo_size`` its
    height and width in pixels. ``valid_months`` 0 is for ever; a certificate may be renewed in the last ``renew_days`` days."""

    name: str
    digest: str
    organiser: str = ""
    place: str = ""
    courses: tuple[str, ...] = ()
    deep: Colour | None = None
    pale: Colour | None = None
    logo: bytes = field(default=b"", repr=False)
    logo_size: tuple[int, int] = (0, 0)
    logo_text: str = ""
    signatories: tuple[Signatory, ...] = ()
    valid_months: int = 0
    renew_days: int = 90

    def signatory(self, slug: str, day: date) -> Signatory | None:
        """Who signs for that course on that day: the first that may."""
        return next((one for one in self.signatories if one.signs(slug, day)), None)


def matches(patterns: tuple[str, ...], slug: str) -> bool:
    """Whether one of the patterns fits; no pattern fits all."""
    return not patterns or any(fnmatchcase(slug, pattern) for pattern in patterns)


def choose(designs: tuple[Design, ...], slug: str) -> Design | None:
    """The design for a course: the first by name that names it, else the first that is for all courses."""
    named = (one for one in designs if one.courses and matches(one.courses, slug))
    return next(named, None) or next((one for one in designs if not one.courses), None)
