"""Values that no form of ours sends: numbers that no column holds, texts that PostgreSQL cannot keep."""

import pytest

from elearn.registry import discover
from tests.web.test_access import routes

HUGE = 10**30


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request, make_app, make_course, publish_course):
    app = make_app(*discover(without=()), database="postgresql" if request.param == "postgresql" else "")
    app.testing = False  # what breaks is answered as on a real site
    publish_course(app, make_course("etika", lessons=2))
    return app


def filled(pattern, number, text):
    parts = []
    for part in pattern.split("/"):
        name = part.strip("<>")
        parts.append(
            part
            if "<" not in part
            else part.replace(part[part.index("<") : part.index(">") + 1], str(number) if name.startswith("int:") else text)
        )
    return "/".join(parts)


@pytest.mark.parametrize(("number", "text"), [(HUGE, "%00"), (2**63, "a%00b"), (2**31, "%ed%a0%80"), (0, "x" * 3_000)])
def test_no_address_breaks_a_page(app, sign_in, number, text):
    client = sign_in(app, role="administrator")
    for method, pattern, _ in routes(app):
        if method == "GET" and "<" in pattern:
            address = filled(pattern, number, text)
            assert client.get(address, buffered=True).status_code < 500, address


@pytest.mark.parametrize("text", ["\0", "a\0b", "x" * 20_000, str(HUGE), "-1", "🙂" * 300, "\ud800".encode("utf-8", "surrogatepass")])
def test_no_field_breaks_a_form(app, sign_in, text):
    client = sign_in(app)
    names = ("login", "password", "password2", "bahasa", "zona", "lama", "lanjut", "semua", "q", "tampilan")
    names += ("judul", "laporan", "jawaban", "item", "answer", "bentuk", "penyelenggara", "mulai", "selesai", "jumlah", "post", "text")
    for method, pattern, who in routes(app):
        if method == "POST" and who in ("public", "signed_in") and "keluar" not in pattern:
            address = filled(pattern, 1, "etika")
            answer = client.post(address, data=dict.fromkeys(names, text))
            assert answer.status_code < 500, f"{address}: {answer.status_code}"
    for query in ("q", "hal", "lanjut", "tersimpan", "tahun", "unit"):
        for address in ("/", "/pelatihan", "/masuk", "/akun", "/transkrip"):
            assert client.get(address, query_string={query: text}).status_code < 500, (address, query)
    assert client.get("/akun").status_code == 200, "still signed in, so that all that was more than a redirect"
