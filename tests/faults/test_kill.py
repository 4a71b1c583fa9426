"""The server dies by kill -9 in the midst of work: what was acknowledged is there, once, and everybody goes on."""

from tests.faults.conftest import kill


def test_no_acknowledged_answer_is_missing_after_kill_9(site):
    with site.served() as server, site.answering():
        site.until(60)
        kill(server)
        with site.served() as again:
            site.until(60)
            kill(again)
            with site.served():
                site.until(60)
    assert site.lost() == set()
