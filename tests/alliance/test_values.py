"""A value is read only when it is certain, in typed, spoken and keyed form."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.values import (
    Kind,
    find_values,
    is_only_value,
    keypad,
    mask,
    matches_name,
    read_amount,
    read_claim_figures,
    read_claim_number,
    read_date_of_birth,
    read_first_names,
    read_member_ids,
    read_period,
    read_zip,
)

# A Monday.
TODAY = date(2026, 11, 23)
MAY_12 = date(1980, 5, 12)


@pytest.mark.parametrize(
    "text",
    [
        "5/12/80", "05121980", "051280", "5-12-1980", "5.12.1980", "5 12 1980", "1980-05-12",
        "12 May 1980", "May 12, 1980", "may 12 80", "my birthday is may 12th 1980",
        "may the twelfth nineteen eighty", "may twelve nineteen eighty", "may twelfth eighty",
        "twelve of may nineteen eighty", "five twelve eighty", "five twelve nineteen eighty",
        "oh five twelve nineteen eighty", "zero five one two one nine eight zero",
        "05 12 19 80", "12 de mayo de 1980",
    ],
)  # fmt: skip
def test_a_birth_date_in_every_form(text: str) -> None:
    assert read_date_of_birth(text, TODAY) == MAY_12


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("25/12/1980", date(1980, 12, 25)),
        ("eleven nineteen eighty", date(1980, 11, 19)),
        ("one one nineteen eighty", date(1980, 1, 1)),
        ("twenty first of june nineteen ninety nine", date(1999, 6, 21)),
        ("5/12/10", date(2010, 5, 12)),
        ("11/24/26", date(1926, 11, 24)),
        ("sept 3rd, '72", date(1972, 9, 3)),
    ],
)
def test_years_and_order_are_read_sensibly(text: str, born: date) -> None:
    assert read_date_of_birth(text, TODAY) == born


@pytest.mark.parametrize(
    "text",
    ["", "5/12", "i may need 12", "12/25/2030", "february thirtieth nineteen eighty", "july 4 1776",
     "may 12 1980 or may 13 1980", "12207", "doce"],
)  # fmt: skip
def test_no_certain_birth_date(text: str) -> None:
    assert read_date_of_birth(text, TODAY) is None


@given(st.dates(date(1915, 1, 1), TODAY))
def test_every_birth_date_comes_back_keyed_and_typed(born: date) -> None:
    assert read_date_of_birth(f"{born:%m%d%Y}", TODAY) == born
    assert read_date_of_birth(f"{born.month}/{born.day}/{born.year}", TODAY) == born
    assert read_date_of_birth(f"{born:%B} {born.day}, {born.year}", TODAY) == born


@pytest.mark.parametrize(
    "text",
    ["12207", "one two two oh seven", "it's one two two oh seven", "12207-1234", "it's 12207.",
     "one twenty two oh seven", "twelve two oh seven", "zip 1 2 2 0 7"],
)  # fmt: skip
def test_a_zip_code_in_every_form(text: str) -> None:
    assert read_zip(text) == "12207"


@pytest.mark.parametrize(
    "text",
    ["", "my claim 55501", "zip 12207 or 12208", "U55500123", "$12207", "i paid 12207 dollars",
     "1220", "05/12/19800", "eleven thousand", "cpt code 99213", "00000"],
)  # fmt: skip
def test_no_certain_zip_code(text: str) -> None:
    assert read_zip(text) is None


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("M55500123", ["M55500123"]),
        ("m 555 00 123", ["M55500123"]),
        ("M5550O123", ["M55500123"]),
        ("555-00-1234", ["555001234"]),
        ("it's u555 001 23 and my zip is 12207", ["U55500123"]),
        ("you five five five oh oh one two three", ["U55500123"]),
        ("m as in mary five five five oh oh one two three", ["M55500123", "N55500123"]),
        ("and five five five oh oh one two three", ["55500123", "N55500123"]),
        ("my birthday is 5/12/1980", []),
        ("12207", []),
        ("CLM-2026-55501", []),
    ],
)
def test_member_ids_best_first(text: str, ids: list[str]) -> None:
    assert read_member_ids(text)[: max(1, len(ids))] == ids


def test_letters_that_sound_alike_follow_only_a_spoken_one() -> None:
    heard = read_member_ids("pee five five five oh oh one two three")
    assert heard[0] == "P55500123"
    assert {h[0] for h in heard} == {*"PBDTEV"}
    assert read_member_ids("P55500123") == ["P55500123"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("CLM-2026-55501", "CLM-2026-55501"),
        ("clm 2026 55501", "CLM-2026-55501"),
        ("claim 2026-55501", "CLM-2026-55501"),
        ("c l m dash two zero two six dash five five five oh one", "CLM-2026-55501"),
        ("claim c l m dash twenty twenty six dash fifty five five oh one", "CLM-2026-55501"),
        ("see l m dash twenty twenty six dash five five five zero one", "CLM-2026-55501"),
        ("AW123412341234123412341234123413", "AW123412341234123412341234123413"),
        ("claim number 55501", "55501"),
        ("claim from 5/12/2026", None),
        ("my claim from 2026", None),
        ("CLM-2026-55501 or CLM-2026-55502", None),
        ("12207", None),
    ],
)
def test_claim_numbers(text: str, number: str | None) -> None:
    assert read_claim_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("202655501", "CLM-2026-55501"),
        ("2026 55501", "CLM-2026-55501"),
        ("two zero two six five five five zero one", "CLM-2026-55501"),
        ("20260312", None),
        ("12207", None),
        ("$202655501", None),
        ("the one of 202655501 dollars", None),
    ],
)
def test_the_figures_of_a_claim_number_alone(text: str, number: str | None) -> None:
    assert read_claim_figures(text) == number


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("my name is Maria Lopez", ["Maria", "Maria Lopez"]),
        ("it's deshawn", ["Deshawn"]),
        ("Member 01", ["Member 01", "Member"]),
        ("member zero one", ["Member 01", "Member"]),
        ("d e s h a w n", ["Deshawn"]),
        ("d as in david e s h a w n", ["Deshawn"]),
        ("m a r i a", ["Maria"]),
        ("it's jon j o n", ["Jon"]),
        ("me llamo José", ["José"]),
        ("my first name is Priya and my last name is Patel", ["Priya"]),
        ("my last name is Patel and my first name is Priya", ["Priya"]),
        ("Lopez, Maria", ["Maria"]),
        ("O'BRIEN", ["O'Brien"]),
    ],
)
def test_first_names(text: str, names: list[str]) -> None:
    assert read_first_names(text) == names


@pytest.mark.parametrize(
    "text",
    ["", "yes", "agent", "no", "i'm calling about my claim", "what do you need it for", "i'm sick",
     "12207"],
)  # fmt: skip
def test_no_name(text: str) -> None:
    assert read_first_names(text) == []


@pytest.mark.parametrize(
    ("said", "on_file", "same"),
    [
        ("jose", "José", True),
        ("Mary Ann", "Mary-Ann", True),
        ("d e s h a w n", "Deshawn", True),
        ("3374296", "Deshawn", True),
        ("62742", "Maria", True),
        ("mike", "Michael", False),
        ("Mari", "Maria", False),
        ("Maria Lopez", "Maria", False),
        ("", "", False),
        ("", "Maria", False),
    ],
)
def test_a_name_matches_exactly_spelled_or_keyed(said: str, on_file: str, same: bool) -> None:
    assert matches_name(said, on_file) is same


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12))
def test_a_keyed_name_matches(name: str) -> None:
    assert matches_name(keypad(name), name.title())


def _days(first: str, last: str | None = None) -> tuple[date, date]:
    return date.fromisoformat(first), date.fromisoformat(last or first)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("march", _days("2026-03-01", "2026-03-31")),
        ("what did i pay in december?", _days("2025-12-01", "2025-12-31")),
        ("march 2025", _days("2025-03-01", "2025-03-31")),
        ("march 3rd", _days("2026-03-03")),
        ("march third twenty twenty five", _days("2025-03-03")),
        ("3/3/2026", _days("2026-03-03")),
        ("12/28", _days("2025-12-28")),
        ("el 3 de marzo", _days("2026-03-03")),
        ("yesterday", _days("2026-11-22")),
        ("last week", _days("2026-11-15", "2026-11-22")),
        ("last month", _days("2026-10-01", "2026-10-31")),
        ("last year", _days("2025-01-01", "2025-12-31")),
        ("in the spring", _days("2026-03-01", "2026-05-31")),
        ("last winter", _days("2025-12-01", "2026-02-28")),
        ("on tuesday", _days("2026-11-17")),
        ("two weeks ago", _days("2026-11-06", "2026-11-12")),
        ("hace dos semanas", _days("2026-11-06", "2026-11-12")),
        ("three months ago", _days("2026-08-01", "2026-08-31")),
        ("since january", _days("2026-01-01", "2026-11-23")),
        ("from march to may", _days("2026-03-01", "2026-05-31")),
        ("between march 3rd and march 10th", _days("2026-03-03", "2026-03-10")),
        ("in 2025", _days("2025-01-01", "2025-12-31")),
        ("the may claim", _days("2026-05-01", "2026-05-31")),
        ("may", _days("2026-05-01", "2026-05-31")),
        ("around christmas", _days("2025-12-25")),
        ("on labor day", _days("2026-09-07")),
        ("memorial day", _days("2026-05-25")),
        ("easter sunday", _days("2026-04-05")),
        ("thanksgiving", _days("2025-11-27")),
    ],
)
def test_service_periods(text: str, days: tuple[date, date]) -> None:
    period = read_period(text, TODAY)
    assert period is not None
    assert (period.start, period.end) == days


def test_last_week_said_on_a_sunday_is_the_one_before_by_either_count() -> None:
    period = read_period("last week", date(2026, 11, 29))
    assert period is not None
    assert (period.start, period.end) == _days("2026-11-16", "2026-11-28")


@pytest.mark.parametrize(
    "text",
    ["", "i may need a claim", "i had a fall", "my daughter april", "i was born 5/12/1980",
     "next week", "a claim from march 3rd and one from yesterday", "we may be late"],
)  # fmt: skip
def test_no_certain_period(text: str) -> None:
    assert read_period(text, TODAY) is None


@given(st.sampled_from(list(calendar.month_name)[1:]), st.dates(date(2008, 1, 1), date(2090, 1, 1)))
def test_a_month_without_its_year_is_the_latest_not_in_the_future(month: str, today: date) -> None:
    period = read_period(f"in {month}", today)
    assert period is not None
    assert period.start <= today < period.start + timedelta(days=366)
    assert f"{period.start:%B}" == f"{period.end:%B}" == month


@pytest.mark.parametrize(
    ("text", "dollars"),
    [
        ("$45.20", "45.20"),
        ("forty five dollars and twenty cents", "45.20"),
        ("twelve hundred dollars", "1200"),
        ("a hundred and twenty bucks", "120"),
        ("$1,200.50", "1200.50"),
        ("five dollars", "5"),
        ("fifty cents", "0.50"),
        ("$1.2k", "1200"),
        ("45", "45"),
    ],
)
def test_amounts(text: str, dollars: str) -> None:
    assert read_amount(text) == Decimal(dollars)


@pytest.mark.parametrize("text", ["i have 3 kids", "$20 or $30", "", "12207 is my zip"])
def test_no_certain_amount(text: str) -> None:
    assert read_amount(text) is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("12207", "zip"),
        ("sure, it's 12207", "zip"),
        ("my zip code is one two two oh seven", "zip"),
        ("12207 is my zip code", "zip"),
        ("no sorry 12208", "zip"),
        ("M55500123", "member_id"),
        ("my member id is m as in mary five five five oh oh one two three", "member_id"),
        ("may twelfth nineteen eighty", "date_of_birth"),
        ("Ok my dob is 05/12/1980.", "date_of_birth"),
        ("i was born on may 12 1980", "date_of_birth"),
        ("05121980", "date_of_birth"),
        ("the claim number is CLM-2026-55501 please", "claim_number"),
        ("it was march 3rd", "date"),
        ("in march", "date"),
        ("maria", "first_name"),
        ("sure, my name is Maria Lopez", "first_name"),
        ("d e s h a w n", "first_name"),
        ("Member 01", "first_name"),
        ("a dermatologist please", "specialty"),
        ("skin doctor", "specialty"),
        ("cigna", "partner"),
        ("it's with mvp", "partner"),
        ("Troy, New York", "place"),
        ("in Troy", "place"),
        ("an MRI", "service"),
        ("my daughter", "relation"),
        ("urgent care", "facility"),
        ("it was about $45", "amount"),
    ],
)
def test_a_bare_answer_is_only_a_value(text: str, kind: Kind) -> None:
    assert is_only_value(text, kind)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "zip"),
        ("doctor near 12207", "zip"),
        ("find me a doctor in 12207", "zip"),
        ("why do you need my zip", "zip"),
        ("i moved to 12207", "zip"),
        ("is it 12207?", "zip"),
        ("my zip is 12207 and i need a dentist", "zip"),
        ("urgent care 12207", "zip"),
        ("does 12207 count as upstate", "zip"),
        ("my claim from 5/12/1980", "date_of_birth"),
        ("my son born 5/12/80 needs a doctor", "date_of_birth"),
        ("what happened on may 12 1980", "date_of_birth"),
        ("is M55500123 still active", "member_id"),
        ("someone used M55500123 at the pharmacy", "member_id"),
        ("why was CLM-2026-55501 denied", "claim_number"),
        ("my mri in march", "date"),
        ("yes", "first_name"),
        ("agent", "first_name"),
        ("dermatology", "first_name"),
        ("i'm calling about my claim", "first_name"),
        ("maria needs a new card", "first_name"),
        ("what's my copay", "first_name"),
        ("dermatologist in troy", "specialty"),
        ("is a dermatologist covered", "specialty"),
        ("is cigna my insurance", "partner"),
        ("hospital in troy", "place"),
    ],
)
def test_a_digression_is_not_a_value(text: str, kind: Kind) -> None:
    assert not is_only_value(text, kind)


def test_values_in_a_message_have_spans_of_the_original() -> None:
    text = "Id M as in Mary five five five oh oh one two three, zip 12207, $40 in March"
    assert [(v.kind, text[v.start : v.end], v.value) for v in find_values(text)] == [
        ("member_id", "M as in Mary five five five oh oh one two three", "M55500123"),
        ("zip", "12207", "12207"),
        ("amount", "$40", "40"),
        ("date", "March", "march"),
    ]


@pytest.mark.parametrize(
    "text",
    ["call me at 518-555-0142", "my phone is five one eight five five five oh one four two"],
)
def test_a_phone_number_is_no_member_id(text: str) -> None:
    assert not [v for v in find_values(text) if v.kind == "member_id"]


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("it was 12866, no wait, 12831", "zip", ["12831"]),
        ("p55511223 sorry i meant p55511224", "member_id", ["P55511224"]),
        ("zip one two eight six six i mean one two eight three one", "zip", ["12831"]),
        ("12866 or 12831", "zip", ["12866", "12831"]),
        ("from 12866 to 12831", "zip", ["12866", "12831"]),
        ("mine is 12866 and i'm in 12831 now", "zip", ["12866", "12831"]),
    ],
)
def test_a_number_that_is_put_right_in_the_same_breath_is_none(
    text: str, kind: Kind, values: list[str]
) -> None:
    assert [v.value for v in find_values(text) if v.kind == kind] == values


@pytest.mark.parametrize(
    ("text", "kind", "values"),
    [
        ("CLM-2026-55591 and 55592", "claim_number", ["CLM-2026-55591", "CLM-2026-55592"]),
        ("55591 is my claim", "claim_number", ["55591"]),
        ("clm/2026/55591", "claim_number", ["CLM-2026-55591"]),
        (f"a long one e one {'five ' * 19}", "claim_number", ["E1" + 19 * "5"]),
        ("sea elm twenty twenty six triple five nine one", "claim_number", ["CLM-2026-55591"]),
        ("i live at 12047 Route 9, 12921", "zip", ["12921"]),
        ("13165 Old Lake Road", "zip", []),
        ("my RxGrp is 88120", "zip", []),
        ("u555.81.393", "member_id", ["U55581393"]),
        ("mike five fife five niner one zero four tree", "member_id", ["M55591043"]),
        ("the office's NPI 1555023384", "member_id", []),
        ("it was for E11.65", "member_id", []),
    ],
)
def test_numbers_as_members_write_and_say_them(text: str, kind: Kind, values: list[str]) -> None:
    assert [v.value for v in find_values(text) if v.kind == kind] == values


@pytest.mark.parametrize(
    ("member_id", "shown"),
    [("M55500123", "M ** *** 123"), ("555001234", "*** *** 234"), ("AW1", "AW *"), ("", "")],
)
def test_an_id_is_read_back_masked(member_id: str, shown: str) -> None:
    assert mask(member_id) == shown


_WORDS = """
member oo o zero b a i u x spelled . , ; ? no sorry on it\'s s
one two five oh zero nine twelve forty hundred thousand double to for dash m as in mary may
third nineteen eighty 12207 5/12/80 M55500123 claim clm my name is zip dollars $ last march week
ago since a few christmas two maria 2026 99/99/9999 é
"""
ANYTHING = st.one_of(
    st.text(max_size=80), st.lists(st.sampled_from(_WORDS.split()), max_size=12).map(" ".join)
)
KINDS: tuple[Kind, ...] = (
    "first_name", "member_id", "date_of_birth", "zip", "claim_number", "date", "amount", "partner",
    "specialty", "facility", "service", "place", "relation",
)  # fmt: skip


@given(ANYTHING, st.dates(date(2008, 1, 1), date(2090, 1, 1)))
def test_no_text_breaks_a_reader(text: str, today: date) -> None:
    born = read_date_of_birth(text, today)
    assert born is None or born <= today
    zip_code = read_zip(text)
    assert zip_code is None or (len(zip_code) == 5 and zip_code.isdecimal())
    assert all(i.isalnum() and i == i.upper() and 6 <= len(i) <= 20 for i in read_member_ids(text))
    period = read_period(text, today)
    assert period is None or period.start <= period.end
    amount = read_amount(text)
    assert amount is None or amount >= 0
    assert all(name.strip() for name in read_first_names(text))
    number = read_claim_number(text)
    assert number is None or any(c.isdigit() for c in number)
    assert all(0 <= v.start < v.end <= len(text) for v in find_values(text))
    for kind in KINDS:
        is_only_value(text, kind)
    mask(text)
