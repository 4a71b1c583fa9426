"""`python -m tests.performance.questions`: what 2,000 questions of all forms in one file cost: read, checked, tidied, and through every format.

CPU seconds, the best of three; exit code 1 where reading and checking take 3 seconds or more, or grow faster than the file.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable

from elearn_quizzes.checking import check
from elearn_quizzes.exchange.bundle import Bundle
from elearn_quizzes.exchange.formats import FORMATS, read_bytes, written
from elearn_quizzes.rewriting_file import rewritten
from elearn_quizzes.syntax import read_quiz
from elearn_quizzes.writing import write_quiz

MOST_SECONDS = 3.0
FORMS = (
    "- (x) ya {n}\n- ( ) tidak {n}\n  > Umpan {n}",
    "- [x] satu {n}\n- [x] dua\n- [ ] tiga",
    "Jawaban: KPK {n} | /kpk/i",
    "Jawaban: {n} ± 5%",
    "Jawaban: Benar",
    "Pasangkan:\n- a{n} => b\n- c => d\n- => e",
    "Urutkan:\n1. a{n}\n2. b\n3. c",
    "Tipe: esai\nRubrik:\n- (5) Dasar {n}\n- (3) Langkah",
    "A. satu\nB. dua {n}\nJawaban: B",
    "Isi [[{n}]] dan [[(x) a | ( ) b]].",
)


def mixed(count: int) -> str:
    """A file of so many questions, of all forms in turn."""
    questions = (
        f"## Soal {n}: Pertanyaan {n}?\n\n{FORMS[n % len(FORMS)].format(n=n)}\n\nTag: t{n % 9}\nPembahasan: Sebab {n}.\n"
        for n in range(count)
    )
    return "---\njenis: kuis\nlulus: 70%\n---\n\n" + "\n\n".join(questions)


def cost(act: Callable[[], object], *, runs: int = 3) -> float:
    """CPU seconds of the fastest of several runs."""
    best = float("inf")
    for _ in range(runs):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best


def read(text: str) -> int:
    """Read and check; answers how many questions there were."""
    quiz, problems = read_quiz(text.partition("---\n\n")[2], meta={})
    if any(problem.severity == "error" for problem in (*problems, *check(quiz, line=1))):
        raise SystemExit("the file has errors")
    return sum(1 for _question in quiz.questions())


def main() -> int:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m tests.performance.questions", description=__doc__)
    options.add_argument("--questions", type=int, default=2_000)
    count = options.parse_args().questions
    text, quarter = mixed(count), mixed(count // 4)
    took, part = cost(lambda: read(text)), cost(lambda: read(quarter))
    print(f"{read(text)} questions, {len(text) / 1e6:.2f} MB: read and checked in {took:.2f} s, a quarter of them in {part:.2f} s")
    print(f"tidied in {cost(lambda: rewritten(text), runs=1):.2f} s")
    quiz, _problems = read_quiz(text.partition("---\n\n")[2], meta={})
    print(f"written in {cost(lambda: write_quiz(quiz)):.2f} s")
    for form in FORMATS:
        ending = form.endings[0]
        data, remarks = written(Bundle(quiz=quiz), form)
        out = cost(lambda form=form: written(Bundle(quiz=quiz), form), runs=1)  # type: ignore[misc]
        back = cost(lambda ending=ending, data=data: read_bytes(f"a{ending}", data), runs=1)  # type: ignore[misc]
        left = sum(remark.whole for remark in remarks)
        print(f"{ending:<12} written in {out:6.2f} s, read in {back:6.2f} s, {len(data) / 1e6:.2f} MB, {count - left} questions")
    return 0 if took < MOST_SECONDS and took < part * 4 * 2 + 0.2 else 1


if __name__ == "__main__":
    sys.exit(main())
