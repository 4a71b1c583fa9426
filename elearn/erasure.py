"""Erasing a person: everything that no law and no certificate needs goes, in the core and in every plugin, or nothing does."""

from __future__ import annotations

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from elearn.errors import Refused
from elearn.models.jobs import JobItem
from elearn.models.people import Grant, PasswordReset, Person, SignIn
from elearn.plugin import About
from elearn.registry import Registry
from elearn.services import audit

NOWHERE = "terhapus-{id}@tanpa-alamat.invalid"  # a row needs a login; at this address nobody is reached (RFC 2606)


def erase(session: Session, registry: Registry, person: Person, *, by: int | None) -> None:
    """Close the account for good. Name and NIP stay where there is a NIP, for certificates and the ledger of hours are records of
    service; who has none keeps no name either. Raises ``Refused`` naming the plugin that could not: then roll back."""
    for plugin in registry.plugins.values():
        if plugin.personal:
            well, _ = registry.try_call(plugin, plugin.personal.erase, session, lambda inner: About(session=inner, person_id=person.id))
            if not well:
                raise Refused("erase", "Plugin {plugin} gagal menghapus datanya; tidak ada yang dihapus.", plugin=plugin.name)
    for model in (SignIn, PasswordReset, Grant):
        session.execute(delete(model).where(model.person_id == person.id))
    person.active, person.password_hash, person.post, person.rank = False, None, "", ""
    person.email = None if person.nip else NOWHERE.format(id=person.id)
    if not person.nip:
        named, person.name = person.name, "Data dihapus"
        session.execute(update(JobItem).where(JobItem.label == named[:200]).values(label=person.name))  # in reports of long work
    audit.note(session, "person.erase", actor=by, subject=f"person:{person.id}")
