"""Ways of writing that let a stranger's text act are nowhere in the code, or where this file says why."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = [path for folder in ("elearn", "plugins") for path in sorted((ROOT / folder).rglob("*.py"))]
TEMPLATES = [path for folder in ("templates", "plugins") for path in sorted((ROOT / folder).rglob("*.html"))]
# HTML that was made safe when its course was published, by the names under which blocks hold it.
PUBLISHED = {"html", "hint", "intro", "shown", "explanation", "feedback", "if_right", "if_wrong"}
# Calls that make HTML of their own accord: what a template drew, or pieces that are safe already.
DRAWN = {"render", "render_template", "draw", "_start_page", "_self_checks", "str"}
SAFE_ALREADY = {
    "elearn/web/drawn.py": "the parts of a published lesson",
    "elearn/web/fragments.py": "what a template drew, with the reader's token put in",
    "elearn/registry.py": "what a block's render answers, which the contract says is HTML",
    "plugins/elearn_quizzes/grades/previewing.py": "a control that a template drew, its name changed",
    "plugins/elearn_studio/views/common.py": "a drawn lesson, the addresses of its pictures changed",
    "plugins/elearn_studio/views/reports.py": "what a template drew",
    "plugins/elearn_credits/competency/reminding.py": "what a template drew",
}
READS_ANYTHING = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}


def name(path):
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def calls(path, *names):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in names:
                yield node


def test_templates_trust_published_html_alone():
    found = {}
    for path in TEMPLATES:
        for expression in re.findall(r"([\w.()\"' ]+?)\s*\|\s*safe\b", path.read_text("utf-8")):
            last = re.findall(r"\w+", expression)[-1]
            if last not in PUBLISHED:
                found.setdefault(name(path), []).append(expression)
        assert "autoescape false" not in path.read_text("utf-8")
    assert found == {}


def test_markup_is_made_of_constants_or_of_what_is_safe_already():
    found = []
    for path in CODE:
        for node in calls(path, "Markup"):
            argument = node.args[0] if node.args else None
            constant = argument is None or isinstance(argument, ast.Constant)
            drawn = isinstance(argument, ast.Call | ast.IfExp) and all(
                getattr(part.func, "id", getattr(part.func, "attr", "")) in DRAWN
                for part in ast.walk(argument)
                if isinstance(part, ast.Call) and part in (argument, getattr(argument, "body", None), getattr(argument, "orelse", None))
            )
            if not constant and not drawn and name(path) not in SAFE_ALREADY:
                found.append(f"{name(path)}:{node.lineno}")
    assert found == []


def test_nothing_that_is_read_can_run():
    for path in CODE:
        tree = ast.parse(path.read_text("utf-8"))
        imported = {alias.name.partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {
            (node.module or "").partition(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level
        }
        assert not imported & READS_ANYTHING, name(path)
        for node in calls(path, "eval", "exec", "compile", "__import__", "render_template_string", "from_string", "system", "popen"):
            whose = getattr(node.func.value, "id", "") if isinstance(node.func, ast.Attribute) else ""
            assert whose in ("re", "re2"), f"{name(path)}:{node.lineno}"  # a pattern is compiled, and nothing else
        for node in calls(path, "load", "load_all", "unsafe_load", "full_load"):
            if isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "yaml":
                assert any("BaseLoader" in ast.dump(word.value) or "Safe" in ast.dump(word.value) for word in node.keywords), name(path)
        assert not any(
            isinstance(word.value, ast.Constant) and word.value.value is True
            for node in calls(path, "run", "Popen")
            for word in node.keywords
            if word.arg == "shell"
        )


def test_tables_to_take_along_are_written_where_formulas_are_disarmed():
    writers = {name(path) for path in CODE if any(calls(path, "writer", "DictWriter")) and "csv" in path.read_text("utf-8")}
    read_back = {"plugins/elearn_quizzes/exchange/sheet.py", "plugins/elearn_studio/credits.py"}  # a quote would stay
    assert writers == {"elearn/web/tables.py"} | read_back


def test_secrets_come_from_the_secret_source_and_are_compared_in_constant_time():
    for path in CODE:
        text = path.read_text("utf-8")
        if re.search(r"^(import random|from random)", text, re.MULTILINE):
            assert name(path).startswith("plugins/elearn_quizzes/"), name(path)  # draws and shuffles by a seed that secrets made
            assert not re.search(r"random\.(random|choice|randint|sample)\(", text), name(path)
    for path in ("elearn/services/reset.py",):
        assert "hmac.compare_digest" in (ROOT / path).read_text("utf-8")


def mails_at_once(path):
    """Where a mail is sent on the spot: at best from a job's ``ask``, which no transaction waits for."""
    sent = [
        node for node in calls(path, "send") if isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value).endswith("mailer")
    ]
    return [f"{name(path)}:{node.lineno}" for node in sent if ast.unparse(node.func.value) != "call.site.mailer"]


def test_no_transaction_waits_for_a_mail_server():
    assert [place for path in CODE for place in mails_at_once(path)] == []


def test_each_of_these_guards_sees_what_it_looks_for(tmp_path):
    bad = tmp_path / "bad.py"
    bad.write_text("Markup(name)\neval(x)\nsite.mailer.send(to=x)\ncall.site.mailer.send(to=x)\n")
    assert [node.lineno for node in calls(bad, "Markup", "eval")] == [1, 2]
    assert [place.rpartition(":")[2] for place in mails_at_once(bad)] == ["3"]
