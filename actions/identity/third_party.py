"""Those who are not the member: an office, an employer, a lawyer, somebody of the family.

Their words are noticed before anybody is asked who they are: somebody else's member ID, birth date
and ZIP code never verify, whoever gives them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from actions.answers.service import PERSON
from actions.answers.wording import line_of
from actions.dialogue.agenda import IN_GENERAL, Item
from actions.dialogue.context import ASPECT
from actions.dialogue.turn import Turn
from alliance.answer import Answer, Button
from alliance.gazetteer import common_words, lookup_any
from alliance.partners import Partner
from alliance.speaker import is_on_their_plan

Whose = Literal["self", "other"]
INTENT = "third_party_caller"
# The knowledge's entry for what they can do instead; and that a person goes on from here.
INSTEAD, PERSON_ALONE = "third-instead", "a person"
# The knowledge's case of those who hold one: what they ask on is of their papers.
POWER = "power of attorney"
# On an item: it has to be asked whose plan it is about (need `whose`).
ASK = "ask_whose"
FAMILY = "somebody for a member"
OFFICE = "a doctor's office"
EMPLOYER = "an employer"
# Types or speaks for the member who is there: "she" is the member.
RELAY = "a relay operator"
_RELAY = re.compile(
    r"\b(?:relay|t\.?t\.?y|telecommunications) (?:operator|service|call|assistant|agent|user)\b|"
    r"\b(?:i'?m|i am|this is|as) (?:an?|the|her|his|your) (?:\w+ )?(?:interpreter|communications? "
    r"assistant)\b",
    re.IGNORECASE,
)
# What an operator puts before the member's own words: "she says her first name is".
_SHE_SAYS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|and|so|well|um+|thank you|thanks|hold on|one moment)\W+)*(?:he|she|they|"
    r"the "
    r"(?:caller|member|customer))(?:'?s| is| has)? (?:now )?(?:says?|said|saying|asks?|asked|"
    r"asking|"
    r"wants? to know|would like to know|wonders|answers?|tells? me|typed|types|replies)\b(?: that)?"
    r"(?:\W+(?:it is|it'?s|if))?\W*",
    re.IGNORECASE,
)

# Said of oneself: "I'm the attorney", "this is Jo from payroll"; not "I'm at my doctor's office",
# and not "is it on its way from the pharmacy".
_I_AM = (
    r"(?:\b(?:i'?m|i am|we'?re|we are|this is|it'?s)"
    r"(?: (?!(?:way|coming|not|paid|taken|deducted|back|out|off|on|sent|shipped|late)\b)\w+)?"
    r"(?: calling)?|"
    r"\bcalling)"
)
_FROM = rf"{_I_AM} (?:from|with|in|of) (?!my\b)(?:[\w.'-]+ ){{0,4}}?"
_BEING = rf"{_I_AM} (?:an?|the|their|his|her|(?:mrs?\.? |ms\.? )?[\w-]+'s)(?: [\w-]+){{0,2}} "
# Insurers who are nobody's health plan: who is "with" them works there.
_NO_HEALTH_PLAN = (
    r"(?:state farm|geico|allstate|progressive|liberty mutual|farmers insurance|travelers|usaa|"
    r"erie insurance|american family|esurance|sedgwick|gallagher bassett)"
)
_OTHER_INSURER = (
    r"(?:aetna|united ?health ?care|uhc|optum|blue ?(?:cross|shield)|bcbs|anthem|humana|kaiser|"
    r"excellus|fidelis|emblem(?:health)?|oscar|molina|centene|medicare|medicaid|cdphp|"
    r"independent health|univera|healthfirst|delta dental|guardian|nationwide|the hartford|aflac|"
    r"metlife|prudential|new york life)"
)
# A recogniser writes letters apart.
_HR = r"(?:h\.? ?r\.?|human resources|payroll)"
_PROFESSIONAL = {
    OFFICE: re.compile(
        rf"{_FROM}(?:(?<!benefits )(?<!h\.r\. )(?<!hr )(?<!payroll )office|clinic|practice|billing|"
        r"pharmacy|medical group|"
        r"surgery center|dr\.?)\b|"
        r"\bthis is (?:the )?(?!my\b)(?:[\w.'-]+ ){0,3}?(?:pharmacy|clinic|hospital)\b"
        r"(?! (?:bill|claim|visit|stay))|"
        r"\b(?:this is|calling)(?: \w+)? from (?:[\w.'-]+ ){0,4}?(?:registration|"
        r"admissions|intake)\b|"
        r"^\W*(?:(?:hi|hello|hey|good \w+|this is)\W+)*(?:the )?(?:patient )?(?:registration|"
        r"reception|admissions|admitting|intake|triage|front|check-?in|er|emergency room) "
        r"(?:desk|office|department|dept|clerk|nurse)\b (?:at|of|from|here|in|for)\b|"
        r"\b(?:pt|patient) (?:is )?(?:here|in front of me|at the desk|standing here)\b|"
        r"\b(?:our|my|this) patient\b|\b(?:for|of|about|on) a patient\b|"
        r"\bpatient of (?:ours|mine)\b|\b(?:for|on|about) patient \w+|"
        r"\bbilling (?:dept|department|office|team|desk) (?:at|of|from|for|with)\b|"
        r"\bpatient'?s (?:claim|coverage|eligibility|benefits)\b|\bhospital billing\b|"
        r"\b(?:dr\.? \w+'?s?|doctor'?s|provider'?s?|dental) office (?:here|calling)\b|"
        rf"{_I_AM}(?: \w+)? (?:over )?(?:at|from|with) (?:the )?(?:dr\.?|doctor) \w+\b|"
        r"\bif a patient\b|\ba patient (?:of ours |here )?(?:needs?|has|is|was)\b|"
        r"^\W*(?:(?:hi|hello|hey|good \w+)\W+)*this is (?:the )?(?:dr\.?|doctor) \w+(?:'?s)? "
        r"office\b",
        re.IGNORECASE,
    ),
    EMPLOYER: re.compile(
        rf"(?:{_FROM}|{_BEING}|{_I_AM} )(?:{_HR}|employer|"
        r"benefits (?:administrator|manager|office|department))\b|"
        r"\bi (?:manage|supervise|run|own|lead) (?:an?|the|this|my|our) (?:\w+ ){0,2}(?:crew|team|"
        r"shop|company|business|store|restaurant|firm|department|garage|plant)\b|"
        rf"{_I_AM} (?:the )?(?:benefits|people operations|personnel)(?: (?:team|desk|dept))? "
        r"(?:at|for|of|from|with)\b|"
        rf"^\W*(?:(?:hi|hello|hey)\W+)*{_HR} (?:here|department|calling|at|of|from|with)\b|"
        r"\b(?:my|our|one of (?:my|our)) (?:employees?|workers?|staff|people|guys)'?s?\b(?! on)|"
        r"\b(?:i|we) (?:work|am|are|run|manage|handle|do)(?: \w+)? (?:in|for|at|with)? ?(?:the )?"
        rf"(?:{_HR}|benefits) (?:department|office|team|desk|of|at|for|here)\b",
        re.IGNORECASE,
    ),
    "a collector": re.compile(
        rf"{_I_AM} (?:[\w.'-]+ ){{0,2}}(?:collections|recovery services|debt recovery) "
        r"(?:agency |department )?(?:calling|here|regarding|about)\b|"
        r"\bon behalf of (?:[\w.'-]+ ){1,4}?(?:recovery|collections?|receivables|financial|"
        r"credit services)\b|"
        rf"{_FROM}(?:collections?|collection (?:agency|department)|debt recovery|recovery services|"
        r"receivables)\b",
        re.IGNORECASE,
    ),
    "a lawyer": re.compile(
        rf"(?:{_FROM}|{_BEING}|{_I_AM} )(?:lawyers?|attorneys?|paralegal|law "
        r"(?:firm|offices?|group))\b|\bwe represent (?:\w+ )?(?:one of your|a|your|an?|the) "
        r"(?:\w+ )?(?:members?|insured|patient|client)\b|"
        r"\bas (?:\w+ )?counsel\b|\bcounsel for\b|\bsubpoena\b",
        re.IGNORECASE,
    ),
    "a broker": re.compile(
        rf"{_BEING}(?:broker|insurance agent)\b|\b(?:my|our|one of (?:my|our)) clients?\b|"
        r"\b(?:the|a|insurance) broker (?:here|calling|for|of)\b|^\W*(?:\w+\W+){0,3}broker here\b",
        re.IGNORECASE,
    ),
    "another insurer": re.compile(
        rf"(?:{_FROM}|{_BEING})(?:adjuster|another insurer|(?:other|auto) insurance(?: company)?|"
        r"workers'? comp|mutual|casualty)\b|"
        rf"{_I_AM} (?:from|with|of|at) {_NO_HEALTH_PLAN}\b|"
        rf"(?:{_I_AM} (?:from|of)|\bcalling (?:\w+ )?from|\b(?:here|speaking) from) "
        rf"{_OTHER_INSURER}\b",
        re.IGNORECASE,
    ),
}
# A dependant's records have an answer of their own; these are nobody's dependants.
_OTHERS = (
    r"(?:(?:step)?(?:mother|mom|father|dad)|mum|mama|papa|parents?|grand(?:ma|pa|mother|father|parents?)|aunt|"
    r"uncle|cousin|friend|neighbou?r|sister|brother|boss|mother-in-law|father-in-law)"
)
_FAMILY = re.compile(
    rf"\b(?:for|on behalf of|about|helping) (?:my|an?|our) (?:\w+ )?{_OTHERS}\b|"
    rf"\bmy (?:\w+ )?{_OTHERS}'?s (?:claim|plan|bill|coverage|insurance|card|id|deductible|policy|"
    r"account|benefits?|address|doctor|medicine|prescription)|\bon behalf of\b|\b(?:power of "
    r"attorney|caregiver for|guardian of|i (?:take care of|look after|care for) my)\b",
    re.IGNORECASE,
)
# "My dad's on MVP and he wants to know what his copay is".
_WANTS_TO_KNOW = re.compile(
    rf"\bmy (?:\w+ )?{_OTHERS}\b.{{0,40}}\b(?:wants|wanted|needs|would like|asked|is asking) "
    r"(?:me )?(?:to (?:know|find out|see|ask|check|call|help|deal|handle)|if|whether|what|how)\b",
    re.IGNORECASE,
)
# "My dad's 83 and he got a bill", and nothing of one's own.
_GOT_SOMETHING = re.compile(
    rf"\bmy (?:\w+ )?{_OTHERS}\b(?!.*\b(?:i|i'?m|i'?ve|my|me|mine|our|we|us)\b).{{0,60}}"
    r"\b(?:got|gets|getting|has|had|received|was|were|is being|keeps getting)\b.{0,30}"
    r"\b(?:bills?|billed|claims?|letters?|denied|statements?|charged|eobs?)\b",
    re.IGNORECASE,
)
# Nobody's plan any more covers an ex: whatever the file says, they ask for themselves.
_RECORDS = (
    r"(?:claims?|bills?|records?|eobs?|visits?|account|info\w*|medicines?|prescriptions?|"
    r"medical|history|details|deductible|authori[sz]ations?)"
)
_EX_PERSON = r"ex(?:[- ]?(?:wife|husband|spouse|partner))?"
_EX = re.compile(
    rf"\b{_EX_PERSON}['\u2019]?s (?:\w+ ){{0,2}}{_RECORDS}\b|"
    rf"\b{_RECORDS} (?:of|for|about) my {_EX_PERSON}\b",
    re.IGNORECASE,
)
# "Did my ex take the kids off the insurance?": whose, only they can say.
_EX_DID = re.compile(
    rf"\bmy {_EX_PERSON}\b.{{0,40}}\b(?:took|taken|takes?|remov\w+|dropp?\w*|cancel\w*|kept|keeps?|"
    r"still|put|has|have|cover\w*)\b",
    re.IGNORECASE,
)
_TOOK_ME = re.compile(
    r"\b(?:took|taken|takes?|take|kick\w*|remov\w+|dropp?\w*|kept|keeps?|has|have|put|"
    r"cover\w*) me\b",
    re.IGNORECASE,
)
# Those who look after somebody for their work, or are one of the family.
_CARES = re.compile(
    rf"{_I_AM} (?:an?|the|her|his|their|[A-Z]\w+'?s|mrs?\.? \w+'?s) (?:\w+ ){{0,2}}?(?:aide|"
    r"nanny|baby ?sitter|sitter|care ?giver|carer|care ?taker|home health|case ?worker|"
    r"social worker|companion)\b|"
    r"\b(?:taking care of|looking after|caring for|i (?:take care of|look after|care for)) "
    r"(?:an?|mr|mrs|ms|miss|the)\b",
    re.IGNORECASE,
)
# Who says what they are to somebody: "I'm her daughter", "this is Avery's assistant". A parent or
# a spouse may be whose plan it is.
_IS_SOMEBODYS = re.compile(
    r"\b(?:i'?m|i am|this is) (?:also |just )?(?:his|her|their|[^\W\d_]+['\u2019]s) (?:\w+ )?"
    r"(?:son|daughter|sister|brother|grand(?!ma|pa|mother|father|parent)\w+|niece|nephew|cousin|"
    r"friend|neighbou?r|assistant|secretary|aide|care ?giver|carer|caretaker|helper|nurse|guardian|"
    r"boyfriend|girlfriend|fianc[eé]e?|room ?mate|social worker|colleague|co-?worker|boss|"
    r"landlord)\b",
    re.IGNORECASE,
)
# The words name whose record it is: that need not be asked.
_THEIRS = re.compile(
    rf"\bmy (?:\w+ )?{_OTHERS}['\u2019]?s (?:\w+ ){{0,2}}{_RECORDS}\b|"
    rf"\b(?:her|his|their) (?:\w+ ){{0,2}}{_RECORDS}\b",
    re.IGNORECASE,
)
# "His sister", after a son, is one's own daughter.
_OF_THEM = re.compile(rf"\b(?:his|her|their) (?:\w+ )?{_OTHERS}\b", re.IGNORECASE)
# Takes back what was said before; "tell me" does not.
_IS_MEMBER = re.compile(
    r"\b(?:i'?m|i am) (?:the|a) member\b|\b(?:for|about) myself\b|"
    r"\bmy own\b|\bthis is [^\W\d_]+,? (?:the|a) member\b|"
    r"\b(?:about|for|is|just|only|then|check|see) mine\b|"
    r"\b(?:what|how) about (?:for )?me\b|\bas for me\b|\bnow (?:for )?me\b|"
    r"\b(?:s?he'?s|s?he is|i'?m|i am) back\b|"
    r"\b(?:it'?s|this is) (?:me|[^\W\d_]+) (?:again|now|myself|herself|himself|speaking|typing)\b",
    re.IGNORECASE,
)
# "Hello, this is Rosa": the one for whom somebody spoke before, where it names nobody else.
_TAKES_OVER = re.compile(
    r"\W*(?:(?:hello|hi|hey|yes|ok(?:ay)?|so|well|good \w+)\W+)*(?:this is|it'?s) [^\W\d_]+\b",
    re.IGNORECASE,
)
# "My deductible", with nobody else in it: perhaps their own after all.
_MY_OWN_THING = re.compile(
    r"\b(?:my|mine) (?:\w+ )?(?:claims?|plan|deductible|coverage|card|copay|insurance|bills?|"
    r"benefits?|doctor|referral|account|fsa)\b",
    re.IGNORECASE,
)
# Who called on business, and now asks for themselves.
_FOR_ONESELF = re.compile(
    r"\b(?:myself|personally|my own|(?:for|about) me)\b|"
    r"\b(?:i'?m|i am) (?:\w+ )?(?:a member|covered|insured|on (?:the|this|that|your|one of your) "
    r"(?:\w+ )?plans?)\b|\bi(?:'ve| have)? (?:also |too )?(?:got |have )?(?:an?|the same|your) "
    r"(?:\w+ )?(?:plan|insurance|coverage)\b|"
    r"\b(?:separate|different|another|other|side|unrelated|private|personal)(?:ly|\s\w+)?\W+"
    r"(?:thing|question|matter|note|topic|subject|one)\b",
    re.IGNORECASE,
)
_THEIR_PEOPLE = re.compile(
    r"\b(?:patients?|employees?|clients?|workers?|customers?|insureds?|residents?)\b", re.I
)
_SOMEBODY_NAMED = re.compile(
    r"\b(?:her|his|hers|him|their|theirs|them|she|he|patients?|employees?|clients?|members?)\b",
    re.IGNORECASE,
)
_MYSELF = re.compile(
    r"\b(?:i'?m the member|i am the member|it'?s me|for myself|my own|mine|myself|for me|me)\b",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    rf"\b(?:some ?(?:one|body) else|not me|s?he(?:'?s)?|her|his|hers|him|their|theirs|them|other|"
    rf"{_OTHERS})\b",
    re.IGNORECASE,
)
# The same said where the member's own details are asked for, and nothing else. Who asks for a child
# or a spouse is asked for their own.
_FOR_ANOTHER = re.compile(
    r"(?:no|not mine|sorry|well|um+|actually|oh|hi|but|and|so)?\W*(?:(?:it'?s|it is|this is|"
    r"that'?s|i'?m|i am|i'?m (?:asking|calling|writing|doing this)|asking|calling|i (?:ask|call)|"
    r"i want (?:it|to know|to ask)|the claim is|they'?re)\W+)?"
    r"(?:(?:(?:for|about|of|on behalf of)\W+)?(?:some ?(?:one|body) else(?:'?s)?|"
    r"another (?:person|member)(?:'?s)?|"
    rf"(?:my|an?|our) (?:\w+ )?{_OTHERS}(?:'?s)?)|"
    r"not (?:(?:for|about) )?(?:me|mine|myself|the (?:member|patient)|my (?:own )?(?:plan|file|"
    r"claim)))\b(?:\W+(?:who(?:m)? i|it'?s|that|and|but|for|not me)\b.*)?\W*(?:please)?\W*",
    re.IGNORECASE,
)
# Of these there is something to tell that holds for everybody.
_RULES = frozenset(
    {
        "benefit_covered", "dental_benefits", "vision_benefits", "drug_coverage",
        "maternity_program", "prior_auth_required", "referral_question", "out_of_area_coverage",
        "add_dependent", "remove_dependent", "end_coverage", "coordination_of_benefits",
        "disease_management", "appeal",
    }
)  # fmt: skip
# Of these an ex-partner is told, and the matter is one's own.
_OWN_MATTERS = frozenset(
    {
        "remove_dependent", "add_dependent", "confidential_communication",
        "coordination_of_benefits",
    }
)  # fmt: skip
_CHILDREN = ("son", "daughter", "child", "newborn")
# "This is Sample Street Pharmacy" looks for none.
_PLACES = frozenset({"find_pharmacy", "find_facility"})
# Those who are on no plan of the one who asks.
_RELATIVES = frozenset(
    {"mother", "father", "parent", "in_law", "sibling", "grandparent", "other_relative", "friend"}
)
_MOST_WORDS_OF_A_COMPANY = 10
_A_QUESTION = re.compile(
    r"\b(?:what|how|where|when|which|who|does|do|did|number|know|if|whether|find out)\b|"
    r"^\W*(?:so |and |but )?is\b|\?",
    re.IGNORECASE,
)
MINE = Button("My own", "it's for myself")
OTHERS = Button("Someone else's", "it's for someone else")


# What may follow a name that somebody gives: nothing, or how they are called besides.
_A_NAME = re.compile(
    r"\W*(?:(?:hello|hi|hey|yes|ok(?:ay)?|so|well|good \w+)\W+)*(?:this is|it'?s) "
    r"(?P<name>[^\W\d_]{2,})(?: [^\W\d_]{2,})?(?=\W*$|\s*[,.;!?-]| (?:and|speaking|here|now|the "
    r"member|did|was|is|do|does|can|what|how|when|why)\b)",
    re.IGNORECASE,
)


def names_themselves(text: str) -> bool:
    """Whether somebody begins with their name: "hello, this is Rosa"."""
    named = _A_NAME.match(text)
    if named is None:
        return False
    word = named["name"].lower()
    return word not in common_words() and lookup_any(word) is None


def professional(text: str) -> str | None:
    """Who speaks, when it is somebody on business: "an employer"."""
    return next((who for who, said in _PROFESSIONAL.items() if said.search(text)), None)


def relays(turn: Turn) -> bool:
    """Whether an operator passes on the member's words; who they are stays to be proven."""
    if _RELAY.search(turn.text) and turn.context.verified is None:
        turn.memory = replace(turn.memory, caller=RELAY)
    return turn.memory.caller == RELAY


def said_by_member(text: str) -> str:
    """The words of the member, without the operator's "she says"."""
    return _SHE_SAYS.sub("", text)


def notice_caller(turn: Turn) -> None:
    """Keep who speaks on business, also where nothing of what they say can be answered."""
    who = professional(turn.text) if turn.context.verified is None else None
    if who and turn.memory.caller != RELAY:
        turn.memory = replace(turn.memory, caller=who)


def notice_own(turn: Turn) -> None:
    """Who called for somebody asks for themselves: "I'm also on the plan, what's my copay?"."""
    if turn.memory.caller in (None, RELAY) or turn.context.verified or professional(turn.text):
        return
    others = _SOMEBODY_NAMED if turn.memory.caller == FAMILY else _THEIR_PEOPLE
    own = _MY_OWN_THING.search(turn.text) and _FOR_ONESELF.search(turn.text)
    if own and not others.search(turn.text):
        turn.memory = replace(turn.memory, caller=None, topic=None)


def redirected(turn: Turn, item: Item, *, personal: bool) -> Item:
    """The item as it goes on the agenda: an office's question gets the office's answer, and where
    it may be about somebody else, that is asked first.
    """
    if turn.context.verified or item.intent == "emergency" or turn.memory.caller == RELAY:
        return item
    who = professional(item.text)
    if _IS_MEMBER.search(item.text) or _takes_over(turn, item):
        turn.memory = replace(turn.memory, caller=None)
    elif who is None:
        who = turn.memory.caller
        if who and personal and is_mine(item.text) and not _THEIR_PEOPLE.search(turn.text):
            # Whose it is only they can say: an office or a broker may have a plan, too.
            return item.tell(ASK, True)
        if who is None and item.intent == INTENT and item.band == "accept":
            # Whoever they are: what they ask next is about somebody else too.
            turn.memory = replace(turn.memory, caller=FAMILY)
    if who:
        turn.memory = replace(turn.memory, caller=who)
    if who == FAMILY and item.intent == "authorize_representative":
        return Item(INTENT, item.text, item.entities, {ASPECT: "way"})
    # Employers hear of a newborn what is theirs to do.
    adds = who not in (None, OFFICE, EMPLOYER) and item.intent == "add_dependent"
    in_general = who == FAMILY or adds
    if in_general and personal and item.intent in _RULES and item.band == "accept":
        # "Does the plan cover braces at least?": what holds for everybody tells nobody's records.
        return item.tell(IN_GENERAL, True)
    says_who = professional(item.text) is not None and item.intent in _PLACES
    if who and (personal or item.intent == INTENT or says_who):
        # Who speaks decides what they hear, also where this message does not say it.
        papers = f", {POWER}" if who == FAMILY and POWER in turn.memory.refusals else ""
        return Item(INTENT, f"{item.text} ({who}{papers})", item.entities)
    theirs = _WANTS_TO_KNOW.search(item.text) or _GOT_SOMETHING.search(item.text)
    if personal and (_EX.search(item.text) or theirs):
        turn.memory = replace(turn.memory, caller=FAMILY)
        return Item(INTENT, item.text, item.entities)
    others = {e["value"] for e in turn.entities if e["entity"] == "relation"} & _RELATIVES
    if personal and others and _THEIRS.search(item.text) and not _OF_THEM.search(turn.text):
        turn.memory = replace(turn.memory, caller=FAMILY)
        return Item(INTENT, item.text, item.entities)
    if personal and item.told.get("person") in _RELATIVES and turn.context.verified is None:
        # "Can I ask about her claim now?", after a grandmother was told of.
        turn.memory = replace(turn.memory, caller=FAMILY)
        return Item(INTENT, item.text, item.entities)
    # For a child it is the parent who is asked who they are: disclosure decides the rest.
    of_child = item.first("relation") in _CHILDREN
    of_me = is_on_their_plan(item.text)
    if personal and _IS_SOMEBODYS.search(turn.text) and not is_mine(item.text):
        turn.memory = replace(turn.memory, caller=FAMILY)
        return redirected(turn, item, personal=personal)
    said = turn.text if points_at_somebody(item.text) else item.text
    for_them = not (of_child or of_me) and (_FAMILY.search(said) or _CARES.search(item.text))
    if personal and for_them:
        if _THEIRS.search(item.text):
            turn.memory = replace(turn.memory, caller=FAMILY)
            return Item(INTENT, item.text, item.entities)
        return item.tell(ASK, True)
    whose_is_open = personal and "person" not in item.told
    of_own = _TOOK_ME.search(item.text)
    if (
        whose_is_open
        and item.intent not in _OWN_MATTERS
        and not of_own
        and _EX_DID.search(item.text)
    ):
        return item.tell(ASK, True)
    return item


def says_own(text: str) -> bool:
    """Whether somebody takes back that it is for another: "about my own plan"."""
    return _IS_MEMBER.search(text) is not None and _SOMEBODY_NAMED.search(text) is None


def is_for_another(text: str) -> bool:
    """Whether somebody who is asked for their details says that it is for another."""
    return _FOR_ANOTHER.fullmatch(text) is not None and not any(map(str.isdigit, text))


def is_mine(text: str) -> bool:
    """Whether the words name something of the speaker's own, and nobody else."""
    return bool(_MY_OWN_THING.search(text)) and not _SOMEBODY_NAMED.search(text)


def _takes_over(turn: Turn, item: Item) -> bool:
    named = item.first("relation") or _SOMEBODY_NAMED.search(item.text)
    # Whoever calls on business hands over too: "this is Mike, is my surgery approved?".
    may = turn.memory.caller == FAMILY or (on_business(turn) and is_mine(item.text))
    return may and not named and bool(_TAKES_OVER.match(item.text))


def points_at_somebody(text: str) -> bool:
    """Whether the words point at the one for whom somebody speaks: "she can't do it herself"."""
    return _SOMEBODY_NAMED.search(text) is not None


def about_somebody(text: str, *, personal: bool) -> bool:
    """Whether the words name the records of somebody who is no dependant: clear enough for no list
    of topics to choose from.
    """
    return bool(_EX.search(text) or (personal and _FAMILY.search(text)))


def only_a_person(given: Answer) -> Answer:
    """What was kept from them, and what they can do instead, was told already."""
    text = "That I share with the member alone. A person of the company can go on from here:"
    return replace(
        given, text=f"{text} ask me for one.", speech=f"{text} say person, and I connect you."
    )


def together(items: Sequence[Item]) -> list[Item]:
    """The questions of one message, those of somebody on business as one: they hear one answer."""
    told = [item for item in items if item.intent == INTENT]
    if len(told) < 2:
        return list(items)
    one = replace(told[0], text=" ".join(item.text for item in told))
    return [one if item is told[0] else item for item in items if item not in told[1:]]


def caller_of(turn: Turn) -> str | None:
    """Who somebody on business said that they are, as routing.yml names them: "employer"."""
    if not on_business(turn):
        return None
    return str(turn.memory.caller).removeprefix("an ").removeprefix("a ")


def told_on_business(given: Answer, caller: str) -> Answer:
    """The answer with who hears it: it decides which people they get, and no member services."""
    heard = replace(given, facts={**given.facts, "caller": caller})
    if given.intent != "speak_to_agent":
        return heard
    text = "I'm connecting you with a person."
    return replace(heard, text=text, speech=f"{text} Please hold.")


def on_business(turn: Turn) -> bool:
    """Whether somebody speaks who has said that they call on business, for no own plan."""
    caller = turn.memory.caller
    return turn.context.verified is None and caller not in (None, FAMILY, RELAY)


def company_alone(turn: Turn, item: Item) -> bool:
    """Whether somebody who calls for another, told to ask the company's people, says which company
    it is.
    """
    named = [entity for entity in item.entities if entity["entity"] == "partner"]
    few = len(item.text.split()) <= _MOST_WORDS_OF_A_COMPANY and not _A_QUESTION.search(item.text)
    companies = {str(entity["value"]) for entity in named}
    told = turn.memory.caller is not None and turn.memory.told == INTENT
    return told and len(companies) == 1 and few


def line_of_company(partner: Partner) -> Answer:
    """To who reads, and has told which company it is: whom they ask there."""
    text = (
        f"Thank you. A person there can go on with you: ask me for one, or call {line_of(partner)}."
    )
    return Answer(text=text, speech=text, kind="notice", intent=INTENT, buttons=(PERSON,))


def read_whose(text: str) -> Whose | None:
    """Whose plan it is about, as an answer says it."""
    if _SOMEBODY.search(text):
        return "other"
    return "self" if _MYSELF.search(text) else None


def settle(turn: Turn, whose: Whose) -> None:
    """The first question is about the member's own plan, or about somebody else's."""
    item = turn.agenda[0]
    if whose == "other":
        turn.agenda[0] = Item(INTENT, item.text, item.entities)
        turn.memory = replace(turn.memory, caller=FAMILY)
    else:
        turn.memory = replace(turn.memory, caller=None)
        # Whom it is for has been said: the words about somebody else mean no dependant.
        turn.agenda[0] = item.tell("person", "self")


def ask_whose(lead: str) -> Answer:
    """Asked before anybody is verified."""
    text = (
        f"{lead} Is this about your own plan, or about someone else's? Please don't give me "
        "another person's ID."
    )
    return Answer(
        text=text.strip(),
        speech=text.strip(),
        kind="question",
        facts={"asking": "need_whose"},
        buttons=(MINE, OTHERS),
    )
