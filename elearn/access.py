"""Who may open a route: every view says it, in the line above its name, and start-up refuses one that does not.

@blueprint.get("/transkrip")
@signed_in
def transcript(): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])
MARK = "__elearn_access__"


@dataclass(frozen=True)
class Access:
    """``level`` is "public", "signed_in", "permission" or "proof"; ``permission`` its name, which must hold ``everywhere`` or in any
    scope."""

    level: str
    permission: str = ""
    everywhere: bool = False


def public(view: View) -> View:
    """Anybody may open it, signed in or not."""
    setattr(view, MARK, Access("public"))
    return view


def signed_in(view: View) -> View:
    """Anybody with an account may open it, for what is their own."""
    setattr(view, MARK, Access("signed_in"))
    return view


def needs(permission: str, *, everywhere: bool = False) -> Callable[[View], View]:
    """Whoever holds ``permission`` in some scope may open it; the view itself narrows the scope with ``viewer.can``. ``everywhere``:
    only who holds it for the whole site, for what no unit or course bounds."""

    def mark(view: View) -> View:
        setattr(view, MARK, Access("permission", permission, everywhere))
        return view

    return mark


def by_proof(view: View) -> View:
    """Whoever proves by what they send (a signature) that they may: programs, that have no session. No cookie is looked at, so the viewer
    is a stranger, and no form's token is asked for."""
    setattr(view, MARK, Access("proof"))
    return view


def access_of(view: Callable[..., Any]) -> Access | None:
    """What the view declares, or None where it forgot to."""
    return getattr(view, MARK, None)
