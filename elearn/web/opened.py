"""A course as its visitor has it open: as a learner, or looking in without enrolling."""

from __future__ import annotations

from elearn.errors import NotAllowed
from elearn.services import catalogue, learning
from elearn.services.learning import Standing
from elearn.web.current import found, viewer
from elearn.web.database import reading


def opened_course(slug: str) -> tuple[Standing | None, str]:
    """The viewer's standing and the digest of the version they read; None and the version on offer for who may look in.

    Raises ``NotAllowed`` for who is neither, and answers the 404 page where nothing is on offer.
    """
    standing = learning.standing_in(reading(), viewer().id, slug)
    if standing is not None:
        return standing, standing.digest
    offer = found(catalogue.on_offer(reading(), slug))
    if not viewer().can("core.preview", course=offer.course_id):
        raise NotAllowed("core.preview")
    return None, offer.digest
