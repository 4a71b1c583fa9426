"""One attempt on two devices: neither silently takes the place of the other's answer, and the learner says which holds."""

import re

import pytest
from elearn_quizzes import attempts, devices
from elearn_quizzes.grades import batch

from elearn import Refused
from elearn.models.people import Person
from elearn.services import sign_in as service
from tests.plugins.quizzes.conftest import FILES, RIGHT

LAST = "tes-akhir"
PHONE, LAPTOP = 11, 22


@pytest.fixture
def attempt(session, standing):
    attempt_id = attempts.start(session, standing, LAST)
    session.commit()
    return attempt_id


@pytest.fixture
def say(session, standing, attempt):
    """``say(LAPTOP, "b", seen=0)`` saves an answer; True where it stands aside."""

    def save(device, answer, *, seen, item="tunggal"):
        aside = attempts.save(session, attempt, standing.person_id, item, [answer], seen=seen, device=device)
        session.commit()
        return aside

    return save


def test_what_another_device_said_meanwhile_is_asked_about(session, standing, attempt, say):
    assert not say(LAPTOP, "a", seen=0)
    assert say(PHONE, "b", seen=0), "the phone's page knew nothing of the laptop's answer"
    one = attempts.sitting(session, attempt, standing.person_id)
    assert one.answers["tunggal"] == "a", "until the learner has chosen, what was there holds"
    item = one.quiz.item("tunggal")
    assert [(each["which"], each["text"]) for each in devices.two_of(one, item)] == [("held", "Kanan"), ("aside", "Kiri")]
    assert devices.choose(one, "tunggal", "aside") == "b"


def test_a_device_may_change_its_own_answer_as_often_as_it_likes(say):
    assert [say(PHONE, answer, seen=0) for answer in "abcab"] == [False] * 5


def test_who_has_seen_the_other_answer_may_change_it(session, standing, attempt, say):
    say(LAPTOP, "a", seen=0)
    seen = attempts.sitting(session, attempt, standing.person_id).kept.seen["tunggal"]
    assert not say(PHONE, "b", seen=seen)
    assert attempts.answers_of(session, attempt)["tunggal"] == "b"


def test_the_first_device_does_not_overrule_the_second_without_knowing_of_it(session, standing, attempt, say):
    say(LAPTOP, "a", seen=0)
    assert say(PHONE, "b", seen=0)
    assert say(LAPTOP, "c", seen=0), "the laptop's page does not know of the phone's answer either"
    one = attempts.sitting(session, attempt, standing.person_id)
    assert one.kept.aside["tunggal"].answer == "c"


def test_equal_answers_need_no_choice(session, standing, attempt, say):
    say(LAPTOP, "a", seen=0)
    assert not say(PHONE, "a", seen=0)
    assert attempts.sitting(session, attempt, standing.person_id).kept.aside == {}


def test_a_choice_settles_it_once(session, standing, attempt, say):
    say(LAPTOP, "a", seen=0)
    say(PHONE, "b", seen=0)
    one = attempts.sitting(session, attempt, standing.person_id)
    attempts.save(session, attempt, standing.person_id, "tunggal", devices.choose(one, "tunggal", "aside"), device=PHONE)
    one = attempts.sitting(session, attempt, standing.person_id)
    assert (one.answers["tunggal"], one.kept.aside) == ("b", {})
    with pytest.raises(Refused, match="sudah dipilih"):
        devices.choose(one, "tunggal", "held")


def test_a_batch_tells_which_questions_to_choose_for(session, standing, attempt, say):
    say(LAPTOP, "a", seen=0)
    message = [{"item": "tunggal", "seq": 5, "answer": ["b"], "seen": 0}, {"item": "bs", "seq": 6, "answer": ["benar"], "seen": 0}]
    for _ in range(2):
        assert batch.keep_batch(session, attempt, standing.person_id, message, device=PHONE).aside == ("tunggal",)
    assert attempts.answers_of(session, attempt) == {"tunggal": "a", "bs": "benar"}


# -- on the pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def laptop(app, write_course, sign_in):
    write_course(app, FILES)
    client = sign_in(app)
    client.post("/pelatihan/etika/daftar")
    return client


@pytest.fixture
def phone(app, laptop):
    """The same person signed in on another device."""
    with app.extensions["elearn"].outbox.open_session() as session:
        token = service.start(session, session.get_one(Person, laptop.person_id), agent="ponsel", days=1)
        session.commit()
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return client


def asked(client, address):
    page = client.get(address).text
    return dict(re.findall(r'name="(item|seen)" value="([^"]*)"', page)), page


def test_without_script_the_learner_is_asked_and_nothing_is_lost(laptop, phone):
    base = laptop.post(f"/kuis/mulai/etika/{LAST}").headers["Location"].rsplit("/", 1)[0]
    number = next(number for number in range(1, 6) if 'value="tunggal"' in laptop.get(f"{base}/{number}").text)
    there, here = asked(phone, f"{base}/{number}")[0], asked(laptop, f"{base}/{number}")[0]
    assert laptop.post(f"{base}/{number}", data={**here, "answer": "a", "ke": "lanjut"}).headers["Location"] == f"{base}/{number + 1}"
    again = phone.post(f"{base}/{number}", data={**there, "answer": "b", "ke": "lanjut"})
    assert again.headers["Location"] == f"{base}/{number}", "back to the question, to choose"
    page = phone.get(f"{base}/{number}").text
    assert "dijawab di dua perangkat" in page
    assert page.index("Kanan") < page.index("Kiri")
    assert "dua perangkat" in phone.get(f"{base}/tinjau").text
    assert phone.post(f"{base}/{number}/pilih", data={"jawaban": "aside"}).status_code == 302
    assert "dua perangkat" not in phone.get(f"{base}/tinjau").text
    told = laptop.post(f"{base}/{number}", data={**here, "answer": "c"}, headers={"Accept": "application/json"})
    assert (told.status_code, told.json["code"], told.json["address"]) == (409, "other_device", f"{base}/{number}")


def test_a_browser_that_signs_in_again_is_no_other_device(laptop, phone):
    base = laptop.post(f"/kuis/mulai/etika/{LAST}").headers["Location"].rsplit("/", 1)[0]
    own = str(2**40 + 7)
    for client, seq, answer in ((laptop, 1_700_000_000_000, "a"), (phone, 1_700_000_000_001, "b")):
        message = {"device": own, "answers": [{"item": "tunggal", "seq": seq, "answer": [answer], "seen": 0}]}
        assert client.post(f"{base}/simpan", json=message).status_code == 200


def test_a_choice_must_be_one(laptop):
    base = laptop.post(f"/kuis/mulai/etika/{LAST}").headers["Location"].rsplit("/", 1)[0]
    assert laptop.post(f"{base}/1/pilih", data={"jawaban": "aside"}).status_code == 409
    assert laptop.post(f"{base}/99/pilih", data={"jawaban": "aside"}).status_code == 404
    item = asked(laptop, f"{base}/1")[0]["item"]
    odd = {"item": item, "answer": RIGHT[item], "seen": "9" * 40, "device": "x" * 500, "seq": "9" * 40}
    assert laptop.post(f"{base}/1", data=odd).status_code == 302
    assert "Jawaban tersimpan" in laptop.get(f"{base}/1").text
