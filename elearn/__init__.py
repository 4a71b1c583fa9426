"""elearn: an e-learning platform made of plugins. These names are the public API; plugins import from here and nowhere else."""

from elearn.access import needs, public, signed_in
from elearn.app import create_app
from elearn.clock import now
from elearn.content.values import BlockSource, Course, Lesson, Parsed, Placed, Section
from elearn.errors import ContentError, ElearnError, NotAllowed, PluginError, Problem, Refused, SettingError
from elearn.events import (
    ActivityGraded,
    CourseCompleted,
    CoursePublished,
    Event,
    LessonCompleted,
    PasswordResetAsked,
    PersonEnrolled,
)
from elearn.models.base import Base, BigInt, Key, Moment
from elearn.models.people import Person, Unit
from elearn.plugin import (
    About,
    Block,
    BlockView,
    Card,
    Completing,
    DemoLesson,
    LessonView,
    NavEntry,
    Permission,
    Personal,
    Plugin,
    Setting,
)
from elearn.progress import finish_lesson
from elearn.services.audit import note
from elearn.services.catalogue import on_offer
from elearn.services.facts import record
from elearn.services.idle import Idle, idle_learners
from elearn.services.learning import Standing, grade_activity, moments_of_learning, standing_in, standing_of, standings_of
from elearn.services.nip import masked_nip, spaced_nip, tidy_nip
from elearn.services.offers import Offered, courses_on_offer
from elearn.services.site import Site, site_of
from elearn.services.small_cells import shown_cells, shown_parts
from elearn.services.upsert import insert_once, insert_or_update
from elearn.services.viewer import Viewer
from elearn.web.current import found, page_number, render, setting, viewer
from elearn.web.database import reading, writing
from elearn.web.language import gettext, lazy_gettext, ngettext, say_date, say_number, say_time, say_when
from elearn.web.opened import opened_course
from elearn.web.security import limiter

__version__ = "0.1.0"

__all__ = [
    "About",
    "ActivityGraded",
    "Base",
    "BigInt",
    "Block",
    "BlockSource",
    "BlockView",
    "Card",
    "Completing",
    "ContentError",
    "Course",
    "CourseCompleted",
    "CoursePublished",
    "DemoLesson",
    "ElearnError",
    "Event",
    "Idle",
    "Key",
    "Lesson",
    "LessonCompleted",
    "LessonView",
    "Moment",
    "NavEntry",
    "NotAllowed",
    "Offered",
    "Parsed",
    "PasswordResetAsked",
    "Permission",
    "Person",
    "PersonEnrolled",
    "Personal",
    "Placed",
    "Plugin",
    "PluginError",
    "Problem",
    "Refused",
    "Section",
    "Setting",
    "SettingError",
    "Site",
    "Standing",
    "Unit",
    "Viewer",
    "courses_on_offer",
    "create_app",
    "finish_lesson",
    "found",
    "gettext",
    "grade_activity",
    "idle_learners",
    "insert_once",
    "insert_or_update",
    "lazy_gettext",
    "limiter",
    "masked_nip",
    "moments_of_learning",
    "needs",
    "ngettext",
    "note",
    "now",
    "on_offer",
    "opened_course",
    "page_number",
    "public",
    "reading",
    "record",
    "render",
    "say_date",
    "say_number",
    "say_time",
    "say_when",
    "setting",
    "shown_cells",
    "shown_parts",
    "signed_in",
    "site_of",
    "spaced_nip",
    "standing_in",
    "standing_of",
    "standings_of",
    "tidy_nip",
    "viewer",
    "writing",
]
