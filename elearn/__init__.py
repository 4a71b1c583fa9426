"""elearn: an e-learning platform made of plugins. These names are the public API; plugins import from here and nowhere else."""

from elearn.access import by_proof, needs, public, signed_in
from elearn.app import create_app
from elearn.authoring import (
    Difference,
    Moving,
    Reading,
    Released,
    Version,
    bounded,
    check_course,
    course_id_of,
    draw_markdown,
    figures_told,
    keep_version,
    move_learners,
    offer_again,
    offer_version,
    tidy_text,
    versions_of,
    viewer_of,
    what_moving_changes,
    withdraw_course,
)
from elearn.clock import now
from elearn.content.archive import pack as pack_course
from elearn.content.archive import unpack as unpack_course
from elearn.content.difference import Change
from elearn.content.difference import changes as course_changes
from elearn.content.figures import Figures, figures_of
from elearn.content.images import BadImage
from elearn.content.images import prepare as prepare_picture
from elearn.content.packs import installed_packs
from elearn.content.starters import placeholders_in, starter_files
from elearn.content.values import BlockSource, Citation, Course, Lesson, Parsed, Placed, Section
from elearn.errors import BROKEN_ZIP, ContentError, ElearnError, JobStopped, NotAllowed, PluginError, Problem, Refused, SettingError
from elearn.events import (
    ActivityGraded,
    CourseCompleted,
    CoursePublished,
    Event,
    LessonCompleted,
    PasswordResetAsked,
    PersonEnrolled,
)
from elearn.jobs import Progress, job_progress, ordered_before, start_job
from elearn.memory import outdated, remembered
from elearn.models.base import Base, BigInt, Key, Moment
from elearn.models.people import Person, Unit
from elearn.papers import can_print, hours_basis_of, print_paper, proofs_of
from elearn.plugin import (
    About,
    Block,
    BlockView,
    Card,
    Column,
    Completing,
    DemoAuthor,
    DemoLesson,
    DemoSite,
    Faring,
    Figure,
    JobCall,
    JobKind,
    JobPart,
    LessonView,
    NavEntry,
    Paper,
    Permission,
    Personal,
    Plugin,
    Proof,
    Setting,
)
from elearn.progress import finish_lesson
from elearn.services.attendance import Attendance, attendance_of, enrol_again, final_score
from elearn.services.audit import note
from elearn.services.catalogue import on_offer
from elearn.services.facts import record
from elearn.services.idle import Idle, idle_learners
from elearn.services.learning import Standing, grade_activity, moments_of_learning, score_reaches, standing_in, standing_of, standings_of
from elearn.services.nip import masked_nip, spaced_nip, tidy_nip
from elearn.services.offers import Completion, Held, Offered, completions_of, courses_on_offer, learners_of, versions_held
from elearn.services.sheets import read_table
from elearn.services.site import Site, site_of
from elearn.services.small_cells import shown_cells, shown_parts, shown_tree
from elearn.services.upsert import insert_once, insert_or_update, insert_or_update_all
from elearn.services.viewer import Viewer
from elearn.web.current import found, job_asked, page_number, read_id, render, setting, viewer
from elearn.web.database import reading, writing
from elearn.web.drawn import draw_lesson
from elearn.web.fragments import same_for_all
from elearn.web.language import gettext, lazy_gettext, ngettext, reader_zone, say_date, say_number, say_time, say_when
from elearn.web.opened import opened_course
from elearn.web.security import limiter
from elearn.web.tables import table_bytes, table_file
from elearn.words import Said, Translate, in_words, language_option, said

__version__ = "0.1.0"

__all__ = [
    "BROKEN_ZIP",
    "About",
    "ActivityGraded",
    "Attendance",
    "BadImage",
    "Base",
    "BigInt",
    "Block",
    "BlockSource",
    "BlockView",
    "Card",
    "Change",
    "Citation",
    "Column",
    "Completing",
    "Completion",
    "ContentError",
    "Course",
    "CourseCompleted",
    "CoursePublished",
    "DemoAuthor",
    "DemoLesson",
    "DemoSite",
    "Difference",
    "ElearnError",
    "Event",
    "Faring",
    "Figure",
    "Figures",
    "Held",
    "Idle",
    "JobCall",
    "JobKind",
    "JobPart",
    "JobStopped",
    "Key",
    "Lesson",
    "LessonCompleted",
    "LessonView",
    "Moment",
    "Moving",
    "NavEntry",
    "NotAllowed",
    "Offered",
    "Paper",
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
    "Progress",
    "Proof",
    "Reading",
    "Refused",
    "Released",
    "Said",
    "Section",
    "Setting",
    "SettingError",
    "Site",
    "Standing",
    "Translate",
    "Unit",
    "Version",
    "Viewer",
    "attendance_of",
    "bounded",
    "by_proof",
    "can_print",
    "check_course",
    "completions_of",
    "course_changes",
    "course_id_of",
    "courses_on_offer",
    "create_app",
    "draw_lesson",
    "draw_markdown",
    "enrol_again",
    "figures_of",
    "figures_told",
    "final_score",
    "finish_lesson",
    "found",
    "gettext",
    "grade_activity",
    "hours_basis_of",
    "idle_learners",
    "in_words",
    "insert_once",
    "insert_or_update",
    "insert_or_update_all",
    "installed_packs",
    "job_asked",
    "job_progress",
    "keep_version",
    "language_option",
    "lazy_gettext",
    "learners_of",
    "limiter",
    "masked_nip",
    "moments_of_learning",
    "move_learners",
    "needs",
    "ngettext",
    "note",
    "now",
    "offer_again",
    "offer_version",
    "on_offer",
    "opened_course",
    "ordered_before",
    "outdated",
    "pack_course",
    "page_number",
    "placeholders_in",
    "prepare_picture",
    "print_paper",
    "proofs_of",
    "public",
    "read_id",
    "read_table",
    "reader_zone",
    "reading",
    "record",
    "remembered",
    "render",
    "said",
    "same_for_all",
    "say_date",
    "say_number",
    "say_time",
    "say_when",
    "score_reaches",
    "setting",
    "shown_cells",
    "shown_parts",
    "shown_tree",
    "signed_in",
    "site_of",
    "spaced_nip",
    "standing_in",
    "standing_of",
    "standings_of",
    "start_job",
    "starter_files",
    "table_bytes",
    "table_file",
    "tidy_nip",
    "tidy_text",
    "unpack_course",
    "versions_held",
    "versions_of",
    "viewer",
    "viewer_of",
    "what_moving_changes",
    "withdraw_course",
    "writing",
]
