"""The server dies by kill -9 in the midst of work: what was acknowledged is there, once, and everybody goes on."""

import time

from tests.faults.conftest import kill


def test_no_acknowledged_answer_is_missing_after_kill_9(site):
    with site.served() as server, site.answering():
        time.sleep(1.0)
        kill(server)
        before = len(site.acknowledged)
        with site.served() as again:
            time.sleep(1.0)
            kill(again)
            with site.served():
                time.sleep(1.5)
    assert before > 50
    assert len(site.acknowledged) > before + 50
    assert site.lost() == set()
