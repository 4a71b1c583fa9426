"""Open Badges 3.0: checked by the npm packages of Digital Bazaar, by joserfc, against the data model, and by spoiling every value."""

import copy
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import joserfc.jwk
import joserfc.jws
import jsonschema
import pytest
from elearn_certificates import proving, verifying
from elearn_certificates.credential import baking, did, status
from elearn_certificates.life import revoke
from elearn_certificates.models import Certificate
from elearn_certificates.signing.encoding import from_base64url

from elearn import now, site_of
from elearn.registry import discover
from tests.plugins.certificates.ob3_schema import CREDENTIAL
from tests.plugins.certificates.proofs import make_keys, proof, run
from tests.plugins.conftest import COURSE

NPM = Path(__file__).parent / "npm"


@pytest.fixture
def app(make_app):
    """A site with an address on HTTPS, so that its credentials are by did:web."""
    return make_app(*discover(without=()), base_url="https://belajar.kota.go.id")


@pytest.fixture
def client(app):
    """Asks the site by its own name: ``client(path)``."""
    return lambda path: app.test_client().get(path, base_url="https://belajar.kota.go.id")


@pytest.fixture(scope="session")
def node(tmp_path_factory):
    """``node(did, credential, status_list=None)`` checks by code that is not ours, and offline."""
    folder = tmp_path_factory.mktemp("npm")
    shutil.copytree(NPM, folder, dirs_exist_ok=True)
    run("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", cwd=folder)

    def check(*documents):
        names = []
        for place, document in enumerate(documents):
            (folder / f"{place}.json").write_text(json.dumps(document), "utf-8")
            names.append(f"{place}.json")
        return json.loads(run("node", "check.js", *names, cwd=folder).stdout)

    return check


def records(app):
    return proving.ring_of(app.extensions["elearn"].site).all()


def spoiled(value):
    """Every document that differs from ``value`` in one leaf."""
    places = list(value.items() if isinstance(value, dict) else enumerate(value))
    for key, inner in places:
        if isinstance(inner, dict | list):
            for other in spoiled(inner):
                changed = copy.copy(value)
                changed[key] = other
                yield changed
        else:
            changed = copy.copy(value)
            changed[key] = not inner if isinstance(inner, bool) else inner + 1 if isinstance(inner, int | float) else f"{inner}x"
            yield changed


def test_the_digital_bazaar_stack_finds_it_valid_then_revoked_then_changed(app, client, signed, node):
    credential = proof(app, signed[0].id, "json")
    document = client("/v/did.json").json
    assert document["id"] == credential["issuer"]["id"] == "did:web:belajar.kota.go.id:v"
    assert node(document, credential, client("/v/status/0.json").json) == {"verified": True, "revoked": False, "error": ""}
    with app.extensions["elearn"].outbox.open_session() as session:
        revoke(session, signed[0].id, by=1, reason="Keliru.")
        session.commit()
    assert node(document, credential, client("/v/status/0.json").json)["revoked"]
    changed = copy.deepcopy(credential)
    changed["credentialSubject"]["creditsEarned"] += 1
    assert not node(document, changed)["verified"]
    other = copy.deepcopy(document)
    other["assertionMethod"] = []
    assert not node(other, credential)["verified"]


def test_it_has_the_form_that_open_badges_asks_for(app, signed):
    credential = proof(app, signed[0].id, "json")
    jsonschema.Draft202012Validator(CREDENTIAL).validate(credential)
    subject = credential["credentialSubject"]
    assert subject["identifier"][0]["identityHash"] == "Sari Wahyuni, S.E."
    assert "199407212019032005" not in json.dumps(credential)
    assert subject["creditsEarned"] == 3


def test_no_value_can_be_changed_unseen(app, signed):
    credential, known = proof(app, signed[0].id, "json"), records(app)
    assert verifying.check(json.dumps(credential).encode(), known, at=now()).valid
    count = 0
    for changed in spoiled(credential):
        count += 1
        verdict = verifying.check(json.dumps(changed).encode(), known, at=now())
        assert not verdict.valid, changed
    assert count > 40
    for name in ("validFrom", "credentialSubject", "proof"):
        less = {key: value for key, value in credential.items() if key != name}
        assert not verifying.check(json.dumps(less).encode(), known, at=now()).valid


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")  # by RFC 9864, whose new name for it no wallet knows yet
def test_the_token_is_read_by_joserfc(app, signed):
    token = proof(app, signed[0].id, "jwt").decode()
    record = next(one for one in records(app) if one.use == "credential")
    key = joserfc.jwk.OKPKey.import_key(record.key)
    read = joserfc.jws.deserialize_compact(token, key, algorithms=["EdDSA"])
    claims = json.loads(read.payload)
    assert claims["iss"] == claims["issuer"]["id"]
    assert claims["jti"] == claims["id"]
    assert verifying.check(token.encode(), records(app), at=now()).valid
    head, body, signature = token.split(".")
    for changed in (f"{head}.{body[:-2]}AA.{signature}", f"{head}.{body}.{signature[:-4]}AAAA", f"eyJhbGciOiJub25lIn0.{body}."):
        assert not verifying.check(changed.encode(), records(app), at=now()).valid


@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_the_registered_claims_say_what_the_credential_says(app, signed):
    with app.extensions["elearn"].outbox.open_session() as session:
        row = session.get(Certificate, signed[0].id)
        last = now().date() + timedelta(days=30)
        row.facts = row.facts | {"expires_on": last.isoformat()}
        session.commit()
    header, claims, _ = proof(app, signed[0].id, "jwt").decode().split(".")
    header, claims = (json.loads(from_base64url(part)) for part in (header, claims))
    assert claims["sub"] == claims["credentialSubject"]["id"]
    assert claims["validUntil"] == f"{last}T16:59:59Z"  # the last second of that day in Jakarta
    assert claims["exp"] == int(datetime.fromisoformat(claims["validUntil"]).timestamp())
    assert claims["nbf"] == int(datetime.fromisoformat(claims["validFrom"]).timestamp())
    assert joserfc.jws.deserialize_compact(
        proof(app, signed[0].id, "jwt").decode(), joserfc.jwk.OKPKey.import_key(header["jwk"]), ["EdDSA"]
    )
    assert "d" not in header["jwk"]
    jsonschema.Draft202012Validator(CREDENTIAL).validate(proof(app, signed[0].id, "json"))


def test_a_command_without_the_sites_address_uses_the_papers(app, signed, monkeypatch):
    known = proof(app, signed[0].id, "json")
    monkeypatch.setitem(app.extensions["elearn"].site.settings._values, "base_url", "")
    assert app.extensions["elearn"].site.url_for_path("/v") == "/v"
    assert proof(app, signed[0].id, "json") == known
    assert known["credentialStatus"]["statusListCredential"] == "https://belajar.kota.go.id/v/status/0.json"


def test_a_site_without_an_address_of_its_own_issues_by_its_key(make_app, write_course, complete, of, node):
    app = make_app(*discover(without=()))
    make_keys(app)
    write_course(app, COURSE)
    complete(app)
    credential = proof(app, of(app)[0][0].id, "json")
    issuer = credential["issuer"]["id"]
    assert issuer.startswith("did:key:z6Mk")
    method = {
        "id": credential["proof"][0]["verificationMethod"],
        "type": "Multikey",
        "controller": issuer,
        "publicKeyMultibase": issuer[8:],
    }
    document = {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": issuer, "verificationMethod": [method], "assertionMethod": [method["id"]],
    }  # fmt: skip
    assert node(document, credential)["verified"]
    assert verifying.check(json.dumps(credential).encode(), records(app), at=now()).valid


@pytest.mark.parametrize(
    ("base", "wanted"),
    [
        ("https://belajar.kota.go.id", "did:web:belajar.kota.go.id:v"),
        ("http://localhost:8106", "did:web:localhost%3A8106:v"),
        ("https://kota.go.id/belajar/", "did:web:kota.go.id:belajar:v"),
    ],
)
def test_the_did_follows_the_address(base, wanted):
    assert did.web_did(base) == wanted


def test_a_badge_carries_its_credential(app, signed):
    for form, start in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        picture = proof(app, signed[0].id, form)
        assert picture.startswith(start)
        assert verifying.check(picture, records(app), at=now()).valid
        assert json.loads(baking.taken_out(picture)) == proof(app, signed[0].id, "json")
    assert b"openbadges:credential" in proof(app, signed[0].id, "svg")
    for data in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!DOCTYPE x [<!ENTITY a 'b'>]><svg/>", b"\x89PNG\r\n\x1a\nxx", b"<a"):
        assert not verifying.check(data, records(app), at=now()).valid


def test_a_list_of_the_revoked_is_asked_only_where_it_is_the_right_one(app, signed):
    credential = proof(app, signed[0].id, "json")
    with app.extensions["elearn"].outbox.open_session() as session:
        site = site_of(session)
        lists = [
            proving.status_list(site, 0, [], changed_at=now()),
            proving.status_list(site, 0, [status.place(signed[0].id)[1]], changed_at=now()),
            proving.status_list(site, 1, [], changed_at=now()),
        ]
    unsigned = lists[0] | {"proof": [lists[0]["proof"][0] | {"proofValue": lists[1]["proof"][0]["proofValue"]}]}
    content = json.dumps(credential).encode()
    verdicts = [verifying.check(content, records(app), revoked=one, at=now()).valid for one in (*lists, unsigned)]
    assert verdicts == [True, False, False, False]


def test_the_bits_of_the_list_stand_where_the_standard_says():
    text = status.encoded([0, 9, status.LENGTH - 1])
    assert [index for index in range(32) if status.is_set(text, index)] == [0, 9]
    assert status.is_set(text, status.LENGTH - 1)
    assert text.startswith("uH4sI")
    for broken in ("u", "uAAAA", text[:40]):
        with pytest.raises(ValueError, match="Daftar"):
            status.is_set(broken, 0)


def test_lists_and_keys_are_there_for_anyone_and_tell_nothing_secret(app, client, signed, sign_in):
    assert client("/v/status/7.json").status_code == 404
    keys = client("/v/kunci.json")
    assert {one["use"] for one in keys.json["keys"]} == {"document", "credential"}
    assert "PRIVATE" not in keys.text
    assert keys.headers["Access-Control-Allow-Origin"] == "*"
    assert client(f"/v/saya/{signed[0].id}/bukti.json").status_code in (302, 401)


def test_the_holder_takes_the_credential_and_nobody_else(make_app, write_course, sign_in, of):
    app = make_app(*discover(without=()))
    make_keys(app)
    write_course(app, COURSE)
    holder = sign_in(app, name="Sari Wahyuni, S.E.")
    holder.post("/pelatihan/etika/daftar")
    for lesson in ("satu", "dua"):
        holder.post(f"/belajar/etika/{lesson}/selesai")
    app.extensions["elearn"].outbox.deliver_due()
    one = of(app)[0][0]
    for form, kind in proving.FORMS.items():
        answer = holder.get(f"/v/saya/{one.id}/bukti.{form}")
        assert answer.status_code == 200
        assert answer.mimetype == kind
        assert "attachment" in answer.headers["Content-Disposition"]
        assert verifying.check(answer.data, records(app), at=now()).valid
        assert sign_in(app, name="Togar").get(f"/v/saya/{one.id}/bukti.{form}").status_code == 404
    assert f"/v/saya/{one.id}/bukti.png" in holder.get("/v/saya").text
