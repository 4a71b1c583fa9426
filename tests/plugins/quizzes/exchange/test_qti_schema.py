"""What we write as QTI keeps to the standard: by the model written down beside this, and by the official schemas where they are at hand."""

import os
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from elearn_quizzes.exchange import markdown
from elearn_quizzes.exchange.archive import read_archive
from elearn_quizzes.exchange.bundle import Bundle
from elearn_quizzes.exchange.qti.names import NAMESPACES
from elearn_quizzes.exchange.qti.writing import write_qti
from elearn_quizzes.exchange.settling import settle
from lxml import etree
from qti_convert import downgrade_package, package_to_zip

from tests.plugins.quizzes.exchange.qti_model import faults
from tests.plugins.quizzes.exchange.test_qti import bundles

ODD = """---
jenis: kuis
---

# Kelompok: Semua yang ditulis orang

Ambil: 2

Teks bersama: *miring*, **tebal**, ~~coret~~, `kode`, [tautan](https://contoh.go.id/a?b=1&c=2), H~2~O dan x^2^.

> [!CONTOH]
> Sebuah kotak.
>
> - dengan daftar

## Soal 1: Yang mana?

1. satu
   - [ ] belum
   - [x] sudah
2. dua

Istilah
:   Artinya.

| a | b |
|:--|--:|
| `x` | $x^2$ |

- (x) **tebal** dan

  ```python
  if a < b:
      print("&")
  ```
- ( ) baris satu\\
  baris dua
- ( ) > kutipan

Pembahasan: Lihat catatan[^1].

[^1]: Catatan kaki.

## Soal 2: $$\\frac{a}{b}$$

Jawaban: 3

## Soal 3: <kbd>Ctrl</kbd> & <sub>bawah</sub>

Tipe: esai

Rubrik:
- (5) **Dasar** hukum & [tautan](https://contoh.go.id)
- (3) Langkah

## Soal 4
Rumpang [[satu]] dalam kalimat.

- daftar dengan [[dua]]

| tabel | isi |
|---|---|
| tiga | [[(x) a | ( ) b]] |

<details><summary>Buka</summary>

Isi.

</details>

---

## Soal 5: Langkah

Urutkan:
1. satu

   dua paragraf
2. dua

Jika-benar: Ya.
Jika-salah: Tidak.
"""


def every() -> list[Bundle]:
    return [*bundles(), settle(markdown.read_markdown(ODD))]


@pytest.mark.parametrize("version", ["2.1", "3.0"])
def test_every_file_we_write_keeps_to_the_model(version):
    seen = 0
    for bundle in every():
        data, _remarks = write_qti(bundle, version=version)
        if version == "3.0":  # the same model speaks of 3.0 once another's converter has given it the names of 2.1
            result = downgrade_package(data)
            data = package_to_zip(result.files)
        for name, content in read_archive(data).items():
            if name.endswith(".xml") and name != "imsmanifest.xml":
                assert faults(fromstring(content), NAMESPACES["2.1"]) == [], (name, content.decode()[:3000])
                seen += 1
    assert seen > 60


def test_the_model_finds_what_is_wrong():
    files = read_archive(write_qti(settle(markdown.read_markdown(ODD)), version="2.1")[0])
    good = next(content.decode() for content in files.values() if b"choiceInteraction" in content)
    assert faults(fromstring(good), NAMESPACES["2.1"]) == []
    space = NAMESPACES["2.1"]
    for before, after in (
        ("<itemBody>", "<itemBody>bare words"),
        ('cardinality="', 'cardinality="many'),
        ("</itemBody>", "<script/></itemBody>"),
        (' adaptive="false"', ""),
        ('responseIdentifier="', 'responseIdentifier="X'),
    ):
        assert before in good
        assert faults(fromstring(good.replace(before, after, 1)), space), before


SCHEMAS = os.environ.get("ELEARN_TEST_QTI_XSD")  # a folder with the official imsqti_v2p1.xsd, which may not be passed on with us

if SCHEMAS:

    def test_every_item_is_valid_by_the_official_schema():
        schema = etree.XMLSchema(file=str(next(Path(SCHEMAS).rglob("imsqti_v2p1.xsd"))))
        for bundle in every():
            for name, content in read_archive(write_qti(bundle, version="2.1")[0]).items():
                if name.endswith(".xml") and name != "imsmanifest.xml":
                    schema.assertValid(etree.fromstring(content))
