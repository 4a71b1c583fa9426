"""The transcript as a paper: printed by the certificates' plugin, signed with the organisation's key, checked by anybody."""

import io
import subprocess
from datetime import date

import pytest
from elearn_certificates import proving, verifying
from elearn_credits import ledger

from elearn.registry import discover
from tests.plugins.certificates.proofs import make_keys


@pytest.fixture
def app(make_app):
    return make_app(*discover(without=()))


@pytest.fixture
def learner(app, sign_in):
    """Somebody with 60 activities this year, the last of them refused."""
    client = sign_in(app, name="Sari Wahyuni")
    with app.extensions["elearn"].outbox.open_session() as session:
        for number in range(60):
            state, reason = ("refused", "Bukti tidak terbaca.") if number == 59 else ("recognised", "")
            ledger.enter(
                session, person_id=1, days=[date(2026, 3, 2)], form="B3", units=1, rule_set="nasional-2018-1",
                state=state, reason=reason, title=f"Bimtek ke-{number + 1:02}", organiser="BPSDM", key=f"x:{number}",
            )  # fmt: skip
        session.commit()
    return client


def printed(client):
    answer = client.get("/transkrip?format=pdf&tahun=2026")
    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    return answer.data


def test_every_entry_stands_on_it_over_as_many_pages_as_it_takes(learner, tmp_path):
    file = tmp_path / "transkrip.pdf"
    file.write_bytes(printed(learner))
    text = subprocess.run(["pdftotext", "-layout", file, "-"], check=True, capture_output=True, text=True).stdout
    assert all(f"Bimtek ke-{number:02}" in text for number in range(1, 61))
    assert "Sari Wahyuni" in text
    assert "Ditolak. Bukti" in text
    assert "dari target 20 JP" in text
    assert text.count("Tanggal") == text.count("\f") > 1
    assert "Dokumen ini tidak ditandatangani secara elektronik." in " ".join(text.split())


def test_the_numbers_of_certificates_stand_on_it(app, learner, tmp_path):
    with app.extensions["elearn"].outbox.open_session() as session:
        ledger.enter(
            session, person_id=1, days=[date(2026, 4, 2)], form="B3", units=1, rule_set="nasional-2018-1",
            state="recognised", title="Bimtek arsip", organiser="ANRI", key="arsip", certificate="100/ARSIP/2026",
        )  # fmt: skip
        session.commit()
    file = tmp_path / "transkrip.pdf"
    file.write_bytes(printed(learner))
    text = subprocess.run(["pdftotext", file, "-"], check=True, capture_output=True, text=True).stdout
    assert "Sertifikat 100/ARSIP/2026" in " ".join(text.split())
    assert learner.get("/transkrip?format=csv&tahun=2026").text.count("100/ARSIP/2026") == 1


def test_a_site_with_a_key_signs_it_and_others_can_tell(app, learner, tmp_path):
    make_keys(app)
    data = printed(learner)
    file = tmp_path / "transkrip.pdf"
    file.write_bytes(data)
    told = subprocess.run(["pdfsig", file], check=False, capture_output=True, text=True).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    page = app.test_client().post("/v/berkas", data={"berkas": (io.BytesIO(data), "t.pdf")}).text
    assert "kami tanda tangani dan tidak berubah" in page
    for changed in (data[:2000] + b"X" + data[2001:], data + b"\n", b"%PDF-1.7 nonsense"):
        page = app.test_client().post("/v/berkas", data={"berkas": (io.BytesIO(changed), "t.pdf")}).text
        assert "tidak kami kenal" in page
    records = proving.ring_of(app.extensions["elearn"].site).all()
    assert verifying.check_paper(data, records).valid
    assert verifying.check_paper(data, []) is None


def test_without_a_printing_plugin_there_is_no_link_and_no_file(make_app, sign_in):
    client = sign_in(make_app(*(plugin for plugin in discover(without=()) if plugin.name != "certificates")))
    assert "format=pdf" not in client.get("/transkrip").text
    assert client.get("/transkrip?format=pdf").status_code == 404
