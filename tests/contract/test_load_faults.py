"""Every fault of a plugin at start is named: which plugin, from where, and what is wrong; all of them at once."""

import sys
from importlib.metadata import EntryPoint

import pytest
from click.testing import CliRunner
from flask import Blueprint

from elearn import Block, Event, Parsed, Permission, Plugin, PluginError, registry
from elearn.cli import main
from elearn.commands.plugin import _installed
from elearn.registry import Registry, discover
from tests.contract import sampel


def parse(source):
    return Parsed(data={})


def render(view):
    return ""


class Unknown(Event):
    """Declared by nobody."""


def faults_of(*plugins):
    with pytest.raises(PluginError) as caught:
        Registry(plugins)
    return "\n".join(caught.value.faults)


def plain(name="satu", **more):
    return Plugin(name=name, title=name.title(), **more)


BROKEN_FIELDS = {
    "name": ({"name": "Satu!"}, "lower-case"),
    "title": ({"title": ""}, "title is empty"),
    "blueprint": ({"blueprint": Blueprint("lain", __name__)}, "own name"),
    "api": ({"api": Blueprint("lain", __name__)}, "satu_api"),
    "mount": ({"mount": "Kuis"}, "must begin with a slash"),
    "table": ({"models": (sampel.SampelNote,), "migrations": "."}, "must begin with 'satu_'"),
    "no migrations": ({"models": (sampel.SampelNote,)}, "models but no migrations"),
    "migrations folder": ({"migrations": "/does/not/exist"}, "does not exist"),
    "permission": ({"permissions": (Permission(name="lain.buka", title="x"),)}, "must begin with 'satu.'"),
    "slot": ({"slots": {"atap": render}}, "no slot 'atap'"),
    "block": ({"blocks": (Block(kind="b", parse=parse, render=render),)}, "owns no heading"),
    "subscriber": ({"subscribers": {"CourseCompleted": (render,)}}, "is not an Event"),
    "translations": ({"translations": "/does/not/exist"}, "translations folder"),
}


@pytest.mark.parametrize("case", BROKEN_FIELDS)
def test_a_value_that_breaks_the_contract_cannot_be_made(case):
    fields, words = BROKEN_FIELDS[case]
    with pytest.raises(ValueError, match=words):
        Plugin(**({"name": "satu", "title": "Satu"} | fields))


def block(kind, **more):
    return Block(kind=kind, parse=parse, render=render, **more)


CLASHES = {
    "plugin": (plain("satu"), plain("satu"), "plugin 'satu' is taken"),
    "core": (plain("satu"), Plugin(name="core", title="x"), "plugin 'core' is taken"),
    "block": (plain("satu", blocks=(block("b", headings=("A",)),)), plain("dua", blocks=(block("b", headings=("B",)),)), "block 'b'"),
    "heading": (plain("satu", blocks=(block("b", headings=("Soal",)),)), plain("dua", blocks=(block("c", headings=("soal",)),)), "heading 'soal'"),
    "fence": (plain("satu", blocks=(block("b", fences=("x",)),)), plain("dua", blocks=(block("c", fences=("x",)),)), "fence 'x'"),
    "lesson kind": (plain("satu", blocks=(block("b", lesson_kinds=("k",)),)), plain("dua", blocks=(block("c", lesson_kinds=("k",)),)), "lesson kind 'k'"),
    "event": (plain("satu", events=(Unknown,)), plain("dua", events=(Unknown,)), "event 'Unknown'"),
}  # fmt: skip


@pytest.mark.parametrize("case", CLASHES)
def test_two_plugins_that_want_the_same_are_both_named(case):
    first, second, words = CLASHES[case]
    said = faults_of(first, second)
    assert words in said
    assert repr(second.name) in said


def test_a_role_that_does_not_exist_is_named():
    said = faults_of(plain(permissions=(Permission(name="satu.buka", title="x", roles=("raja",)),)))
    assert "unknown role 'raja'" in said


def test_an_event_that_nobody_declares_is_named():
    assert "Unknown, which no plugin declares" in faults_of(plain(subscribers={Unknown: (render,)}))


def test_all_faults_come_at_once():
    said = faults_of(
        plain(subscribers={Unknown: (render,)}),
        plain("satu"),
        plain("tiga", permissions=(Permission(name="tiga.x", title="x", roles=("raja",)),)),
    )
    assert len(said.splitlines()) == 3


def test_a_route_without_access_is_named_with_its_place(make_app):
    pages = Blueprint("satu", __name__)
    pages.get("/terbuka")(lambda: "lupa")
    with pytest.raises(PluginError) as caught:
        make_app(plain(blueprint=pages))
    (fault,) = caught.value.faults
    assert "/satu/terbuka" in fault
    assert "test_load_faults.py:" in fault


MODULES = {
    "rusak": "import tidak_ada_modul_ini",
    "salah_tulis": "def (",
    "bukan": "plugin = {'name': 'bukan'}",
    "lain_nama": "from elearn import Plugin\nplugin = Plugin(name='nama_lain', title='x')",
    "kosong": "",
    "keluar": "raise RuntimeError('di tengah impor')",
}
SAID = {
    "rusak": "No module named 'tidak_ada_modul_ini'",
    "salah_tulis": "SyntaxError",
    "bukan": "is a dict, not a Plugin",
    "lain_nama": "calls itself 'nama_lain'",
    "kosong": "AttributeError",
    "keluar": "di tengah impor",
}


@pytest.fixture
def installed(monkeypatch, tmp_path):
    """Entry points to modules of these sources, as an installed distribution would give them."""

    def put(**sources):
        points = []
        for name, source in sources.items():
            (tmp_path / f"plugin_{name}.py").write_text(source)
            points.append(EntryPoint(name=name, value=f"plugin_{name}:plugin", group=registry.GROUP))
            monkeypatch.delitem(sys.modules, f"plugin_{name}", raising=False)
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(registry, "entry_points", lambda group: points)

    return put


@pytest.mark.parametrize("name", MODULES)
def test_a_plugin_that_cannot_be_loaded_is_named_with_what_is_wrong_and_where(installed, name):
    installed(**{name: MODULES[name]})
    with pytest.raises(PluginError) as caught:
        discover(without=())
    (fault,) = caught.value.faults
    assert repr(name) in fault
    assert SAID[name] in fault
    assert ".py:" in fault


def test_one_may_start_without_the_broken_one(installed, monkeypatch):
    good = "from elearn import Plugin\nplugin = Plugin(name='baik', title='Baik')"
    installed(rusak=MODULES["rusak"], baik=good)
    monkeypatch.setenv("ELEARN_WITHOUT", "rusak")
    assert [plugin.name for plugin in discover()] == ["baik"]


def test_a_plugins_command_beside_a_broken_plugin_says_which_is_broken(installed):
    installed(rusak=MODULES["rusak"])
    _installed.cache_clear()
    try:
        result = CliRunner().invoke(main, ["certificates", "list"])
        listed = CliRunner().invoke(main, ["--help"])
    finally:
        _installed.cache_clear()
    assert result.exit_code == 1
    assert "plugin 'rusak'" in result.stderr
    assert "ELEARN_WITHOUT" in result.stderr
    assert listed.exit_code == 0
    assert "upgrade" in CliRunner().invoke(main, ["db", "--help"]).stdout


def test_loading_reads_the_value_and_runs_nothing_of_it(installed):
    installed(baik="from elearn import Plugin\nplugin = Plugin(name='baik', title='Baik', nav=lambda viewer: 1 / 0)")
    assert [plugin.title for plugin in discover(without=())] == ["Baik"]
