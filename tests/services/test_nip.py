"""A NIP is read as people write it and checked in its parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.errors import Refused
from elearn.services.nip import check_nip, looks_like_nip, masked_nip, nip_doubts, spaced_nip


@pytest.mark.parametrize("text", ["198609262015051001", "19860926 201505 1 001", "19860926.201505.1.001", " 19860926-201505-1-001 "])
def test_spaces_dots_and_dashes_are_forgiven(text):
    assert check_nip(text) == "198609262015051001"


def test_a_pppk_number_has_another_middle_and_is_accepted():
    assert check_nip("199812012024211002") == "199812012024211002"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1986092620150510", "nip_length"),
        ("1986092620150510011", "nip_length"),
        ("19860926201505100a", "nip_digits"),
        ("198609262015053001", "nip_parts"),
        ("198609261915051001", "nip_parts_ok"),
        ("198609262015051000", "nip_serial"),
        ("198602302015051001", "nip_birth"),
        ("108609262015051001", "nip_parts"),
        ("٣٩٨٦٠٩٢٦٢٠١٥٠٥١٠٠١", "nip_digits"),
    ],
)
def test_each_part_is_checked_and_named(text, code):
    if code == "nip_parts_ok":  # an appointment before birth is odd, and old records are odd: a doubt, not a refusal
        assert nip_doubts(check_nip(text))
        return
    with pytest.raises(Refused) as refused:
        check_nip(text)
    assert refused.value.code == code


def test_the_length_is_told_back():
    with pytest.raises(Refused, match=r"NIP harus 18 angka\. Anda mengetik 16 angka\."):
        check_nip("1986092620150510")


def test_a_masked_number_shows_neither_birthday_nor_sex_of_a_stranger():
    assert masked_nip("198609262015051001") == "1986•••• •••••• 1 001"
    assert spaced_nip("198609262015051001") == "19860926 201505 1 001"


@given(st.text(max_size=40))
def test_any_text_is_accepted_or_refused_with_a_sentence(text):
    try:
        digits = check_nip(text)
    except Refused as refused:
        assert refused.reason.endswith(".")  # noqa: PT017
    else:
        assert len(digits) == 18
        assert looks_like_nip(text)
