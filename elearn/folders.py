"""Where the library's own folders lie: inside the package once installed, beside it in a checkout."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

PACKAGE = Path(__file__).parent


def templates_folder() -> Path:
    """The core's page templates."""
    inside = PACKAGE / "templates"
    return inside if inside.is_dir() else PACKAGE.parent / "templates"


def bundled_courses() -> Path:
    """The course packs that come with elearn."""
    beside = PACKAGE.parent / "courses"
    if beside.is_dir():
        return beside
    spec = find_spec("elearn_courses")
    locations = list(spec.submodule_search_locations or []) if spec else []
    return Path(locations[0]) if locations else beside
