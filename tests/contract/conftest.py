"""The sample plugin on an application, and a course to try it on."""

import pytest

from tests.contract import sampel


@pytest.fixture
def sample(tmp_path):
    """``sample(**fields)`` is the sample plugin with some of its fields changed."""
    return lambda **fields: sampel.make(tmp_path, **fields)


@pytest.fixture
def app(make_app, sample):
    return make_app(sample())
