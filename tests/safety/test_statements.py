"""The pages that everybody opens every day, with all plugins at work on them, ask little of the database."""

import re

import pytest

from tests.conftest import statements
from tests.safety.site import SLUG

BUDGET = {
    "/": 5,
    "/pelatihan": 4,
    "/pelatihan?q=kanari": 4,
    f"/belajar/{SLUG}/bacaan": 3,
}
MORE = {("nur", "/"): 1, ("rahmat", "/"): 1}  # what waits for those who write or review


@pytest.mark.parametrize("who", ["sari", "togar", "lalu", "nur", "baiq", "rahmat"])
def test_the_daily_pages_keep_to_their_statements(rich, who):
    app = rich.app()
    client = rich.client(app, who)
    over = {}
    for address, most in BUDGET.items():
        client.get(address)  # what a process remembers for a minute is read once
        with statements(app) as seen:
            client.get(address)
        if len(seen) > most + MORE.get((who, address), 0) and not (
            who == "sari" and "belajar" in address
        ):  # she reported something, which is shown to her
            over[address] = [re.findall(r"FROM (\w+)", one) for one in seen]
    assert not over, over
