"""A site with all bundled plugins and one course of three lessons."""

import pytest

from elearn.registry import discover


@pytest.fixture
def app(make_app, make_course, publish_course):
    app = make_app(*discover(without=()))
    publish_course(app, make_course("etika", lessons=3))
    return app


@pytest.fixture
def sari(app, sign_in):
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    return client
