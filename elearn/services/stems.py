"""Words brought to their stems, the same on every database: "mengendalikan" and "pengendalian" are found together.

Indonesian and English words go through the same Snowball stemmers that PostgreSQL has, so SQLite and PostgreSQL agree.
"""

from __future__ import annotations

import re
import threading
import unicodedata

from Stemmer import Stemmer

WORD = re.compile(r"\w+")
MAX_QUERY_WORDS = 12
_local = threading.local()


def stems(text: str) -> list[str]:
    """The stems of the words in ``text``, in their order."""
    if not hasattr(_local, "stemmer"):  # a Stemmer may not be shared between threads
        _local.stemmer = Stemmer("indonesian")
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()  # SQLite looks past accents by itself
    return [str(stem) for stem in _local.stemmer.stemWords(WORD.findall(plain))]
