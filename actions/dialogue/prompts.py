"""What is asked, how it is explained after a failure, and what may be pressed or chosen."""

from __future__ import annotations

from dataclasses import dataclass

from actions.answers.service import PERSON
from alliance.answer import Answer, Button
from alliance.partners import Partners

# The first failure repeats the question, the second explains, the third ends in a way out (in
# chat; on the phone the bridge counts, and a person comes sooner).
EXPLAIN_AT = 2
WAY_OUT_AT = 3

START_OVER = Button("Start over", "/cancel")
NO_CARD = Button("I don't have my card", "I don't have my card")
NOT_SURE = Button("I'm not sure", "not sure")


@dataclass(frozen=True)
class Prompt:
    """A question for reading and for hearing, and the explanation with an example."""

    text: str
    speech: str
    explain: str


# Why a caller or a member is asked who they are, and what somebody does who is not the member: no
# words of theirs need to have told it before.
LOOK_UP = (
    "I can look that up. First I need to be sure that it's you: I open only the member's own file. "
    "If you ask for someone else, tell me."
)
PROMPTS = {
    "factor_first_name": Prompt(
        "What is your first name?",
        "What is your first name? You can also spell it, or press its letters on the keys.",
        "I need the first name on your plan, for example Maria.",
    ),
    "factor_member_id": Prompt(
        "What is your member ID? It is on the front of your card.",
        "What is your member ID? It is on the front of your card. Say it, or enter its numbers.",
        "A member ID is a letter and eight digits, or nine digits, for example M55500123.",
    ),
    "factor_last_name": Prompt(
        "What is your last name?",
        "What is your last name? You can also spell it.",
        "I need the last name on your plan, for example Rivera.",
    ),
    "factor_card_company": Prompt(
        "Which company name is on your card?",
        "Which company name is on your card? Say it, or press 1 for Cigna, 2 for M V P, 3 for "
        "Preferred Care.",
        "I need to know which company it is, for example MVP.",
    ),
    "factor_date_of_birth": Prompt(
        "What is your date of birth?",
        "What is your date of birth? Say month, day and year, or enter eight digits.",
        "I need month, day and year, for example 05/12/1980.",
    ),
    "factor_zip": Prompt(
        "What is the ZIP code of your home address?",
        "What is the ZIP code of your home address? Say it or enter five digits.",
        "A ZIP code has five digits, for example 12207.",
    ),
    "need_location": Prompt(
        "Where should I look? Give me a ZIP code or a city.",
        "Where should I look? Say a ZIP code or a city.",
        "A five-digit ZIP code works best, for example 12207, or a city such as Albany.",
    ),
    "need_specialty": Prompt(
        "What kind of doctor are you looking for?",
        "What kind of doctor are you looking for?",
        "For example a family doctor, a cardiologist, or a heart doctor.",
    ),
    "need_facility_type": Prompt(
        "What kind of place are you looking for?",
        "What kind of place are you looking for? For example an urgent care, a lab or a hospital.",
        "For example an urgent care, a lab, a hospital, or a place for an MRI.",
    ),
    "need_service": Prompt(
        "Which service is it? For example a specialist visit, physical therapy or an MRI.",
        "Which service is it? For example a specialist visit, physical therapy, or an M R I.",
        "The name on the order or the bill works best, for example \u201cknee MRI\u201d or "
        "\u201cchiropractor\u201d.",
    ),
    "need_provider": Prompt(
        "Which doctor or place is it? Tell me the name.",
        "Which doctor or place is it? Say the name.",
        "For example \u201cDr. Osei\u201d or \u201cCopley Hospital\u201d. A town helps too.",
    ),
    "need_drug": Prompt(
        "Which drug is it?",
        "Which drug is it? You can spell the name.",
        "The name on the bottle works best, for example \u201cmetformin\u201d. The strength helps "
        "too.",
    ),
    "need_person": Prompt(
        "Is this for you, or for someone else on your plan?",
        "Is this for you, or for someone else on your plan? Say me, or for example my daughter.",
        "For example \u201cme\u201d, \u201cmy daughter\u201d, or a first name.",
    ),
    "need_claim": Prompt(
        "Which claim? Tell me about when the visit was, the claim number, or say \u201cthe "
        "latest\u201d.",
        "Which claim? Tell me about when the visit was, or say the latest.",
        "For example \u201cMarch\u201d, \u201cMarch 3\u201d, a claim number such as "
        "CLM-2026-55501, or \u201cthe latest\u201d.",
    ),
    "need_partner": Prompt(
        "Which company is on your card: CIGNA, MVP Health Care or Preferred Care?",
        "Which company is on your card? Say it, or press 1 for Cigna, 2 M V P, 3 Preferred Care, "
        "or 9 if unsure.",
        "It is the name at the top of your card. \u201cNot sure\u201d is fine too.",
    ),
    "need_their_partner": Prompt(
        "Which company is the plan with: CIGNA, MVP Health Care or Preferred Care?",
        "Which company is the plan with? Say Cigna or press 1, M V P or press 2, Preferred Care or "
        "press 3. If you don't know, press 9.",
        "It is the name at the top of the member's card. \u201cNot sure\u201d is fine too.",
    ),
    "need_reason": Prompt(
        "Of course. In a few words, what is it about? I'll pass it on.",
        "Of course. In a few words, what is it about? I'll pass it on.",
        "For example \u201ca denied claim\u201d.",
    ),
}
# The same for questions that are worded elsewhere: said before the question, the second time that
# it got no answer.
EXPLAINED = {
    "factor_code": "The code is in the message that was just sent to you: six digits, for example "
    "550123.",
    "need_whose": "For example \u201cmy own\u201d, or \u201cmy mother's\u201d.",
    "need_filing": "Say yes and I file it now, or no and nothing is sent.",
    "need_words": "For example \u201cI waited an hour and nobody called me back\u201d.",
}
# Shorter for the ear, and shorter still after an answer: with more, the rule that stands before it
# would not fit into one hearing, and be dropped. How else a name can be given is told when it was
# not heard.
_HEARD_LOOK_UP = "I can look that up once I know who you are."
_FOR_ANOTHER = "If it's for someone else, say so."
# What most members choose, as buttons: title and what pressing it says.
_CHOICES = {
    "need_specialty": ("Family doctor", "Cardiologist", "Dermatologist", "OB/GYN"),
    "need_facility_type": ("Urgent care", "Lab", "Imaging center", "Hospital"),
    "need_service": ("Office visit", "Specialist visit", "Urgent care", "Physical therapy"),
    "need_claim": ("The latest", "All of them"),
    "need_person": ("For me", "For my child", "For my spouse"),
}
# On the keys, companies go by number, in the order of the spoken question.
COMPANY_KEYS = ("cigna", "mvp", "preferred-care")
# Everybody knows how to say these.
_KNOWN_ANSWERS = frozenset(
    {"factor_first_name", "factor_member_id", "factor_date_of_birth", "factor_zip"}
)
_GLADLY = "Of course. "
_COMPANY_SLOTS = ("need_partner", "factor_card_company")


def ask(
    slot: str,
    partners: Partners,
    *,
    lead: str = "",
    failures: int = 0,
    brief: bool = False,
    for_others: bool = False,
) -> Answer:
    """The question for a slot. `lead` is said before it; `failures` on this slot so far. After
    something else was said, a caller hears the question alone (`brief`), without how to give it.
    Who speaks `for_others` has no card of their own.
    """
    prompt = PROMPTS[slot if slot != "need_partner" or not for_others else "need_their_partner"]
    speech = prompt.speech
    if brief and not failures and slot in _KNOWN_ANSWERS:
        speech = f"{speech.partition('?')[0]}?"
    explained = [prompt.explain] if failures >= EXPLAIN_AT else []
    heard_lead = lead
    if lead == LOOK_UP:
        heard_lead = _HEARD_LOOK_UP if brief else f"{_HEARD_LOOK_UP} {_FOR_ANOTHER}"
        speech = f"{speech.partition('?')[0]}?"
    text = prompt.text
    if lead or brief:
        # "Of course" was said before, or something else was.
        text, speech = text.removeprefix(_GLADLY), speech.removeprefix(_GLADLY)
    buttons = [Button(title, title.lower()) for title in _CHOICES.get(slot, ())]
    if slot == "factor_member_id":
        buttons = [NO_CARD]
    if slot in _COMPANY_SLOTS:
        buttons = [Button(p.name, p.short_name) for p in partners if p.backend]
        if slot == "need_partner":
            buttons.append(NOT_SURE)
    return Answer(
        text=" ".join([lead, *explained, text]).strip(),
        speech=" ".join([heard_lead, *explained, speech]).strip(),
        kind="question",
        facts={"asking": slot},
        buttons=tuple(buttons),
    )


def way_out() -> Answer:
    """After three failures on one thing."""
    text = (
        "I'm not getting that, so I'll leave it. You can talk to a person, or ask again in other "
        "words."
    )
    return Answer(text=text, speech=text, kind="notice", buttons=(PERSON, START_OVER))
