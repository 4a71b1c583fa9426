"""A course from Word, from a ZIP, from a listed git address; and every kind of hostile file refused with its reason, leaving nothing."""

import io
import os
import shutil
import subprocess
import zipfile

import pytest
from elearn_studio import remote
from PIL import Image

from elearn.errors import Refused
from elearn.registry import discover
from tests.plugins.studio import word_file as w
from tests.plugins.studio.conftest import Author
from tests.serving import Quiet, Serving

COURSE = "judul: Etika\nringkasan: Ringkasan.\njp: 1\n"
LESSON = "---\njudul: Satu\nmenit: 45\n---\n\nIsi.\n"


def png(size=(40, 30)):
    out = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(out, "PNG")
    return out.getvalue()


def packed(files, **more):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in ({"etika/course.yml": COURSE, "etika/01-a.md": LESSON} | files).items():
            archive.writestr(name, data)
        for entry, data in more.get("entries", ()):
            archive.writestr(entry, data)
    return out.getvalue()


def sent(author, data, status, *, how="zip", **more):
    return author.post("/tulis/impor", status, cara=how, berkas=(io.BytesIO(data), f"kiriman.{'docx' if how == 'word' else 'zip'}"), **more)


# -- Word -------------------------------------------------------------------------------------------------------------------


def test_a_word_document_becomes_lessons(author):
    data = w.document(
        w.heading("Melayani dengan Hati"),
        w.paragraph("Pengantar singkat."),
        w.heading("Mendengar keluhan", 2),
        w.paragraph("Dengarkan dahulu.", bold=True),
        w.table(("Langkah", "Waktu"), ("Dengar", "5 menit")),
        w.picture("Petugas mendengar"),
        w.heading("Menjawab", 2),
        w.paragraph("Soal 1. Apa yang pertama?"),
        w.paragraph("A. Mendengar"),
        w.paragraph("B. Menjawab"),
        w.paragraph("Jawaban: A"),
        parts={"word/media/image1.png": png()},
        relations=w.image_relation("media/image1.png"),
    )
    sent(author, data, 302, how="word")
    paths = author.paths("melayani-dengan-hati")
    assert paths == [
        "01-isi/01-pembuka.md",
        "01-isi/02-mendengar-keluhan.md",
        "01-isi/03-menjawab.md",
        "01-isi/_bagian.md",
        "course.yml",
        "media/gambar-1.webp",
    ]
    lesson = author.text("melayani-dengan-hati", paths[1])
    assert "**Dengarkan dahulu.**" in lesson
    assert "| Dengar | 5 menit |" in lesson
    assert "![Petugas mendengar](../media/gambar-1.webp)" in lesson
    keys = author.page(f"/tulis/melayani-dengan-hati/naskah/{paths[2]}?pratinjau=1&kunci=1")
    assert "Apa yang pertama?" in keys
    assert "kunci" in keys
    assert "harus diperbaiki" not in author.page("/tulis/melayani-dengan-hati/periksa")


def test_a_word_document_can_be_added_to_a_module(author):
    slug = author.new()
    data = w.document(w.heading("Tambahan"), w.paragraph("Isi tambahan."), w.heading("Lagi"), w.paragraph("Lainnya."))
    author.post(f"/tulis/{slug}/impor", modul="01-pembuka", berkas=(io.BytesIO(data), "a.docx"))
    assert "Isi tambahan." in author.text(slug, "01-pembuka/04-tambahan.md")
    assert author.faults(slug) == []


def test_html_in_a_document_is_text(author):
    sent(
        author,
        w.document(w.heading("Satu"), w.paragraph("<script>alert(1)</script> <img src=x onerror=alert(1)>")),
        302,
        how="word",
        alamat="skrip",
    )
    page = author.page("/tulis/skrip/naskah/01-isi/01-satu.md?pratinjau=1")
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page.replace("&gt;", ">").partition("data-preview>")[2].partition("</section>")[0].replace(
        "&lt;img src=x onerror=alert(1)>", ""
    )


def bomb():
    out = io.BytesIO(w.document(w.paragraph("x")))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/besar.png", b"\0" * 30_000_000)
    return out.getvalue()


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
BAD_WORD = {
    "no document": (b"PK\x03\x04 bukan", "tidak dapat dibaca"),
    "an empty zip": (packed({}), "tidak dapat dibaca"),
    "a bomb": (bomb(), "terlalu besar setelah dibuka"),
    "entities": (w.document(w.paragraph("&b;"), prolog=ENTITIES), "deklarasi yang tidak dipakai Word"),
    "macros": (w.document(w.paragraph("x"), parts={"word/vbaProject.bin": b"x"}), "memuat makro"),
    "broken xml": (w.document("<w:p><w:r>"), "tidak dapat dibaca"),
    "nothing": (w.document(), "tidak memuat teks"),
}


@pytest.mark.parametrize(("data", "words"), BAD_WORD.values(), ids=list(BAD_WORD))
def test_a_hostile_document_is_refused_and_leaves_nothing(author, left_behind, data, words):
    before = left_behind()
    assert words in sent(author, data, 409, how="word")
    assert left_behind() == before


def test_a_document_cannot_bring_a_file_of_the_server(author, tmp_path):
    secret = tmp_path / "rahasia.png"
    secret.write_bytes(png())
    for target in (secret.as_uri(), str(secret), "http://127.0.0.1:1/x.png"):
        data = w.document(
            w.heading("Satu"), w.paragraph("Isi."), w.picture("x", how="link"), relations=w.image_relation(target, mode="External")
        )
        slug = f"luar-{abs(hash(target))}"
        sent(author, data, 302, how="word", alamat=slug)
        assert [path for path in author.paths(slug) if path.startswith("media/")] == []


# -- ZIP --------------------------------------------------------------------------------------------------------------------


def link_entry():
    entry = zipfile.ZipInfo("etika/02-b.md")
    entry.external_attr = 0o120777 << 16
    return entry


def test_links_in_a_document_lead_out_by_honest_ways_only(author):
    links = "".join(
        f'<w:p><w:hyperlink r:id="{name}"><w:r><w:t>{name}</w:t></w:r></w:hyperlink></w:p>' for name in ("baik", "jahat", "berkas")
    )
    targets = {"baik": "https://kpk.go.id/", "jahat": "javascript:alert(1)", "berkas": "file:///etc/passwd"}
    relations = "".join(
        f'<Relationship Id="{name}" Type="{w.KIND}/hyperlink" Target="{target}" TargetMode="External"/>' for name, target in targets.items()
    )
    sent(author, w.document(w.heading("Satu"), links, relations=relations), 302, how="word", alamat="tautan")
    text = author.text("tautan", "01-isi/01-satu.md")
    assert "[baik](https://kpk.go.id/)" in text
    assert "jahat" in text
    assert "javascript" not in text
    assert "passwd" not in text


def test_who_writes_may_send_large_files_and_nobody_else(app, author, sign_in):
    body = b'--x\r\nContent-Disposition: form-data; name="cara"\r\n\r\nzip\r\n--x\r\nContent-Disposition: form-data; name="berkas"; filename="a.zip"\r\n\r\n'
    body += b"0" * 13_000_000 + b"\r\n--x--\r\n"
    for client, status in ((author.client, 409), (sign_in(app), 403), (app.test_client(), 401)):
        app.config["WTF_CSRF_ENABLED"] = False
        answer = client.post("/tulis/impor", data=body, content_type="multipart/form-data; boundary=x")
        assert answer.status_code == status
    app.config["WTF_CSRF_ENABLED"] = True
    answer = app.test_client().post("/tulis/impor", data=body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413, "a stranger's form is not even read"


BAD_ZIP = {
    "not a zip": (b"bukan zip", "bukan ZIP yang utuh"),
    "out of its folder": (packed({"../../luar.md": "x"}), "menunjuk ke luar folder"),
    "an absolute name": (packed({"/etc/cron.md": "x"}), "menunjuk ke luar folder"),
    "a link": (packed({}, entries=[(link_entry(), "/etc/passwd")]), "adalah tautan"),
    "a program": (packed({"etika/jalan.py": "x"}), "tidak dikenali"),
    "a page": (packed({"etika/a.html": "<script>"}), "tidak dikenali"),
    "a bomb": (packed({"etika/02-b.md": b"\0" * 45_000_000}), "terlalu besar setelah dibuka"),
    "too many files": (packed({f"etika/x-{n}.txt": "" for n in range(3_100)}), "lebih dari"),
    "the same name twice": (packed({"etika/01-A.md": LESSON}), "Ada dua berkas"),
    "an accent spelt twice": (packed({"etika/caf\u00e9.md": "x", "etika/cafe\u0301.md": "y"}), "Ada dua berkas"),
    "a name that runs backwards": (packed({"etika/a\u202egpj.md": "x"}), "tanda yang tak terlihat"),
    "a name over two lines": (packed({"etika/a\nb.md": "x"}), "tanda yang tak terlihat"),
    "a name of Windows' own": (packed({"etika/CON.md": "x"}), "tidak dapat disimpan di semua komputer"),
    "a name without end": (packed({f"etika/{'a' * 200}.md": "x"}), "tidak dapat disimpan di semua komputer"),
    "folders without end": (packed({f"etika/{'a/' * 100}b.md": "x"}), "tidak dapat disimpan di semua komputer"),
    "a ZIP within": (packed({"etika/dalam.zip": packed({})}), "tidak dikenali"),
    "a file that is a folder too": (packed({"etika/02-b.md": "x", "etika/02-b.md/c.md": "y"}), "bukan ZIP yang utuh"),
    "a GIF that is a page too": (packed({"etika/media/a.gif": b"GIF89a<script>alert(1)</script>"}), "bukan gambar"),
    "no course": (packed({})[:0] + b"", "Pilih berkasnya"),
    "a script in a picture": (
        packed({"etika/media/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>"}),
        "memuat &lt;script&gt;",
    ),
    "a picture that fetches": (
        packed({"etika/media/a.svg": "<svg xmlns='http://www.w3.org/2000/svg'><image href='http://x/y.png'/></svg>"}),
        "tidak diizinkan",
    ),
    "entities in a picture": (
        packed({"etika/media/a.svg": "<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>"}),
        "DOCTYPE atau ENTITY",
    ),
    "no picture at all": (packed({"etika/media/a.png": b"\x89PNG\r\n\x1a\n rusak"}), "bukan gambar"),
    "a huge picture": (
        packed({"etika/media/a.png": png((1, 1))[:16] + (60_000).to_bytes(4, "big") * 2 + png((1, 1))[24:]}),
        "etika/media/a.png".removeprefix("etika/"),
    ),
}


@pytest.mark.parametrize(("data", "words"), BAD_ZIP.values(), ids=list(BAD_ZIP))
def test_a_hostile_zip_is_refused_and_leaves_nothing(author, left_behind, tmp_path, data, words):
    before = left_behind()
    assert words in sent(author, data, 409)
    assert left_behind() == before


BAD_TEXT = {
    "yaml anchors": ({"etika/course.yml": "a: &a [x]\nb: *a\n"}, "jangkar YAML"),
    "a yaml type": ({"etika/course.yml": "judul: !!python/object/apply:os.system [ls]\nringkasan: x\n"}, "Tanda tipe YAML"),
    "a remote picture": ({"etika/01-a.md": LESSON + "![a](https://contoh.id/a.png)\n"}, "diambil dari situs lain"),
    "a picture outside": ({"etika/01-a.md": LESSON + "![a](../../../etc/passwd)\n"}, "tidak ada atau tidak dapat dipakai"),
    "far too much text": ({"etika/01-a.md": LESSON + "x " * 150_000}, "paling banyak"),
}


@pytest.mark.parametrize(("files", "words"), BAD_TEXT.values(), ids=list(BAD_TEXT))
def test_a_hostile_text_may_be_mended_but_is_never_published(author, files, words):
    sent(author, packed(files), 302, alamat="etika-x")
    assert words in author.page("/tulis/etika-x/periksa")
    assert "Masih ada kesalahan" in author.post("/tulis/etika-x/terbit", 409, lakukan="terbit")
    assert author.client.get("/pelatihan/etika-x").status_code == 404


def test_scripts_in_a_lesson_are_gone_when_it_is_shown(author):
    text = (
        LESSON
        + "<script>alert(1)</script>\n\n<img src=x onerror=alert(2)>\n\n[a](javascript:alert(3))\n\n<a href='data:text/html,x'>b</a>\n"
    )
    sent(author, packed({"etika/01-a.md": text}), 302)
    shown = author.post("/tulis/etika/naskah/01-a.md", 200, json=True, lakukan="pratinjau", revision=1, text=text)["html"]
    for bad in ("<script", "onerror", "javascript:", "data:text"):
        assert bad not in shown


def test_a_pattern_built_to_hang_is_refused_with_its_line(author):
    text = LESSON + "## Soal 1: Apa?\n<!-- id: s1 -->\n\nJawaban: /(a+)+$/\n"
    sent(author, packed({"etika/01-a.md": text}), 302)
    page = author.page("/tulis/etika/periksa")
    assert "tidak dapat dipakai: pengulangan di dalam pengulangan" in page
    assert "#baris-10" in page


# -- git --------------------------------------------------------------------------------------------------------------------


class Git(Quiet):
    """Serves repositories as a git host does, by git's own program for it."""

    root = ""

    def do_GET(self):
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": self.root,
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(length),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run(["git", "http-backend"], env=environment, input=self.rfile.read(length), capture_output=True, check=True)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(headers.pop("Status", "200 OK").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def moved(self):
        self.asked.append(self.path)
        self.send_response(302)
        self.send_header("Location", self.elsewhere + self.path)
        self.end_headers()


@pytest.fixture
def repository(tmp_path):
    """A repository behind HTTP; answers the address of the folder it lies in."""
    work, bare = tmp_path / "kerja", tmp_path / "situs" / "etika.git"
    work.mkdir()
    (work / "course.yml").write_text(COURSE)
    (work / "01-a.md").write_text(LESSON)
    (work / "skrip.sh").write_text("rm -rf /")
    (work / "rahasia.md").symlink_to("/etc/passwd")

    def git(*words):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *words], cwd=work, check=True, capture_output=True)

    git("init", "-q", "-b", "utama")
    git("add", "-A")
    git("commit", "-qm", "x")
    git("clone", "-q", "--bare", ".", str(bare))
    with Serving(type("Here", (Git,), {"root": str(bare.parent)})) as server:
        yield f"{server.url}/"


@pytest.fixture
def listed(make_app, sign_in, repository):
    app = make_app(*discover(without=()), studio__git=repository, studio__git_inner=True)
    return Author(sign_in(app, role="author"), app)


def fetch(author, address, status):
    return author.post("/tulis/impor", status, cara="git", git=address)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_course_comes_from_a_listed_git_address(listed, repository):
    fetch(listed, f"{repository}etika.git", 302)
    assert listed.paths("etika") == ["01-a.md", "course.yml", "rahasia.md"]
    assert listed.text("etika", "rahasia.md") == "/etc/passwd", "a link is a line of text, never what it leads to"
    assert "tidak dapat diambil" in fetch(listed, f"{repository}tidak-ada.git", 409)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_redirect_is_not_followed(repository, tmp_path):
    asked: list[str] = []
    kind = type("Moved", (Git,), {"do_GET": Git.moved, "elsewhere": repository.rstrip("/"), "asked": asked})
    with Serving(kind) as server, pytest.raises(Refused) as refused:
        remote.fetch(f"{server.url}/etika.git", tmp_path, allowed=[f"{server.url}/"], inner=True)
    assert refused.value.code == "git_failed"
    assert asked, "the listed address was asked"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_repository_that_would_fill_the_disk_is_refused_before_it_is_unpacked(repository, tmp_path, monkeypatch):
    monkeypatch.setattr(remote, "MOST_BYTES", 300_000)
    work = tmp_path / "kerja"
    (work / "besar.txt").write_bytes(b"\0" * 2_000_000)  # a few kilobytes while packed
    for words in (["add", "-A"], ["commit", "-qm", "y"], ["push", "-q", str(tmp_path / "situs" / "etika.git"), "utama"]):
        subprocess.run(["git", "-c", "user.name=x", "-c", "user.email=x@x", *words], cwd=work, check=True, capture_output=True)
    (tmp_path / "sini").mkdir()
    with pytest.raises(Refused) as refused:
        remote.fetch(f"{repository}etika.git", tmp_path / "sini", allowed=[repository], inner=True)
    assert refused.value.code == "git_big"
    assert not list((tmp_path / "sini").rglob("besar.txt"))


def test_git_is_off_unless_an_administrator_lists_an_address(author):
    assert "Tidak aktif" in author.page("/tulis/impor")
    assert "tidak diaktifkan" in fetch(author, "https://github.com/x/y", 409)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://lain.id/x.git", "git_not_listed"),
        ("https://contoh.id.jahat.id/x.git", "git_not_listed"),
        ("https://contoh.id/lan/../rahasia/x.git", "git_not_listed"),
        ("https://contoh.id/lan/%2e%2e/x.git", "git_not_listed"),
        ("http://contoh.id/lan/x.git", "git_address"),
        ("file:///etc/passwd", "git_address"),
        ("ext::sh -c touch% x", "git_address"),
        ("ssh://contoh.id/lan/x.git", "git_address"),
        ("--upload-pack=touch x", "git_address"),
        ("https://a:b@contoh.id/lan/x.git", "git_address"),
        ("https://contoh.id/lan/x.git?a=b", "git_address"),
    ],
)
def test_an_address_outside_the_list_is_never_asked(address, code):
    with pytest.raises(Refused) as refused:
        remote.checked(address, allowed=remote.allowed_prefixes("https://contoh.id/lan"), inner=False)
    assert refused.value.code == code


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.5", "169.254.169.254", "[::1]", "192.168.1.1"])
def test_a_listed_name_that_leads_inside_is_never_asked(host):
    with pytest.raises(Refused) as refused:
        remote.checked(f"https://{host}/x.git", allowed=[f"https://{host}/"], inner=False)
    assert refused.value.code == "git_inner"
