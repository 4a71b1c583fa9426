"""A plain sentence beside each figure: what it means and what to do. Limits after Ebel (1965) for discrimination, Nunnally (1978) for alpha."""

from __future__ import annotations

from typing import NamedTuple

from elearn import gettext as _
from elearn_quizzes.analysis.figures import RARE, ItemFigures, QuizFigures
from elearn_quizzes.published import Item


class Said(NamedTuple):
    """A sentence and how grave it is: "ok", "warn", "bad" or "" (neither)."""

    tone: str
    text: str


def facility(figures: ItemFigures) -> Said:
    """What the facility means."""
    value = figures.facility
    if value is None:
        return Said("", _("Tidak ada jawaban benar atau salah.") if figures.enough else _("Terlalu sedikit untuk dinilai."))
    if value > 0.9:
        return Said(
            "warn",
            _("Sangat mudah: hampir semua benar. Pertahankan bila memang harus dikuasai semua orang; bila tidak, persulit pengecohnya."),
        )
    if value < 0.3:
        return Said("warn", _("Sangat sukar. Periksa kuncinya, lalu apakah pelajaran sudah menjelaskannya."))
    return Said("ok", _("Tingkat kesukarannya wajar."))


def discrimination(figures: ItemFigures) -> Said:
    """What the discrimination means."""
    value = figures.discrimination
    if value is None:
        return Said(
            "",
            _("Tidak dapat dihitung: semua peserta menjawab sama, atau ini satu-satunya soal.")
            if figures.enough
            else _("Terlalu sedikit untuk dinilai."),
        )
    if value < 0:
        return Said("bad", _("Terbalik: yang menguasai bahan justru lebih sering salah. Periksa kuncinya sekarang."))
    if value < 0.2:
        return Said("warn", _("Hampir tidak membedakan yang menguasai dari yang belum. Perjelas soal atau ganti pengecohnya."))
    if value < 0.3:
        return Said("ok", _("Cukup membedakan; masih dapat diperbaiki."))
    return Said("ok", _("Membedakan dengan baik yang menguasai dari yang belum."))


def upper_lower(figures: ItemFigures) -> Said:
    """What the difference between the upper and the lower 27 % means."""
    value = figures.upper_lower
    if value is None:
        return Said("", _("Tidak dapat dihitung: semua peserta bernilai sama.") if figures.enough else _("Terlalu sedikit untuk dinilai."))
    text = _("Kelompok atas menjawab benar %(points)s poin persen lebih sering daripada kelompok bawah.", points=round(value * 100))
    return Said("bad" if value < 0 else "warn" if value < 0.2 else "ok", text)


def option(item: Item, figures: ItemFigures, option_id: str, *, right: bool) -> Said:
    """What it means how often an option was chosen."""
    one = figures.option(option_id)
    if right:
        return Said("", _("Jawaban yang benar."))
    if one.share < RARE:
        return Said("warn", _("Pengecoh ini hampir tidak dipilih. Ganti dengan kekeliruan yang sungguh terjadi, atau hapus."))
    keys = [figures.option(choice.id) for choice in item.choices if choice.right]
    if keys and one.count and one.rest > max(key.rest for key in keys):
        return Said("bad", _("Dipilih oleh yang nilainya lebih tinggi daripada pemilih kunci. Periksa apakah pilihan ini juga benar."))
    return Said("ok", _("Pengecoh ini bekerja."))


def alpha(figures: QuizFigures) -> Said:
    """What the reliability means."""
    value = figures.alpha
    if not figures.same and figures.enough:
        return Said("", _("Tidak dihitung: soal diambil acak, sehingga peserta tidak mengerjakan soal yang sama."))
    if value is None:
        return Said(
            "",
            _("Tidak dapat dihitung: soalnya satu, atau semua peserta bernilai sama.")
            if figures.enough
            else _("Terlalu sedikit untuk dinilai."),
        )
    if value < 0.5:
        return Said(
            "bad",
            _(
                "Nilai banyak dipengaruhi kebetulan. Tambah soal atau perbaiki soal yang daya bedanya rendah sebelum memakainya untuk kelulusan."
            ),
        )
    if value < 0.7:
        return Said("warn", _("Cukup untuk latihan, kurang untuk keputusan kelulusan. Tambah soal yang daya bedanya baik."))
    return Said("ok", _("Nilai kuis ini dapat diandalkan."))


def sem(figures: QuizFigures) -> Said:
    """What the standard error of measurement means."""
    if figures.sem is None:
        return Said("", alpha(figures).text)
    points = round(figures.sem * 100)
    return Said(
        "",
        _(
            "Nilai seseorang dapat meleset sekitar %(points)s dari 100. Jangan membedakan dua orang yang selisihnya lebih kecil dari itu.",
            points=points,
        ),
    )


def seconds(figures: ItemFigures) -> Said:
    """What the median time means."""
    if figures.seconds is None:
        return Said("", _("Waktu tidak diketahui.") if figures.enough else _("Terlalu sedikit untuk dinilai."))
    if figures.seconds > 180:
        return Said("warn", _("Separuh peserta memerlukan lebih lama dari ini. Soal mungkin terlalu panjang."))
    return Said("", _("Separuh peserta memerlukan lebih lama dari ini."))


def worst(figures: ItemFigures) -> Said:
    """The gravest of what is said about a question, to stand in a table."""
    if not figures.enough:
        return Said("", _("Terlalu sedikit untuk dinilai."))
    if figures.facility is None:
        return facility(figures)
    said = [discrimination(figures), facility(figures), upper_lower(figures)]
    return next((one for tone in ("bad", "warn") for one in said if one.tone == tone), Said("ok", _("Tidak ada yang perlu diubah.")))
