"""The personnel service from a shell: prepare, send, export, try."""

import json

import pytest
from click.testing import CliRunner

from elearn.cli import main
from elearn.registry import discover
from tests.plugins.credits.siasn_server import PASSWORD, SiasnServer
from tests.plugins.credits.test_personnel import NIPS, fill


@pytest.fixture
def server():
    with SiasnServer() as server:
        server.people = {nip: f"ORANG-{nip[-1]}" for nip in NIPS}
        yield server


def run(app, monkeypatch, server, *words, **changed):
    for name, value in (server.settings | changed).items():
        monkeypatch.setenv("ELEARN_" + name.replace("__", "_").upper(), str(value))
    return CliRunner().invoke(main, ["credits", "personnel", *map(str, words), "--data", app.config["ELEARN_DATA"]])


def test_a_timer_prepares_and_sends_and_says_what_was_refused(app, monkeypatch, server, tmp_path):
    fill(app, 2)
    fill(app, 1, certificate="buruk", form="B3")
    assert "Siap: 3" in run(app, monkeypatch, server, "prepare").output
    said = run(app, monkeypatch, server, "send", "--year", 2026).output
    assert "Orang 0: Ditolak. Nomor sertipikat tidak sesuai format" in said
    assert "3 selesai, 0 ditolak aturan, 0 gagal" in said
    assert "Tidak ada yang perlu dikerjakan" in run(app, monkeypatch, server, "send").output
    assert "1 selesai" in run(app, monkeypatch, server, "send", "--refused").output
    file = tmp_path / "riwayat.json"
    run(app, monkeypatch, server, "export", file)
    assert sorted(one["state"] for one in json.loads(file.read_text("utf-8"))["records"]) == ["accepted", "accepted", "refused"]


def test_the_service_can_be_tried_without_sending(app, monkeypatch, server):
    assert "Layanan menjawab: ORANG-1" in run(app, monkeypatch, server, "try", NIPS[0]).output
    answer = run(app, monkeypatch, server, "try", "199407212019032009")
    assert answer.exit_code == 1
    assert "NIP tidak ditemukan" in answer.output
    answer = run(app, monkeypatch, server, "try", NIPS[0], credits__personnel_secret="Rahasia#Lama")
    assert answer.exit_code == 1
    assert "menolak kunci" in answer.output
    assert "Rahasia#Lama" not in answer.output
    assert PASSWORD not in answer.output


def test_a_site_without_a_service_says_so(make_app):
    app = make_app(*discover(without=()))
    answer = CliRunner().invoke(main, ["credits", "personnel", "send", "--data", app.config["ELEARN_DATA"]])
    assert answer.exit_code == 1
    assert "personnel_url" in answer.output
