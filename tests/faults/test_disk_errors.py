"""The disk fails under the database: nothing that failed is acknowledged, reading goes on, and it heals alone."""

import time

RULES = {
    "fsync-eio": ["fsync,fdatasync:error=EIO"],
    "write-eio": ["pwrite64:error=EIO"],
    "write-enospc": ["pwrite64:error=ENOSPC"],
    "write-erofs": ["pwrite64:error=EROFS"],
}


def test_what_the_disk_refuses_is_not_acknowledged_and_all_heals(sqlite_site, injected):
    with sqlite_site.served() as server:
        for name, rules in RULES.items():
            refused_and_healed(sqlite_site, server, injected, rules, name)
            assert sqlite_site.lost() == set(), name


def refused_and_healed(site, server, injected, rules, name):
    with injected(server, *rules):
        time.sleep(0.2)
        before, refused = len(site.acknowledged), sum(learner.refused for learner in site.learners)
        with site.answering(patient=False):
            time.sleep(0.8)
            reader = site.learners[0]
            page = type(server)(server.port, None, dict(reader.cookies))
            assert page.ask("GET", f"/kuis/{reader.attempt}/1")[0] == 200, name
            page.close()
        assert len(site.acknowledged) == before, name
        assert sum(learner.refused for learner in site.learners) > refused + 10, name
    with site.answering(patient=False):
        site.until(30)


def test_a_refusal_says_when_to_come_again(sqlite_site, injected):
    with sqlite_site.served() as server, injected(server, "fsync,fdatasync:error=EIO"):
        learner = sqlite_site.learners[0]
        answer = learner.server.ask(
            "POST",
            f"/kuis/{learner.attempt}/1",
            {"csrf_token": learner.token, "item": learner.items[0], "answer": "a"},
            headers={"Accept": "application/json"},
        )
    assert answer[0] == 503
    assert b"aman" in answer[1]


def test_a_slow_disk_makes_writing_wait_and_nothing_else(sqlite_site, injected):
    del sqlite_site.learners[4:]  # each of their answers waits for the ones before it
    with sqlite_site.served() as server, injected(server, "fsync,fdatasync:delay_enter=150000"):
        learner = sqlite_site.learners[0]
        with sqlite_site.answering():
            time.sleep(0.5)
            reader = type(server)(server.port, None, dict(learner.cookies))
            assert [reader.ask("GET", f"/kuis/{learner.attempt}/1")[0] for _ in range(5)] == [200] * 5
            reader.close()
            time.sleep(1.0)
    assert len(sqlite_site.acknowledged) > 3
    assert sqlite_site.lost() == set()
