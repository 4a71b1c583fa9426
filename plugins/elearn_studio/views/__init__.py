"""The pages of the studio, a file for each thing one does there."""

from elearn_studio.views import (
    about,
    api,
    contribution,
    courses,
    editor,
    history,
    imports,
    keys,
    local,
    members,
    outline,
    pictures,
    publish,
    regulations,
    reports,
    review,
    versions,
)
from elearn_studio.views.common import blueprint

__all__ = [
    "about",
    "api",
    "blueprint",
    "contribution",
    "courses",
    "editor",
    "history",
    "imports",
    "keys",
    "local",
    "members",
    "outline",
    "pictures",
    "publish",
    "regulations",
    "reports",
    "review",
    "versions",
]
