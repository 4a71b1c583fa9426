"""A local version of another's module follows it: through lessons that were added, moved or thrown away on either side."""

import re

import pytest
from elearn_studio.arrangement import arrangement, fastened, loosened, merged

LESSON = "---\njudul: {title}\nmenit: 5\n---\n\nSatu.\n\n{text}\n\nTiga.\n"
FOLDER = "01-pembuka"


def path_of(author, slug, name):
    return next(path for path in author.paths(slug) if path.endswith(f"-{name}.md"))


def add(author, slug, title, text="Isi.", *, up=0, module=FOLDER):
    author.post(f"/tulis/{slug}", ubah="pelajaran-baru", modul=module, judul=title)
    path = path_of(author, slug, title.lower())
    for _ in range(up):
        page = author.page(f"/tulis/{slug}")
        file_id = re.search(rf'id="p-(\d+)">\s*<a class="item" href="[^"]*{title.lower()}\.md"', page)[1]
        author.post(f"/tulis/{slug}", ubah="naik", pelajaran=file_id)
    path = path_of(author, slug, title.lower())
    author.save(slug, path, LESSON.format(title=title, text=text))
    return path


def take(author, local):
    page = author.page(f"/tulis/{local}/asal")
    number = re.search(r'name="terbitan" value="(\d+)"', page)[1]
    return page, author.post(f"/tulis/{local}/asal", 200, terbitan=number)


@pytest.fixture
def slug(author):
    """A published module of two lessons, the second of which leads to the first."""
    slug = author.new(title="Gratifikasi", mulai="kosong")
    add(author, slug, "Melapor", "Lihat [awal](01-pelajaran-pertama.md).")
    author.publish(slug)
    return slug


@pytest.fixture
def local(another, slug):
    another.post("/tulis/setempat", modul=slug, judul="Gratifikasi di Kota Contoh")
    return "gratifikasi-di-kota-contoh"


def names(author, slug):
    return [path for path in author.paths(slug) if path.endswith(".md") and "_bagian" not in path]


def test_the_local_version_has_its_own_title(another, local):
    assert another.text(local, "course.yml").startswith("judul: Gratifikasi di Kota Contoh\n")
    assert "Gratifikasi di Kota Contoh" in another.page("/tulis/")


def test_a_change_reaches_a_lesson_that_lies_elsewhere_here(author, another, slug, local):
    add(another, local, "Inspektorat", "Lapor ke Inspektorat.", up=2)
    assert path_of(another, local, "melapor") == f"{FOLDER}/03-melapor.md"
    author.save(slug, f"{FOLDER}/02-melapor.md", LESSON.format(title="Melapor", text="Dua, [awal](01-pelajaran-pertama.md)."))
    author.publish(slug)
    take(another, local)
    assert "Dua, [awal](02-pelajaran-pertama.md)." in another.text(local, f"{FOLDER}/03-melapor.md")
    assert "Inspektorat" in another.text(local, f"{FOLDER}/01-inspektorat.md")
    assert another.faults(local) == []


def test_a_lesson_that_the_module_put_in_front_moves_ours_and_doubles_nothing(author, another, slug, local):
    mine = LESSON.format(title="Melapor", text="Lihat [awal](01-pelajaran-pertama.md).") + "\nDi kota kami: Inspektorat.\n"
    another.save(local, f"{FOLDER}/02-melapor.md", mine)
    add(author, slug, "Dasar", "Dasarnya.", up=2)
    author.publish(slug)
    page, done = take(another, local)
    assert "Urutan pelajaran disesuaikan" in page
    assert "tanpa benturan" in done
    assert names(another, local) == [f"{FOLDER}/01-dasar.md", f"{FOLDER}/02-pelajaran-pertama.md", f"{FOLDER}/03-melapor.md"]
    text = another.text(local, f"{FOLDER}/03-melapor.md")
    assert "[awal](02-pelajaran-pertama.md)" in text
    assert "Inspektorat" in text
    assert another.faults(local) == []


def test_what_the_module_drops_goes_unless_it_was_changed_here(author, another, slug, local):
    another.save(local, f"{FOLDER}/02-melapor.md", LESSON.format(title="Melapor", text="Di kota kami lain."))
    page = author.page(f"/tulis/{slug}")
    add(author, slug, "Dasar")
    for file_id in re.findall(r'id="p-(\d+)"', page):
        author.post(f"/tulis/{slug}", ubah="hapus", pelajaran=file_id)
    author.publish(slug)
    page, _done = take(another, local)
    assert "diubah atau dihapus di asal, tetap seperti di sini" in page
    assert [path.rpartition("-")[2] for path in names(another, local)] == ["dasar.md", "melapor.md"]


def test_what_was_thrown_away_here_stays_away_and_is_told(author, another, slug, local):
    file_id = re.findall(r'id="p-(\d+)"', another.page(f"/tulis/{local}"))[1]
    another.post(f"/tulis/{local}", ubah="hapus", pelajaran=file_id)
    author.save(slug, f"{FOLDER}/02-melapor.md", LESSON.format(title="Melapor", text="Dua."))
    author.publish(slug)
    page, _done = take(another, local)
    assert "sudah Anda hapus di sini" in page
    assert names(another, local) == [f"{FOLDER}/01-pelajaran-pertama.md"]


def test_writers_of_local_versions_are_told_that_their_module_moved_on(app, author, another, slug, local, capsys):
    assert "pembaruan" not in another.page("/tulis/")
    author.save(slug, f"{FOLDER}/02-melapor.md", LESSON.format(title="Melapor", text="Dua."))
    author.publish(slug)
    app.extensions["elearn"].outbox.deliver_due()
    assert "Modul asal diperbarui: Gratifikasi di Kota Contoh" in capsys.readouterr().err
    assert "pembaruan modul asal" in another.page("/tulis/")
    take(another, local)
    assert "pembaruan modul asal" not in another.page("/tulis/")


BASE = ["01-a/01-x.md", "01-a/02-y.md", "02-b/01-z.md"]


@pytest.mark.parametrize(
    ("mine", "theirs", "result"),
    [
        (BASE, [*BASE, "03-c/01-w.md"], [("a", "x y"), ("b", "z"), ("c", "w")]),
        (["01-a/01-m.md", "01-a/02-x.md", "01-a/03-y.md", "02-b/01-z.md"], ["01-a/01-y.md", "01-a/02-x.md", "02-b/01-z.md"], [("a", "m y x"), ("b", "z")]),
        (["01-a/01-y.md", "01-a/02-x.md", "02-b/01-z.md"], ["01-a/01-x.md", "01-a/02-n.md", "01-a/03-y.md", "02-b/01-z.md"], [("a", "y x n"), ("b", "z")]),
        (["01-a/01-x.md", "01-a/02-y.md", "02-l/01-m.md", "03-b/01-z.md"], BASE, [("a", "x y"), ("l", "m"), ("b", "z")]),
        (BASE, ["01-b/01-z.md", "02-a/01-x.md", "02-a/02-y.md"], [("b", "z"), ("a", "x y")]),
    ],
)  # fmt: skip
def test_the_orders_of_both_sides_become_one(mine, theirs, result):
    wanted = {f"lesson {path.rpartition('/')[2][3:]}" for path in (*mine, *theirs)}
    found = merged(arrangement(BASE), arrangement(mine), arrangement(theirs), wanted)
    assert [(module, " ".join(name[7:-3] for name in lessons)) for module, lessons in found] == result


def test_links_are_known_by_where_they_lead():
    text = "[a](../01-a/01-x.md#bagian) ![g](../media/g.webp) [luar](https://a.go.id) [hilang](09-tiada.md)"
    loose = loosened("02-b/01-z.md", text, BASE)
    assert "01-x" not in loose
    places = {"lesson x.md": "03-a/07-x.md"}
    assert fastened("02-b/01-z.md", loose, places) == text.replace("../01-a/01-x.md", "../03-a/07-x.md")
