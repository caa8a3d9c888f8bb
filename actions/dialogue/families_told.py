"""What members tell of their families before they ask: a move of the household, a child who has
grown up, a child just born. By their words, because what is asked sounds like something else: a
move like the end of a plan, a grown daughter's bill like a matter of the premium.
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.talk import is_talk
from actions.dialogue.agenda import IN_GENERAL, Item
from actions.dialogue.context import ASPECT, asked_of, recent
from actions.dialogue.needs import asks
from actions.dialogue.reading import entity_zip
from actions.dialogue.turn import Turn
from actions.identity.third_party import FAMILY, RELAY, is_mine
from actions.identity.third_party import INTENT as THIRD_PARTY
from alliance.aspects import CANNOT_TALK, FOR_ANOTHER, MEMBERS, SEEN, leans_back
from alliance.gazetteer import common_words

_WE_MOVE = re.compile(
    r"\b(?:(?:i|we|my (?:\w+ )?(?:family|husband|wife|job|company|work))"
    r"(?:'?m| am|'?re| are|'?ll| will| is|'?s)?\W+(?:\w+ ){0,3}?)?"
    r"(?:mov(?:e|es|ed|ing)|relocat(?:e|es|ed|ing)|transferr?(?:ed|ing)|settl(?:e|ing)) "
    r"(?:\w+ ){0,3}?(?:to|in|into|out of|away|across)\b",
    re.IGNORECASE,
)
_OF_MY_PLAN = re.compile(
    r"\b(?:insurance|plan|plans|coverage|covered|benefits|policy|network|company)\b", re.IGNORECASE
)
_ENDS = re.compile(
    r"\b(?:cancel|cobra|quit|laid off|fired|retir\w+|leav\w+ (?:my|the) job)\b", re.I
)
_MOVE_SOUNDS_LIKE = frozenset(
    {
        "end_coverage", "out_of_area_coverage", "enroll_or_compare_plans", "which_plan_covers_me",
        "update_contact", "coverage_status", "out_of_scope", "alliance_question",
    }
)  # fmt: skip
_KEEPS_DOCTOR = re.compile(
    r"\b(?:keep|stay with|still (?:see|go to|use))\b.{0,16}\b(?:doctors?|pcp|pediatrician|dentist|"
    r"therapist|specialist|providers?)\b",
    re.IGNORECASE,
)
_NOT_FOR_OTHERS = frozenset(
    {"emergency", "speak_to_agent", "request_callback", "language_help", "add_dependent"}
)
_SAYS_WHO = frozenset({"inform", "out_of_scope", "authorize_representative"})
_WANTS_TO_KNOW = re.compile(
    r"\?|\b(?:wants?|would like|needs?|like|asks?|asking) (?:to know|about|what|how|if|whether|"
    r"for)\b|"
    r"\b(?:his|her|their) (?:\w+ )?(?:copay|deductible|claims?|bills?|plan|coverage|card|"
    r"benefits)\b",
    re.IGNORECASE,
)
_PRONOUNS = frozenset({"he", "she", "it", "they", "that", "this", "there", "who", "i", "we", "you"})
_PLACES = frozenset({"which_plan_covers_me", "out_of_area_coverage"})
_CHILD = r"(?:son|daughter|kid|child|boy|girl|stepson|stepdaughter)"
_AGE = r"(?:1[89]|[2-9]\d|eighteen|nineteen|twenty[- ]?\w*|thirty)"
_GROWN = re.compile(
    rf"\bmy {_AGE}[- ]?(?:years?|yrs?)?[- ]?(?:olds?)?(?: \w+)? {_CHILD}\b|"
    rf"\bmy {_AGE}[- ]years?[- ]"
    rf"olds?\b|\bmy (?:adult|grown(?:[- ]up)?|college[- ]age) {_CHILD}\b|"
    rf"\bmy (?:\w+ )?{_CHILD}\b.{{0,60}}\b(?:(?:s?he'?s|s?he is|is|turned|who'?s|aged?|just turned)"
    rf" {_AGE}(?! (?:months?|weeks?|days?))\b|adult|grown[- ]up)",
    re.IGNORECASE,
)
_IS_GROWN = re.compile(
    rf"\b(?:he|she)(?:'?s| is| just| has)? (?:already |now |over |turned |just turned )*"
    rf"{_AGE}\b(?! (?:months?|weeks?|days?))|"
    r"\b(?:he|she)(?:'?s| is) (?:an? |already |all )*(?:adult|grown)\b",
    re.IGNORECASE,
)
CHILDREN = frozenset({"newborn", "child", "daughter", "son", "stepchild"})
_DIVORCE = re.compile(r"\bdivorc\w+|\bsplit(?:ting)? up\b|\blegal(?:ly)? separat\w+", re.I)
_TAKES_OFF = re.compile(
    r"\b(?:tak(?:e|en|ing)|took|remov\w+|drop\w*|get (?:him|her)|my ex|cobra|court|judge)\b", re.I
)
_IF_I_LEAVE = re.compile(
    r"\b(?:end|ends|stop|stops|last|lasts|run out|covered)\b.*\b(?:if|when|once|after) i "
    r"(?:quit|leave|resign|retire|(?:am|get) (?:fired|let go|laid off)|lose my job|stop work\w*)\b",
    re.IGNORECASE,
)
# "Will she get kicked off when she turns 18?": until what age a child stays, and nobody's removal.
_STAYS_UNTIL = ("out_of_area_coverage", "student-age")
# "He turns 26 in May, when is he off?": the day itself.
_LAST_DAY = ("remove_dependent", "child-26")
_WHICH_DAY = re.compile(
    r"(?=.*\b(?:26|twenty[- ]?six)\b).*\b(?:when|what day|which day|last day|birthday)\b"
    r"(?! (?:he|she|they|my \w+)(?:'?s| is)? (?:turn|hit|reach))",
    re.IGNORECASE,
)
_FALLS_OFF = re.compile(
    r"\b(?:get|gets|be|is|being|are|getting) (?:\w+ )?(?:kicked|dropped|bumped|booted|thrown|cut|"
    r"tossed|taken|removed)\b(?: \w+)? (?:off|out|from)\b|"
    r"(?<!\bi )\b(?:fall|falls|age|ages|come|comes) "
    r"(?:off|out)\b",
    re.IGNORECASE,
)
_ASKS_WHETHER = re.compile(
    r"\b(?:will|does|do|is|are|when|would|can|could|does?n'?t|won'?t) "
    rf"(?:he|she|they|(?:my |our |the )?{_CHILD}s?)\b",
    re.IGNORECASE,
)
_COMES_OF_AGE = re.compile(
    rf"\b(?:turns?|turning|reach(?:es)?|hits?) {_AGE}\b|"
    rf"\b(?:at|until|till|past) (?:age )?{_AGE}\b(?! (?:months?|weeks?|days?))",
    re.IGNORECASE,
)
# "When she goes to college", "after he gets married": what comes, no file tells.
_GROWS_UP = re.compile(
    rf"\b(?:when|if|once|after|while) (?:he|she|they|(?:my |our |the )?{_CHILD}s?)"
    r"(?:'?s| is| are|'?re)? (?:\w+ )?(?:go(?:es|ing)?|starts?|leav(?:es?|ing)|finish(?:es)?|"
    r"graduat(?:es?|ed|ing)|gets? (?:married|a job|\w+ own)|marr(?:y|ies)|moves? out|quits?|in|at|"
    r"off (?:to|at))\b(?: (?:to|off|away|out|in|at|for|with|from|his|her|their|the|a))* ?"
    r"(?:college|school|university|uni|grad\w*|campus|married|job|work|house|home|army|military|"
    r"place|high)?\b",
    re.IGNORECASE,
)
_OF_STAYING = frozenset(
    {"coverage_status", "remove_dependent", "end_coverage", "add_dependent", "out_of_scope"}
)
_LOSES = re.compile(
    r"\b(?:lose|loses|losing|end|ends|stop|stops|keep|keeps|stay|stays|remain|still|right away|"
    r"off|until|till|how long|when)\b",
    re.IGNORECASE,
)
_RECORDS = re.compile(
    r"\b(?:claims?|bills?|records?|eobs?|explanation|visits?|appointments?|prescriptions?|results?|"
    r"owes?|deductible|authori[sz]ations?|denied|account|information|info|balance|history)\b",
    re.IGNORECASE,
)
# Who is on the plan, and the words of the plan, are the parents' own matter.
_OF_THE_PLAN = frozenset(
    {
        "coverage_status", "benefit_covered", "id_card", "out_of_area_coverage",
        "authorize_representative", "end_coverage", "submit_claim", "emergency", "speak_to_agent",
        "coordination_of_benefits", "find_provider", "copay_cost", "cost_estimate",
        "confidential_communication", "complaint", "report_fraud", "report_death",
    }
)  # fmt: skip
_ON_OFF = frozenset({"add_dependent", "remove_dependent"})
GROWN_CHILD = "grown child"
# So many topics back a case may be meant.
_LATELY = 2
_SOMEBODY = re.compile(
    r"\b(?:he|she|him|hers?|his|they|them|theirs?|late|dead|died|death|passed|estate)\b",
    re.IGNORECASE,
)
# What is asked beside a case that is told, by the entry that tells it: nobody's plan is looked up
# for one who died, or for where somebody's mail goes.
_OF_A_CASE = {
    "report_death": {
        "mail_order_pharmacy": "death-drugs",
        "drug_coverage": "death-drugs",
        "claim_status": "death-claims",
        "explain_eob": "death-claims",
        "claim_denial": "death-claims",
        "billing_problem": "death-debts",
        "submit_claim": "death-debts",
        "premium_payment": "death-premium",
        "fsa_balance": "death-fsa",
        "update_contact": "death-mail",
        "coverage_status": "death-family-covered",
        "end_coverage": "death-family-covered",
        "remove_dependent": "death-family-covered",
    },
    "confidential_communication": {
        "explain_eob": "private-eob",
        "billing_problem": "private-eob",
        "account_access": "private-eob",
        "update_contact": "private-po-box",
    },
}
_FAMILY = (
    r"(?:son|daughter|kids?|child(?:ren)?|step\w+|wife|husband|spouse|partner|mother|mom|mum|mama|"
    r"father|"
    r"dad|parents?|sister|brother|aunt|uncle|grand\w+|friend|neighbou?r|\w+-in-law|roommate)"
)
# "She told me to learn English" is said of anybody; "my mom isn't well, she asked me to" is not.
_ASKED_ME = (
    r"(?:asked|told|wants?|wanted|begged|sent|authori[sz]ed|allows?|allowed|gave) me "
    r"(?:to|permission|his|her|their|the ok)\b"
)
_ASKED_BY_THEM = re.compile(
    rf"\bmy (?:\w+ )?{_FAMILY}\b.*\b(?:he|she|they) {_ASKED_ME}|"
    rf"\b(?:he|she|they) {_ASKED_ME}.*\b(?:his|her|their)\b",
    re.IGNORECASE | re.DOTALL,
)
# "I'm calling about my son, he asked me to", "I'm Delia, Rosa's daughter", "I have her power of
# attorney": for somebody else.
_SPEAKS_FOR = re.compile(
    rf"\bi (?:take care of|look after|care for|handle|manage|deal with|help with|do) (?:all )?"
    rf"(?:my|the) (?:\w+ )?{_FAMILY}\b|"
    rf"\b(?:calling|writing|asking|here|chatting|reaching out|inquiring|making (?:this|the|a) call)"
    rf"(?: in)? (?:about|for|"
    rf"on behalf "
    rf"of|regarding|because of) my (?:\w+ )?{_FAMILY}\b(?! (?:plan|coverage))|"
    rf"\bmy (?:\w+ )?{_FAMILY} {_ASKED_ME}|"
    r"\b(?:i'?m|i am|this is) (?:[^\W\d_]+,? )?(?:his|her) (?:husband|wife|spouse)\b|"
    rf"\b(?:i'?m|i am|this is) (?:[^\W\d_]+,? )?(?:[^\W\d_]+ )?(?!it|that|what|who|there|here|let)"
    rf"[^\W\d_]{{2,}}['\u2019]s {_FAMILY}\b|"
    rf"\b(?:can|could|will|would|may) you (?:talk|speak) (?:to|with) me about (?:her|his|their|my "
    rf"(?:\w+ )?{_FAMILY})\b|"
    rf"\bcan i (?:ask|check|call|look|talk|speak|do (?:it|that|this)) (?:for|on behalf of) (?:her|"
    rf"him|them|my "
    rf"(?:\w+ )?{_FAMILY})\b|\bmy (?:\w+ )?(?:neighbou?r|friend|roommate|grand\w+)\b.{{0,40}}\b"
    r"(?:can'?t|cannot|doesn'?t know how to|isn'?t able to|is too)\b",
    re.IGNORECASE,
)
# "I'm my mother's authorized rep", "I am his health care proxy".
_REPRESENTS = re.compile(
    r"\bi(?:'m| am|'ve| have| got| hold)? (?:got )?(?:his|her|their|the|a|an|my \w+(?:'s)?)? ?"
    r"(?:(?:legal|durable|medical|health ?care) )*"
    r"(?:power of attorney|poa|guardian(?:ship)?)\b|"
    r"\b(?:i'?m|i am|this is)\b.{0,30}\b(?:(?:authori[sz]ed|personal|legal|designated|official) "
    r"(?:rep|representative|contact|person)|her rep(?:resentative)?|his rep(?:resentative)?|"
    r"(?:rep|representative|proxy|guardian) (?:for|of) (?:my|her|his|the|mrs?|ms)|"
    r"(?:her|his|their|mother's|father's|mom's|dad's|husband's|wife's|sister's|brother's) "
    r"(?:\w+ ){0,2}(?:proxy|guardian))\b",
    re.IGNORECASE,
)
_OF_ONESELF = re.compile(
    r"\bi (?:can'?t|cannot|can not|can hardly|don'?t|do not) (?:\w+ )?(?:hear|see|read|talk|speak|"
    r"understand|write)\b",
    re.IGNORECASE,
)
# The knowledge's entry of children whom an ex took off a plan.
BY_EX = "removed-by-ex"
_AN_EXS_CHILDREN = re.compile(
    r"\bmy ex\b.{0,50}\b(?:my|our|the) (?:kids?|children|sons?|daughters?|boys?|girls?)\b|"
    r"\b(?:i|we) (?:have|got|share|was given) (?:\w+ )?custody\b",
    re.IGNORECASE,
)
_RIGHT_ON_FILE = re.compile(
    r"\b(?:power of attorney|poa|legal guardian(?:ship)?|guardian of|executor|health care proxy)\b",
    re.IGNORECASE,
)
# "Who all is on my plan?", "is Finn still on it?".
_MY_PLAN = r"(?:my|our|the|this) (?:\w+ )?(?:plan|insurance|policy|coverage)"
_WHO_IS_ON = re.compile(
    rf"\bwho(?: all| else|m)?(?:'?s|'?re| is| are)? (?:(?:all|else|still|currently|actually) )*"
    rf"(?:on|covered (?:by|on|under)|under|part of|listed on|included in) {_MY_PLAN}\b|"
    rf"\bwho (?:all |else )?(?:does|do) {_MY_PLAN} (?:cover|include)\b|"
    rf"\bwhich of (?:my|our) (?:kids|children|family) (?:is|are) (?:still )?(?:on|covered)\b",
    re.IGNORECASE,
)
_IS_ON = re.compile(
    # "My ex is still on my plan" asks nothing, and names nobody Still.
    rf"\b(?:is|are|was) (?!still|even|now|already|currently|actually)"
    rf"(?:(?:my|our) (?:[\w-]+ )?)?(?P<name>[^\W\d_]{{2,20}}) (?:still |even |"
    rf"now |"
    rf"already |currently |actually )*(?:on|covered (?:by|on|under)|under|part of|"
    rf"listed on) {_MY_PLAN}\b",
    re.IGNORECASE,
)
# "Is the baby on my plan yet?": by the file, and not how one is put on.
_BABY_IS_ON = re.compile(
    r"\b(?:is|was) (?:(?:the|my|our) )?(?:new ?born|(?:new )?baby)(?: \w+)? (?:still |even |now |"
    rf"already |actually )*(?:on|in|covered (?:by|on|under)|under) (?:{_MY_PLAN}|there|the "
    r"system)\b",
    re.IGNORECASE,
)
_EX_IS_ON = re.compile(
    rf"\bmy ex\b.{{0,40}}\b(?:on|under|covered (?:by|on|under)) {_MY_PLAN}\b(?!.*\b(?:take|remove|"
    rf"get|"
    r"kick|drop|off)\b)",
    re.IGNORECASE,
)
# "Can my dad see what I went for?", "do my parents get a letter about it?".
_SEES_MINE = re.compile(
    rf"\b(?:can|could|will|would|does|do|did|is|are) (?:my|his|her) (?:\w+ )?(?:{_FAMILY}|folks|"
    r"family|in-?laws)\b.{0,20}\b(?:see|sees|know|find out|read|look at|hear|get "
    r"(?:a |the |"
    r"my )?"
    r"(?:letters?|bills?|mail|eobs?|copy|notice)|be told|told|notified|able to see|access)\b|"
    r"\b(?:can|could|will|would|does|do|did) (?:he|she|they) (?:still |even |also )*(?:see|read|"
    r"look at|find|get(?! \w+ (?:off|out)\b))\b.{0,20}\bmy\b",
    re.IGNORECASE,
)
# "Will Frank get the paper about it?"
_ONE_SEES = re.compile(
    r"\b(?:can|could|will|would|does|do|did) (?:he|she|they|(?-i:[A-Z][a-z]+)) "
    r"(?:still |also |even )*(?:get|see|receive|find|open)\b.{0,15}"
    r"\b(?:papers?|letters?|mail|bills?|statements?|eobs?|copy|copies|notice)\b",
    re.IGNORECASE,
)
# Beside who sees what, what it may be understood as: "is my daughter still good to see the doctor
# with this" asks for her coverage.
_OF_SEEING = frozenset(
    {
        "account_access", "authorize_representative", "billing_problem", "bot_challenge",
        "claim_status", "confidential_communication", "explain_eob",
    }
)  # fmt: skip
_ABOUT_ME = re.compile(
    r"\b(?:my|mine|i|i'?m|me|it|about|this|that|everything|stuff|anything)\b", re.IGNORECASE
)
_ASKS_TO_KEEP = re.compile(
    r"\b(?:don'?t|do not|stop|keep|want|need|please|make sure|can you|how (?:do|can) i)\b", re.I
)
_SENDS_ELSEWHERE = re.compile(
    r"\b(?:want|need|like|please|(?:can|could|would|will) you)\b.*\b(?:sent?|send|mail(?:ed)?|go|"
    r"come|kept|keep)\b.*\b(?:else\w*|another|other|different|elsewhere|away from|my (?:own|new|"
    r"\w+'s)|p\.?o\.? box)\b",
    re.IGNORECASE,
)
_MOST_SEEN_WORDS = 20
_NOT_YET = re.compile(
    r"\b(?:i|we|my (?:work|job|company|boss|employer|office))\b.{0,40}\b(?:(?:don'?t|do not|"
    r"haven'?t|"
    r"have not) (?:\w+ )?(?:have|got|use) (?:your|this|you guys'?) (?:insurance|plan|coverage)|"
    r"(?:not|ain'?t) (?:a |your )?(?:member|customer)s?(?: yet)?\b|(?:thinking|thinks) (?:of|"
    r"about) "
    r"(?:getting|joining|buying|switching|offering|going with)|(?:looking|shopping) (?:at|for|"
    r"into) "
    r"(?:your|a|health|group|new) (?:plans?|insurance|coverage))|"
    r"\bdo you (?:take|sell to|cover|insure|accept) (?:people|folks|individuals|anyone|those|"
    r"families)"
    r"\b.{0,30}\b(?:own|themselves|self[- ]employed|employer|job)\b",
    re.IGNORECASE,
)


def told_of_family(turn: Turn, item: Item) -> Item:
    """The question as what was told of the family puts it; as it is where nothing was."""
    if item.intent == "emergency" or item.text.startswith("/"):
        return item
    if household := _of_the_household(turn, item):
        return household
    if of_case := _of_a_case(turn, item):
        return of_case
    if entry := _by_rule(item) or _ages_out(turn, item):
        intent, aspect = entry
        return Item(intent, item.text, item.entities, {ASPECT: aspect, "general": "said"})
    if _announces_divorce(item):
        # "I'm getting divorced next month": what holds then, before anything is asked.
        return replace(item, intent="remove_dependent", band="accept").tell(IN_GENERAL, True)
    if _asks_for_grown_child(turn, item) or _turns_out_grown(turn, item):
        told = {ASPECT: "who", "general": "said"}
        return Item("authorize_representative", f"{item.text} (adult child)", item.entities, told)
    if _asks_of_a_move(item):
        return replace(item, intent="which_plan_covers_me", band="accept")
    if _KEEPS_DOCTOR.search(item.text) and item.first("provider") is None:
        before = next((each for each in recent(turn) if each.intent in _PLACES), None)
        if before and (_WE_MOVE.search(before.text) or entity_zip(before.entities)):
            return replace(item, intent="out_of_area_coverage", band="accept")
    if item.band != "accept" and _NOT_YET.search(item.text):
        return replace(item, intent="enroll_or_compare_plans", band="accept")
    return item


def _by_rule(item: Item) -> tuple[str, str] | None:
    """The topic and the entry whose rule decides it, whatever the member's own file says: whose
    plan is first for a child, and when a divorce ends a coverage.
    """
    relations = {each["value"] for each in item.entities if each["entity"] == "relation"}
    if item.intent == "coordination_of_benefits" and relations & CHILDREN:
        return None if "ex_spouse" in relations else (item.intent, "order-child")
    if item.intent == "coverage_status" and _DIVORCE.search(item.text) and _LOSES.search(item.text):
        return ("remove_dependent", "removed-when")
    if item.intent == "coverage_status" and _IF_I_LEAVE.search(item.text):
        return ("end_coverage", "end-of-month")
    return None


def _ages_out(turn: Turn, item: Item) -> tuple[str, str] | None:
    """Until what age a child stays on, for who asks when one falls off the plan."""
    of_it = item.intent in _OF_STAYING or item.band != "accept"
    comes = _COMES_OF_AGE.search(item.text) or _GROWS_UP.search(item.text)
    falls_off = _FALLS_OFF.search(item.text)
    if item.is_sure and item.intent == "remove_dependent":
        # "What do I send you so she comes off ours?" wants it done.
        falls_off = falls_off if _ASKS_WHETHER.search(item.text) else None
    if not of_it or not (comes or falls_off):
        return None
    named = {each["value"] for each in item.entities if each["entity"] == "relation"}
    talked_of = {each["person"] for each in turn.memory.people[:1]}
    of_child = bool((named or talked_of) & CHILDREN) or (comes and not named)
    if not of_child:
        return None
    return _LAST_DAY if _WHICH_DAY.search(item.text) else _STAYS_UNTIL


def _of_a_case(turn: Turn, item: Item) -> Item | None:
    """ "His pills still come": after a death was told, or with it, of the one who died."""
    # What the words themselves were taken for at first is no case that was told.
    others = (e for e in (*recent(turn)[:_LATELY], *turn.questions) if e.text != item.text)
    told = next((each for each in others if each.intent in _OF_A_CASE), None)
    entry = _OF_A_CASE[told.intent].get(item.intent) if told else None
    nearest = item.details[0] if item.details else None
    if told and told.intent == "report_death" and nearest and nearest.surely:
        # "Who else do I have to tell?"
        entry = entry or (nearest.entry if nearest.entry.startswith("death-") else None)
    if item.is_sure and not (
        _points_at_one(item) or (entry and nearest and nearest.entry == entry)
    ):
        # "We moved to another apartment", a while after it: their own address.
        entry = None
    if item.band != "accept" and item.sure_aspect not in (None, "person"):
        # "How long does that take?" is asked of the case itself.
        entry = None
    again = told is not None and told not in turn.questions and item.intent == "report_death"
    if again and item.first("relation") and _OF_MY_PLAN.search(item.text):
        # "And my dad, who was covered through her?"
        entry = "death-family-covered"
    covered = turn.memory.last and turn.memory.told == "report_death"
    if told and covered and entry is None and item.asks_for("person") and item.first("relation"):
        # "And the kids?"
        children = item.first("relation") in CHILDREN
        entry = "death-children" if children else "death-family-covered"
    # Whoever is left on the plan asks of their own, and hears what holds for the family.
    own = is_mine(item.text) and entry != "death-family-covered"
    if turn.context.verified or told is None or entry is None or own:
        return None
    return asked_of(told, item, entry)


def _points_at_one(item: Item) -> bool:
    """Whether the words point at somebody, or are too few to say of whom they are."""
    named = _SOMEBODY.search(item.text) or item.first("relation") is not None
    return bool(named) or leans_back(item.text)


def speaks_for_another(text: str) -> bool:
    """Whether somebody says that they ask for one of the family: their name is no member's."""
    said = (_SPEAKS_FOR, _ASKED_BY_THEM, _REPRESENTS)
    return any(each.search(text) for each in said)


def _sounds_like_helper(item: Item) -> bool:
    """The same by examples, where none of anything else is nearer."""
    nearest = item.details[0] if item.details else None
    by_examples = nearest is not None and nearest.surely and nearest.entry in FOR_ANOTHER
    # "I can't hear so good" is said of oneself.
    return by_examples and _OF_ONESELF.search(item.text) is None


def _of_the_household(turn: Turn, item: Item) -> Item | None:
    """Who is on the plan, who of a family sees what, and who speaks for somebody of it."""
    if turn.memory.caller == RELAY:
        return _passed_on(turn, item)
    if _WHO_IS_ON.search(item.text):
        return Item("coverage_status", item.text, (), {ASPECT: MEMBERS, "general": "said"})
    sure = item.band == "accept"
    if _EX_IS_ON.search(item.text) and not (sure and item.intent in _ON_OFF):
        if not asks(item.text):
            return replace(item, intent="remove_dependent", band="accept")
        return replace(item, intent="coverage_status", band="accept").tell("person", "ex_spouse")
    if _BABY_IS_ON.search(item.text):
        return replace(item, intent="coverage_status", band="accept").tell("person", "newborn")
    is_on = _IS_ON.search(item.text)
    if is_on and not (sure and item.intent == "add_dependent"):
        asked = replace(item, intent="coverage_status", band="accept")
        if item.first("relation"):
            return asked
        things = {str(each.get("said", "")).lower() for each in item.entities}
        if is_on["name"].lower() not in common_words() | _PRONOUNS | things:
            return asked.tell("person", is_on["name"].capitalize())
    if (
        (_SEES_MINE.search(item.text) or _ONE_SEES.search(item.text))
        and _ABOUT_ME.search(item.text)
        and not _ASKS_TO_KEEP.search(item.text)
        and not (item.is_sure and item.intent not in _OF_SEEING)
        and len(item.text.split()) <= _MOST_SEEN_WORDS
    ):
        told = {ASPECT: SEEN, "general": "said"}
        return Item("confidential_communication", item.text, item.entities, told)
    talked = {each.intent for each in recent(turn)[:1]} & {"confidential_communication"}
    if talked and not turn.in_form and _SENDS_ELSEWHERE.search(item.text):
        # What can be sent where was told: now it is wished.
        return replace(item, intent="confidential_communication", band="accept", details=())
    by_ex = any(each["value"] == "ex_spouse" for each in item.entities)
    tells = BY_EX in item.near(surely=not by_ex) and not asks(item.text)
    reports = item.is_sure and item.intent == "report_fraud"
    if tells and not reports and turn.context.verified is None:
        # "My ex took the kids off his insurance": what an ex may do there.
        return Item("remove_dependent", item.text, item.entities, {ASPECT: BY_EX})
    unproven = turn.context.verified is None and item.intent not in _NOT_FOR_OTHERS
    # What is understood for sure of a child is looked up for the parent.
    unsure = item.band != "accept" or item.intent in _SAYS_WHO
    on_or_off = {each.intent for each in recent(turn)[:1]} & _ON_OFF
    if unproven and (
        (_REPRESENTS.search(item.text) and not on_or_off)
        or (unsure and (speaks_for_another(turn.text) or _sounds_like_helper(item)))
        or (unsure and _AN_EXS_CHILDREN.search(item.text))
        or (_RIGHT_ON_FILE.search(item.text) and turn.memory.caller == FAMILY and not on_or_off)
    ):
        asked = replace(item, intent=THIRD_PARTY, band="accept", details=(), aspect=None)
        if unsure and item.details[:1] and item.details[0].entry == CANNOT_TALK:
            turn.memory = replace(turn.memory, caller=turn.memory.caller or FAMILY)
            return asked.tell(ASPECT, CANNOT_TALK)
        return asked
    return None


def _passed_on(turn: Turn, item: Item) -> Item | None:
    """What an operator passes on: the question, where the operator is heard before it."""
    if item.intent not in (THIRD_PARTY, "language_help") or not _WANTS_TO_KNOW.search(item.text):
        return None
    names = (n for n, _ in turn.ranking if n not in (THIRD_PARTY, "language_help"))
    likeliest = next((name for name in names if not is_talk(name) and name != "emergency"), None)
    return replace(item, intent=likeliest, band="accept") if likeliest else None


def _asks_of_a_move(item: Item) -> bool:
    """ "We're moving to Boston, what happens to my insurance?": which plan it would be there."""
    return (
        (item.intent in _MOVE_SOUNDS_LIKE or item.band != "accept")
        and bool(_WE_MOVE.search(item.text) and _OF_MY_PLAN.search(item.text))
        and not _ENDS.search(item.text)
        and entity_zip(item.entities) is not None
    )


def _announces_divorce(item: Item) -> bool:
    of_it = item.band != "accept" or item.intent in ("end_coverage", "remove_dependent")
    wishes = asks(item.text) or _LOSES.search(item.text) or _TAKES_OFF.search(item.text)
    return of_it and _DIVORCE.search(item.text) is not None and not wishes


def _turns_out_grown(turn: Turn, item: Item) -> bool:
    """ "He's eighteen, he just turned eighteen", while it is asked which parent wants to know of
    their child's records.
    """
    front = turn.agenda[0] if turn.in_form and turn.agenda else None
    if front is None or front.intent in (*_OF_THE_PLAN, *_ON_OFF):
        return False
    of_child = front.first("relation") in CHILDREN
    proves = (turn.asking or "").startswith("factor_")
    return of_child and proves and _IS_GROWN.search(item.text) is not None


def _asks_for_grown_child(turn: Turn, item: Item) -> bool:
    """Their age may stand in another sentence: "my son is 22. Were his claims paid?"."""
    theirs = item.text if is_mine(item.text) else turn.text
    if not (_GROWN.search(theirs) and _RECORDS.search(item.text)):
        return False
    if item.band == "accept" and item.intent in _ON_OFF:
        return False
    return item.band != "accept" or item.intent not in _OF_THE_PLAN
