"""Drugs on the member's own plan's list: whether, with which rules, and what their tier costs.

Being on a list is no promise of payment, and not being on it is no final no. A name that is only
nearly a drug's is said back and asked about: names that look alike can be quite different drugs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.answers.plan_network import MemberPlan, member_plan
from actions.answers.question import Desk, Named, Question
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of, money, spoken_money
from alliance.answer import Answer, Listed, Source
from alliance.disclosure import OnBehalf
from alliance.errors import PartnerUnavailable
from alliance.pharmacy import DrugSearch, ListedDrug, TierCost
from alliance.verified import VerifiedMember

EXACT = 100.0
_MOST_NAMES = 3
_NOT_ALONE = "Don't stop or change a medicine without asking your doctor."
_NO_PROMISE = "Being on the list is not a promise of payment."


@dataclass(frozen=True)
class _Asked:
    """A drug, the plan whose list was asked, and whose plan it is in words."""

    said: str
    plan: MemberPlan
    whose: str
    found: DrugSearch

    @property
    def exact(self) -> list[ListedDrug]:
        return [drug for drug in self.found.listed if drug.score == EXACT]

    @property
    def list_name(self) -> str:
        return f"{self.plan.partner.name}'s drug list for {self.whose} plan, {self.plan.name}"


async def drug_coverage(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """Whether the drug is on the plan's list, its tier and its rules. Level 2."""
    asked = await _ask(member, question, desk)
    if isinstance(asked, Answer):
        return asked
    if not asked.exact:
        return _not_listed(asked, question, desk)
    shown = asked.exact[:_MOST_NAMES]
    first = shown[0]
    sentences = [_on_list(drug, asked) for drug in shown]
    others = _others(first)
    if question.asked == "others":
        named = f"{_called(first, asked.said)}, by {asked.plan.partner.name}'s list: {others}"
        told = named if others else _no_other(first, asked)
        return _answer(asked, question, desk, told, told)
    if question.asked == "permission":
        sentences, others = [f"{_called(d, asked.said)}: {_rules(d)}" for d in shown], ""
    caution = _NOT_ALONE if _hard(first) else ""
    text = " ".join(part for part in (*sentences, others, _NO_PROMISE, caution) if part)
    speech = " ".join(
        [
            f"{_called(first, asked.said)} is on {asked.plan.partner.spoken_name}'s drug list"
            f"{f', tier {first.tier}' if first.tier else ''}.",
            _rules(first),
            "A listing is not a promise of payment.",
        ]
    )
    return _answer(asked, question, desk, text, speech)


async def drug_cost(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """What the member pays for the drug by its tier, as far as the plan's list tells. Level 2."""
    asked = await _ask(member, question, desk)
    if isinstance(asked, Answer):
        return asked
    if not asked.exact:
        return _not_listed(asked, question, desk)
    first = asked.exact[0]
    if question.asked == "others":
        # What the generic costs, or the first that the list names beside it.
        others = first.generics or first.alternatives
        if not others:
            told = _no_other(first, asked)
            return _answer(asked, question, desk, told, told)
        other = Named(said=others[0], key=None)
        return await drug_cost(member, replace(question, drug=other, asked="cost"), desk)
    costs = asked.found.cost_of(first)
    company = asked.plan.partner
    tier = f" is in the tier \u201c{first.tier}\u201d" if first.tier else " is on the list"
    begins = f"{_called(first, asked.said, strength=True)}{tier} of {asked.list_name}."
    known = [cost for cost in costs if cost.copay is not None or cost.coinsurance_percent]
    if known:
        told = " ".join(_cost(cost) for cost in known)
        heard = _cost_heard(known[0])
        after = _after(known)
    else:
        told = f"{company.name}'s list does not show what this tier costs."
        heard = told
        after = f"The pharmacist can tell, or call {line_of(company)}."
    rest = ("",) if question.asked else (_rules(first), _others(first))
    text = " ".join(part for part in (begins, told, after, *rest) if part)
    speech = " ".join([f"{_called(first, asked.said)}:", heard, _rules_heard(first)])
    return _answer(asked, question, desk, text, f"{speech} The pharmacist sees the exact price.")


async def _ask(member: VerifiedMember, question: Question, desk: Desk) -> _Asked | Answer:
    if question.drug is None:
        raise ValueError("a drug is needed")
    lookup = await member_plan(member, desk, ("pharmacy", "medical"))
    plan = lookup.plan
    if plan is None:
        text = f"{lookup.note} So I can't tell which drug list is yours."
        return Answer(text, text, intent=question.intent, level=2, buttons=(PERSON,))
    names = [name for name in (question.drug.said, question.drug.key) if name]
    company = plan.partner
    try:
        found = (
            await desk.backends[company.key].search_drugs(plan.coverage.plan_id, names)
            if plan.coverage.plan_id
            else None
        )
    except PartnerUnavailable:
        text = (
            f"I could not reach {company.name}'s drug list just now. Please try again in a few "
            f"minutes, or call {line_of(company)}."
        )
        return Answer(text, text, intent=question.intent, partner=company.key, level=2)
    if found is None:
        text = (
            f"{company.name} doesn't give me the drug list of your plan here. Please call "
            f"{line_of(company)}, or ask your pharmacist."
        )
        return Answer(
            text, text, intent=question.intent, partner=company.key, level=2, buttons=(PERSON,)
        )
    whose = "the" if isinstance(member, OnBehalf) else "your"
    return _Asked(question.drug.said, plan, whose, found)


def _answer(asked: _Asked, question: Question, desk: Desk, text: str, speech: str) -> Answer:
    shown = asked.exact
    fetched = desk.now().isoformat()
    return Answer(
        text=text.strip(),
        # A voice would say "slash".
        speech=" ".join(speech.replace("/", " ").split()),
        intent=question.intent,
        partner=asked.plan.partner.key,
        level=2,
        facts={
            "plan": asked.plan.coverage.plan_id,
            "drugs": [
                {
                    "id": drug.id,
                    "name": drug.title,
                    "tier": drug.tier_code,
                    "prior_authorization": drug.prior_authorization,
                    "step_therapy": drug.step_therapy,
                    "quantity_limit": drug.quantity_limit,
                }
                for drug in shown
            ],
            "costs": [
                str(cost.copay if cost.copay is not None else cost.coinsurance_percent)
                for drug in shown[:1]
                for cost in asked.found.cost_of(drug)
            ],
        },
        sources=tuple(
            Source(asked.plan.partner.key, f"MedicationKnowledge/{drug.id}", fetched)
            for drug in shown
        ),
        listed=_listed(shown[:1], question.intent) if shown else None,
    )


def _listed(drugs: Sequence[ListedDrug], intent: str) -> Listed:
    return Listed(
        intent,
        tuple({"drug": {"said": drug.name, "key": None, "kind": "drug"}} for drug in drugs),
        len(drugs),
        len(drugs),
    )


def _on_list(drug: ListedDrug, asked: _Asked) -> str:
    tier = f", in the tier \u201c{drug.tier}\u201d" if drug.tier else ""
    return (
        f"{_called(drug, asked.said, strength=True)} is on {asked.list_name}{tier}. {_rules(drug)}"
    )


def _called(drug: ListedDrug, said: str, *, strength: bool = False) -> str:
    """The list's own name for the drug, and the name that was asked for beside it."""
    name = drug.title if strength else drug.name
    brand = next((each for each in drug.brands if each.casefold() == said.casefold()), None)
    if brand:
        return f"{brand} ({name})"
    return name[:1].upper() + name[1:]


def _rules(drug: ListedDrug) -> str:
    told = {
        "prior approval from the plan": drug.prior_authorization,
        "another drug to be tried first (step therapy)": drug.step_therapy,
    }
    needs = [words for words, flag in told.items() if flag]
    parts = []
    if needs:
        parts.append(f"It needs {joined(needs)}; your doctor's office asks for it.")
    if drug.quantity_limit:
        parts.append("The plan limits how much you get at a time.")
    if not parts and all(
        flag is False for flag in (drug.prior_authorization, drug.step_therapy, drug.quantity_limit)
    ):
        return "The list shows no prior approval, step therapy or quantity limit for it."
    if not parts:
        return "The list doesn't say if it needs prior approval; your pharmacist can check."
    return " ".join(parts)


def _rules_heard(drug: ListedDrug) -> str:
    return "It needs prior approval from the plan." if drug.prior_authorization else ""


def _hard(drug: ListedDrug) -> bool:
    return bool(drug.prior_authorization or drug.step_therapy)


def _no_other(drug: ListedDrug, asked: _Asked) -> str:
    return (
        f"{asked.plan.partner.name}'s list names no other drug in place of "
        f"{_called(drug, asked.said)}. Ask your doctor or pharmacist if a cheaper one would do."
    )


def _others(drug: ListedDrug) -> str:
    if drug.generics:
        return f"The list also has a generic: {joined(drug.generics)}. Ask your doctor about it."
    if drug.alternatives:
        return (
            f"The list names as alternatives: {joined(drug.alternatives)}. Your doctor can say if "
            "one would suit you."
        )
    return ""


def _after(costs: Sequence[TierCost]) -> str:
    if all(cost.copay is None for cost in costs):
        return "The list shows no price, so the pharmacist has to tell the amount."
    first = {cost.after_deductible for cost in costs}
    if first == {True}:
        return "That counts once your deductible is met. The pharmacist sees the exact price."
    if first == {False}:
        return "No deductible comes first. The pharmacist sees the exact price."
    return "A deductible can come first. The pharmacist sees the exact price."


def _cost(cost: TierCost) -> str:
    supply = cost.supply or "a fill"
    if cost.copay is not None:
        return f"You pay {money(cost.copay)} for {supply}."
    return f"You pay {cost.coinsurance_percent:g} percent of the price for {supply}."


def _cost_heard(cost: TierCost) -> str:
    supply = cost.supply or "a fill"
    if cost.copay is not None:
        return f"you pay {spoken_money(cost.copay)} for {supply}."
    return f"you pay {cost.coinsurance_percent:g} percent of the price."


def _not_listed(asked: _Asked, question: Question, desk: Desk) -> Answer:
    company = asked.plan.partner
    near = list(dict.fromkeys(drug.name for drug in asked.found.listed))[:_MOST_NAMES]
    begins = f"I don't find \u201c{asked.said}\u201d on {asked.list_name}."
    if near:
        drugs = [next(drug for drug in asked.found.listed if drug.name == name) for name in near]
        text = f"{begins} Did you mean {joined(near, 'or')}? Check the name on the bottle."
        return Answer(
            text=text,
            speech=f"I don't find that name. Did you mean {joined(near, 'or')}?",
            kind="question",
            intent=question.intent,
            partner=company.key,
            level=2,
            facts={"plan": asked.plan.coverage.plan_id, "near": near},
            sources=(Source(company.key, "MedicationKnowledge", desk.now().isoformat()),),
            listed=_listed(drugs, question.intent),
        )
    if question.intent == "drug_cost":
        begins = f"{begins[:-1]}, so I can't tell what it costs: the pharmacist can."
    text = (
        f"{begins} That is not a final no: it may be listed under another name, and your doctor "
        f"can ask the plan for an exception. {_NOT_ALONE} You can also call {line_of(company)}."
    )
    heard = f"I don't find it on {company.spoken_name}'s drug list"
    speech = (
        f"{heard}, so I can't tell the price. The pharmacist can."
        if question.intent == "drug_cost"
        else f"{heard}. That is not a final no: your doctor can ask for an exception. {_NOT_ALONE}"
    )
    return Answer(
        text=text,
        speech=speech,
        intent=question.intent,
        partner=company.key,
        level=2,
        facts={"plan": asked.plan.coverage.plan_id, "drugs": []},
        buttons=(PERSON,),
        sources=(Source(company.key, "MedicationKnowledge", desk.now().isoformat()),),
    )
