"""Pages travel compressed to whoever takes that, and plain to everybody else."""

import gzip


def test_a_page_is_compressed_for_who_accepts_it(app):
    client = app.test_client()
    plain = client.get("/bantuan")
    packed = client.get("/bantuan", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) * 0.6
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_static_files_are_compressed_and_still_revalidated(app):
    client = app.test_client()
    answer = client.get("/static/app.css", headers={"Accept-Encoding": "gzip"}, buffered=True)
    assert answer.headers["Content-Encoding"] == "gzip"
    tag = answer.headers["ETag"]
    assert tag.startswith("W/")
    assert client.get("/static/app.css", headers={"Accept-Encoding": "gzip", "If-None-Match": tag}, buffered=True).status_code == 304


def test_the_length_of_a_page_does_not_tell_what_is_in_it(app):
    client = app.test_client()
    lengths = {len(client.get("/bantuan", headers={"Accept-Encoding": "gzip"}).data) for _ in range(20)}
    assert len(lengths) > 3


def test_the_last_word_on_a_refused_encoding_is_the_readers(app):
    answer = app.test_client().get("/bantuan", headers={"Accept-Encoding": "gzip;q=0, identity"})
    assert "Content-Encoding" not in answer.headers
