"""What a check of a certificate finds."""

from __future__ import annotations

from dataclasses import dataclass

from elearn import Said


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether it holds, why, and what it says. ``code`` is the check code in it, "" if it carries none."""

    valid: bool
    reason: Said
    says: tuple[str, ...] = ()
    code: str = ""
