"""How the site does, for who runs it: its plugins and their health, its settings, and the record of what privileged people did."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, request
from werkzeug.wrappers import Response as AnyResponse

from elearn.access import needs
from elearn.registry import distribution_of
from elearn.services import audit
from elearn.web.current import elearn, page_number, render
from elearn.web.database import reading
from elearn.web.language import gettext as _

blueprint = Blueprint("site", __name__, url_prefix="/kelola")
Answer = str | AnyResponse
PERMISSION = "core.operate"
PAGE = 50
SECRET = re.compile(r"secret|password|sandi|key|token$", re.IGNORECASE)
PASSWORD_IN_ADDRESS = re.compile(r"(://[^:/@\s]*:).*(?=@)")
HIDDEN = "••••••"


@blueprint.get("/situs")
@needs(PERMISSION, everywhere=True)
def state() -> Answer:
    """Plugins with their version and health, and every setting with its value; what opens something else is not shown."""
    part = elearn()
    registry, settings = part.registry, part.site.settings
    troubles = part.outbox.troubles(reading())
    plugins = [
        (
            plugin,
            "elearn" if plugin.name == "core" else distribution_of(plugin.name),
            registry.failures.get(plugin.name, 0),
            *troubles.get(plugin.name, (0, 0)),
        )
        for plugin in registry.plugins.values()
    ]
    values = [(name, _shown(name, settings[name]), settings[name] != known.default) for name, known in settings.known().items()]
    return render("site.html", plugins=plugins, values=values)


def _shown(name: str, value: Any) -> str:
    text = str(value)
    if text and SECRET.search(name):
        return HIDDEN
    return PASSWORD_IN_ADDRESS.sub(rf"\g<1>{HIDDEN}", text)


@blueprint.get("/catatan")
@needs(PERMISSION, everywhere=True)
def record() -> Answer:
    """What was done with more rights than a learner has, the latest first. An act is searched by its words as by its code."""
    page, text = page_number(), " ".join(request.args.get("cari", "").split())[:100]
    words = {act: _(said) for act, said in elearn().registry.acts.items()}
    acts = [act for act, said in words.items() if text and text.casefold() in said.casefold()]
    rows = audit.entries(reading(), text=text, acts=acts, skip=(page - 1) * PAGE, most=PAGE + 1)
    return render("audit.html", rows=rows[:PAGE], more=len(rows) > PAGE, page=page, text=text, words=words)
