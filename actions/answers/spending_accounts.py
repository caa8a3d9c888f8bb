"""Flexible spending accounts: what is left, until when, and how to get it out.

An FSA is the employer's account for health costs. It is no HRA (the employer's money alone), no
HSA (the member's own, at a bank) and no dependent care account: those are told apart, never mixed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from actions.answers.every_company import Asked, ask_every
from actions.answers.general import general
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import day, line_of, money, spoken_money
from alliance.answer import Answer, Source
from alliance.programmes import SpendingAccount
from alliance.verified import VerifiedMember

_OTHERS = (
    (re.compile(r"\bh\.? ?s\.? ?a\b|\bhealth savings?\b", re.IGNORECASE),
     "An HSA (health savings account) is your own account at a bank, so your bank tells it."),
    (re.compile(r"\bh\.? ?r\.? ?a\b|\bhealth reimbursement\b", re.IGNORECASE),
     "An HRA (health reimbursement arrangement) is your employer's money; ask your employer."),
    (re.compile(r"\b(?:dependent|child|day) ?care\b", re.IGNORECASE),
     "A dependent care account pays for day care and is separate from a health FSA."),
)  # fmt: skip
_RECEIPT = (
    "Send an itemized receipt, or the explanation of benefits: it has to show the date, the "
    "provider, the service and the amount. A card slip alone is not enough."
)
_ELIGIBLE = (
    "Medical, dental, vision and pharmacy costs that no plan paid usually count; premiums and "
    "cosmetic care don't."
)
# The case of the knowledge entry about somebody who leaves their job.
LEAVING = "leaving the job"
# The parts of it (`Question.asked`) that its dates tell.
_UNTIL_WHEN = frozenset({"deadline", "fsa-last-day", "fsa-unused", "fsa-left-over"})
_YEAR = re.compile(r"\b(20\d\d)\b")
_LAST_YEAR = re.compile(
    r"\blast year'?s?\b|\b(?:previous|old) year\b|\byear before\b", re.IGNORECASE
)


async def fsa_balance(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """What is left for each plan year that still counts, and until when. Level 1."""
    asked = await ask_every(member, desk, desk.records.spending_accounts)
    accounts = _wanted(_accounts(asked), question, desk.clock.today())
    if not accounts:
        return _none(member, question, asked, desk)
    today = desk.clock.today()
    leaving = _leaving(member, question, desk)
    dated = [account for account in accounts if _deadlines(account, today, as_of=False)]
    told, heard = _told, _heard
    if question.asked in _UNTIL_WHEN and dated:
        accounts, told, heard = dated, _until_when, _until_when_heard
    if of_sum := _sum_asked(accounts[0], question.asked, desk):
        return _answer(question, accounts[:1], desk, of_sum, of_sum, 1)
    text = " ".join(
        [
            leaving,
            *(told(account, today, desk) for account in accounts),
            _apart(question, accounts),
            asked.trouble,
        ]
    ).strip()
    speech = f"{leaving} {heard(accounts[0], today, desk)} {asked.trouble}"
    return _answer(question, accounts, desk, text, speech, 1)


async def fsa_claim(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """How to get money out, with what is left and the last day to ask for it. Level 2."""
    asked = await ask_every(member, desk, desk.records.spending_accounts)
    today = desk.clock.today()
    accounts = [a for a in _wanted(_accounts(asked), question, today) if a.available]
    if not accounts:
        found = _accounts(asked)
        if not found:
            return _none(member, question, asked, desk)
        text = f"{_told(found[0], today, desk)} So there is nothing to pay out now."
        speech = f"{_heard(found[0], today, desk)} So there is nothing to pay out now."
        return _answer(question, found[:1], desk, text, speech, 2)
    account = accounts[0]
    company = desk.partners[account.partner]
    until = f" Claims are taken until {day(account.claims_until)}." if account.claims_until else ""
    left = f"{money(account.available)} is left" if account.available is not None else ""
    text = " ".join(
        [
            _leaving(member, question, desk),
            f"Your {account.kind} with {company.name}: {left}.{until}",
            _RECEIPT,
            _ELIGIBLE,
            f"Where to send it: ask {line_of(company)}, or look on your member website.",
            _apart(question, accounts),
            asked.trouble,
        ]
    ).strip()
    heard = spoken_money(account.available) if account.available is not None else "an amount"
    speech = f"You have {heard} left.{until} Send an itemized receipt, not a card slip."
    return _answer(question, accounts[:1], desk, text, speech, 2)


def _leaving(member: VerifiedMember, question: Question, desk: Desk) -> str:
    """Who leaves a job keeps the account for less time than its plan year says: the rule first."""
    said = general(member, question, desk)
    return said.speech if said and said.facts["case"] == LEAVING else ""


def _accounts(asked: Asked[list[SpendingAccount]]) -> list[SpendingAccount]:
    found = [account for accounts in asked.found.values() for account in accounts]
    return sorted(found, key=lambda each: str(each.start), reverse=True)


def _wanted(
    accounts: Sequence[SpendingAccount], question: Question, today: date
) -> list[SpendingAccount]:
    """The year that was asked about; else the running one and any whose claims are still taken."""
    named = _YEAR.search(question.text)
    year = int(named[1]) if named else today.year - 1 if _LAST_YEAR.search(question.text) else None
    if year is not None:
        return [each for each in accounts if each.start and each.start.year == year]
    current = [
        each
        for each in accounts
        if each.end is None or each.end >= today or (each.claims_until or date.min) >= today
    ]
    return current or list(accounts[:1])


def _told(account: SpendingAccount, today: date, desk: Desk) -> str:
    company = desk.partners[account.partner]
    year = (
        f" for {day(account.start)} to {day(account.end)}" if account.start and account.end else ""
    )
    parts = []
    if account.available is None:
        parts.append(
            f"{company.name} doesn't show me what is left in your {account.kind}{year}. "
            f"Call {line_of(company)}."
        )
    else:
        whole = f" of {money(account.elected)}" if account.elected is not None else ""
        parts.append(
            f"Your {account.kind} with {company.name}{year} has {money(account.available)} left"
            f"{whole}."
        )
    if account.spent is not None:
        parts.append(f"{money(account.spent)} has been paid out.")
    parts += _deadlines(account, today)
    return " ".join(parts)


def _sum_asked(account: SpendingAccount, asked: str | None, desk: Desk) -> str:
    """What alone is asked of its sums: how much was put in, or paid out; else nothing."""
    of_year = f" of {account.start.year}" if account.start else ""
    lead = f"In {desk.partners[account.partner].name}'s file, for your {account.kind}{of_year}"
    if asked == "limit" and account.elected is not None:
        return f"{lead}, {money(account.elected)} is set aside for the year."
    if asked == "used" and account.spent is not None:
        return f"{lead}, {money(account.spent)} has been paid out."
    return ""


def _until_when(account: SpendingAccount, today: date, desk: Desk) -> str:
    """Until when its money is good, and not once more what is left."""
    of_year = f" of {account.start.year}" if account.start else ""
    company = desk.partners[account.partner].name
    dates = " ".join(_deadlines(account, today))
    return f"In {company}'s file, for your {account.kind}{of_year}: {dates}"


def _until_when_heard(account: SpendingAccount, today: date, desk: Desk) -> str:
    """The last day for receipts first: what a caller can still do."""
    company = desk.partners[account.partner].spoken_name
    *others, until = sorted(
        _deadlines(account, today, as_of=False), key=lambda each: each.startswith("Claims")
    )
    return " ".join([f"At {company}: {until}", *others])


def _deadlines(account: SpendingAccount, today: date, *, as_of: bool = True) -> list[str]:
    parts = []
    over = account.claims_until is not None and account.claims_until < today
    if over and account.claims_until:
        parts.append(f"Claims were taken until {day(account.claims_until)}.")
        if account.forfeited:
            parts.append(f"{money(account.forfeited)} was not used in time.")
        return parts
    last = account.last_service_date
    if last:
        grace = " (a grace period)" if account.end and last > account.end else ""
        parts.append(f"Care up to {day(last)}{grace} counts.")
    if account.claims_until:
        parts.append(f"Claims are taken until {day(account.claims_until)}.")
    if account.carry_over:
        parts.append(f"{money(account.carry_over)} can carry over to the next year.")
    elif account.claims_until and last and account.available:
        # A grace period and a carry-over exclude each other (IRS Notice 2013-71).
        parts.append("What is not claimed by then is lost.")
    if account.as_of and as_of:
        parts.append(f"As of {day(account.as_of)}.")
    return parts


def _heard(account: SpendingAccount, today: date, desk: Desk) -> str:
    company = desk.partners[account.partner]
    if account.available is None:
        return f"{company.spoken_name} doesn't show me what is left in your account."
    over = account.claims_until and account.claims_until < today
    year = f" of {account.start.year}" if over and account.start else ""
    left = f"You have {spoken_money(account.available)} left in your flexible spending account"
    left = f"{left}{year}."
    if account.claims_until and not over:
        left += f" Claims are taken until {day(account.claims_until)}."
    if account.last_service_date and not over:
        left += f" Care up to {day(account.last_service_date)} counts."
    return left


def _apart(question: Question, accounts: Sequence[SpendingAccount]) -> str:
    """Which of its neighbours this account is not, for who named one."""
    kinds = " ".join(account.kind for account in accounts)
    return " ".join(
        words
        for pattern, words in _OTHERS
        if pattern.search(question.text) and not pattern.search(kinds)
    )


def _none(
    member: VerifiedMember,
    question: Question,
    asked: Asked[list[SpendingAccount]],
    desk: Desk,
) -> Answer:
    company = desk.partners[member.person.home.partner]
    known = [desk.partners[key] for key in asked.found]
    apart = _apart(question, ())
    if known:
        text = (
            f"{known[0].name} shows no flexible spending account (FSA) for you there. Your "
            f"employer may use another company for it. {apart} You can ask your employer, or call "
            f"{line_of(company)}. {asked.trouble}"
        )
        speech = (
            f"{known[0].spoken_name} shows no flexible spending account for you. Your employer may "
            "use another company for it."
        )
    else:
        text = speech = asked.trouble
    return Answer(
        text=" ".join(text.split()),
        speech=speech,
        intent=question.intent,
        partner=company.key,
        level=1,
        facts={"accounts": []},
        buttons=(PERSON,),
        sources=tuple(Source(key, "fsa", desk.now().isoformat()) for key in asked.found),
    )


def _answer(
    question: Question,
    accounts: Sequence[SpendingAccount],
    desk: Desk,
    text: str,
    speech: str,
    level: int,
) -> Answer:
    fetched = desk.now().isoformat()
    return Answer(
        text=" ".join(text.split()),
        speech=speech.strip(),
        intent=question.intent,
        partner=accounts[0].partner,
        level=level,
        facts={
            "accounts": [
                {
                    "partner": account.partner,
                    "start": account.start.isoformat() if account.start else None,
                    "available": None if account.available is None else str(account.available),
                    "claims_until": (
                        account.claims_until.isoformat() if account.claims_until else None
                    ),
                }
                for account in accounts
            ]
        },
        buttons=(PERSON,),
        sources=tuple(Source(account.partner, "fsa", fetched) for account in accounts),
    )
