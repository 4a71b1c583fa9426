"""A site with keys and a certificate on it, and tools that are not ours to check it."""

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner
from elearn_certificates import proving
from elearn_certificates.models import Certificate

from elearn import site_of
from elearn.cli import main


def needs(tool):
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed: .ci/run names its Debian package")


def run(*command, check=True, **more):
    needs(command[0])
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=check, timeout=120, **more)


def data_of(app):
    return app.extensions["elearn"].site.settings.data


def cli(app, *arguments):
    """``elearn certificates …`` on the data folder of ``app``; the result of click's runner."""
    return CliRunner().invoke(main, ["certificates", *map(str, arguments), "--data", str(data_of(app))])


def make_keys(app):
    """A key of each use; answers their ids by use."""
    with app.extensions["elearn"].outbox.open_session() as session:
        return {use: proving.new_key(site_of(session), use).id for use in ("document", "credential")}


def proof(app, certificate_id, form):
    """A certificate of ``app`` as a credential in ``form``."""
    with app.extensions["elearn"].outbox.open_session() as session:
        content = proving.credential(site_of(session), session.get(Certificate, certificate_id), form)
    return json.loads(content) if form == "json" else content
