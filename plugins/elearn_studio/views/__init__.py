"""The pages of the studio, a file for each thing one does there."""

from elearn_studio.views import about, courses, editor, history, imports, members, outline, pictures, publish, versions
from elearn_studio.views.common import blueprint

__all__ = ["about", "blueprint", "courses", "editor", "history", "imports", "members", "outline", "pictures", "publish", "versions"]
