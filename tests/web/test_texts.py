"""Both languages are complete: every text of the interface has its English, and says it with the same placeholders."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo

from elearn.registry import Registry, discover
from tests.texts import PARTS, catalogue_path, compiled, load, texts_of

PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


def strings(message):
    return [message] if isinstance(message, str) else list(message)


@pytest.mark.parametrize("part", PARTS)
def test_every_text_is_translated_and_none_is_left_over(part):
    catalogue = {message.id if isinstance(message.id, str) else tuple(message.id): message.string for message in load(part) if message.id}
    texts = texts_of(part)
    assert set(catalogue) == set(texts), "run: make texts"
    assert [message for message, string in catalogue.items() if not all(strings(string))] == []


def test_every_act_that_is_noted_has_words():
    acts, noted = Registry(discover(without=())).acts, set()
    for folder in (folder for folders in PARTS.values() for folder in folders):
        for path in Path(folder).rglob("*.py"):
            noted |= set(re.findall(r'\bnote\(\s*\w+,\s*f?"([^"]+)"', path.read_text("utf-8")))
    assert len(noted) > 40
    for act in noted:
        begins, _sign, rest = act.partition("{")
        assert act in acts or (rest and any(known.startswith(begins) for known in acts)), act


@pytest.mark.parametrize("part", PARTS)
def test_placeholders_survive_translation(part):
    for message in load(part):
        if message.id:
            wanted = set(PLACE.findall(strings(message.id)[-1]))
            for string in strings(message.string)[-1:]:
                assert set(PLACE.findall(string)) == wanted, message.id


@pytest.mark.parametrize("part", PARTS)
def test_the_compiled_catalogue_is_the_written_one(part):
    kept = read_mo(BytesIO(catalogue_path(part).with_suffix(".mo").read_bytes()))
    written = read_mo(BytesIO(compiled(load(part))))
    assert [(one.id, one.string) for one in kept if one.id] == [(one.id, one.string) for one in written if one.id], "run: make texts"


def test_the_gatherer_finds_each_way_of_writing_a_text():
    texts = texts_of("elearn")
    assert "Halaman tidak ditemukan" in texts  # _("…")
    assert "NIP harus 18 angka. Anda mengetik {count} angka." in texts  # Refused
    assert "Berkas course.yml tidak ada." in texts  # Problem
    assert "Beranda" in texts  # the contract's titles


def test_english_speaks_english(app, sign_in):
    client = sign_in(app)
    client.post("/bahasa", data={"bahasa": "en"})
    page = client.get("/").text
    assert '<html lang="en"' in page
    assert "Beranda" not in page
    assert "Home" in page
