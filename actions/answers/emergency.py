"""Danger now: the number to call, at once, before anything else."""

from __future__ import annotations

import re

from actions.answers.question import Question
from alliance.answer import Act, Answer

# What is chosen where somebody may want to die, as the crisis line is for them, and where examples
# tell that it is other danger: "my husband wants to kill me".
CRISIS, OTHER_DANGER = "suicide", "other"
# What is chosen where their lines were told of, and nothing worse is told since.
POISON, VIOLENCE = "poison", "violence"
# What is chosen where examples tell that somebody may do harm to others.
THREAT = "threat"
# The wordings name no network, authorization or cost, except that emergency care needs no
# approval. They wait for each company's compliance office like every text of this kind.
_TEXTS = {
    "en": {
        "life": (
            "If anyone is in danger, call 911 now. Emergency care needs no approval from the plan. "
            "If you can't call, text 911 or ask someone near you to call."
        ),
        "suicide": (
            "I'm glad you told me. Please call or text 988 now, the Suicide and Crisis Lifeline: "
            "someone is there day and night. If there is danger right now, call 911."
        ),
        "poison": (
            "Call Poison Control now at 1-800-222-1222; they are there day and night. If the "
            "person collapses, can't be woken, or has trouble breathing, call 911."
        ),
        "violence": (
            "If you are in danger, call 911 now, or text 911 if speaking is not safe. The "
            "National Domestic Violence Hotline is there day and night at 1-800-799-7233."
        ),
        "threat": (
            "If anyone may get hurt, call 911 now. If something went wrong with us, a person can "
            "go through it with you: say “person”."
        ),
    },
    "es": {
        "life": (
            "Si alguien está en peligro, llame al 911 ahora. Una emergencia no necesita aprobación "
            "del plan. Si no puede llamar, envíe un texto al 911 o pida ayuda."
        ),
        "suicide": (
            "Gracias por decírmelo. Llame o envíe un texto al 988 ahora, la Línea de Prevención "
            "del Suicidio y Crisis: hay alguien día y noche. Si hay peligro ahora mismo, llame al "
            "911."
        ),
        "poison": (
            "Llame ahora al Centro de Envenenamiento al 1-800-222-1222, día y noche. Si la persona "
            "se desmaya, no despierta o respira con dificultad, llame al 911."
        ),
        "violence": (
            "Si está en peligro, llame al 911 ahora, o envíe un texto al 911 si no es seguro "
            "hablar. La Línea Nacional contra la Violencia Doméstica atiende día y noche: "
            "1-800-799-7233."
        ),
        "threat": (
            "Si alguien puede salir herido, llame al 911 ahora. Si algo salió mal con nosotros, "
            "una persona puede revisarlo con usted: diga “persona”."
        ),
    },
}

# A number takes long to be said: fewer words beside it.
_HEARD = {
    ("en", "poison"): (
        "Call Poison Control now: 1-800-222-1222. If the person collapses, can't be woken, or can "
        "hardly breathe, call 911."
    ),
    ("en", "violence"): (
        "If you are in danger, call 911 now, or text it if you can't speak. Domestic Violence "
        "Hotline: 1-800-799-7233."
    ),
    ("es", "violence"): (
        "Si está en peligro, llame al 911 o envíe un texto. Línea contra la Violencia Doméstica: "
        "1-800-799-7233."
    ),
    ("es", "suicide"): (
        "Gracias por decírmelo. Llame o envíe un texto al 988 ahora, la Línea de Crisis, día y "
        "noche. Si hay peligro ahora mismo, llame al 911."
    ),
    ("es", "poison"): (
        "Llame ahora al Centro de Envenenamiento: 1-800-222-1222. Si no despierta o respira con "
        "dificultad, llame al 911."
    ),
}
_KINDS = [
    (
        # In text-speak and as a recogniser writes it, too: what the understanding takes for danger
        # (bot/nlu/emergency_cues.txt) must not get the general words.
        "suicide",
        r"suicid|suey ?cid|sewer ?slide|\bsue a side\b|\bk[my]s\b|\bun ?aliv|"
        r"\b(kill|hang|shoot|hurt|harm|cut|off)(ing)? (my|him|her|them) ?sel|"
        r"\bend(ing)? (it all|(my|his|her|their) (own )?life)|\btak(e|ing) (my|his|her) own life|"
        r"\b(wants?|wanna|wana|going|gonna|ready|rather|plan\w*|wish i could|trying) "
        r"((to|too|2) )?(die|b dead|be dead|end it|jump off)\b|"
        r"\b(do ?n[o'\u2019]?t|do not|dnt|does ?n[o'\u2019]?t|no longer|tired of|done) "
        r"((want|wanna|wana|wnt)( to| 2)? )?"
        r"(live\b(?! (in|at|with|near|there))|living\b(?! (in|at|with|near|there))|"
        r"b alive|be alive|being alive|b here any|be here|be around|exist|wake up|go on\b)|"
        r"\b(see|know|get) why i (even |still )?(keep (on )?going|go on|live|get up|bother)\b|"
        r"\bno reason (left )?(to|for) (live|living|go(ing)? on)|"
        r"\b(point|sense|use|purpose|reason) (in|to|of|for) (me )?(go(ing)? on|liv(e|ing)|"
        r"be(ing)? here|"
        r"be(ing)? alive|stay(ing)? alive|wak(e|ing) up)\b|"
        r"\bthink\w* (about|of) (just )?(not|never) (waking|being|existing)|"
        r"\b(wish|hope|pray\w*) (that )?i (would ?n[o'\u2019]?t|do ?n[o'\u2019]?t|never|could "
        r"just not) wake up|"
        r"\bcan'?t (go on|do this any ?more|take (it|this) any ?more)\b|"
        r"\b(gun|pistol|rifle|rope) (is )?(in|on|to|at) my (lap|hands?|mouth|head)\b|"
        r"\bgiv(e|ing) up on life\b|\bnothing (left )?to live for\b|"
        r"\b(better off|wish i (was|were)) dead\b|"
        r"\bbetter (off )?(without me|if i (was|were|am) (gone|dead|not (here|around)))|"
        r"\b(do ?n[o'\u2019]?t|can'?t|cannot|no longer|not) (see|find) (the|any|a) (point|reason|"
        r"sense|way (out|on))\b|"
        r"matarme|matarse|me (?:voy a|quiero|pienso) matar|se (?:va a|quiere|piensa) matar|"
        r"quitarme la vida|no quiero (vivir|seguir)|quiero morir|morirme|"
        r"hacerme daño",
    ),
    (
        "poison",
        r"poison|swallow(ed)?|drank|bleach|\bover ?dos|\bod(ed|ing| d)?\b|too many pills|"
        r"\b(ate|eaten|eating|got into|got (a )?hold of|chew(ed|ing)|lick(ed|ing))\b"
        r"(?!.*\b(chest|breath\w*|blue|hives|swell\w*|swollen|throat)\b).{0,40}\b(pills?|tablets?|capsules?|medicines?|medications?|meds|vitamins|"
        r"gumm(y|ies)|edibles?|berr(y|ies)|mushrooms?|batter(y|ies)|nicotine|patch(es)?)\b|"
        r"\b(took|taken|takes)\b.{0,20}\b(bunch|handful|whole|bottle|all|lots?|several|many)\b"
        r"(?!.*\b(chest|breath\w*|blue)\b).{0,40}\b(pills?|tablets?|capsules?|medicines?|meds)\b|"
        r"\b(pills?|tablets?|medicines?|medications?|meds|dose|insulin)\b.{0,15}\b(twice|doubled?)\b|"
        r"\b(double|wrong|extra|too much|twice|adult) (\w+ ){0,2}(dose|pills?|tablets?|medicines?|"
        r"medications?|meds|insulin|tylenol|melatonin)\b|"
        r"detergent|envenen|trag[oó]|sobredosis|pastillas|cloro",
    ),
    (
        "violence",
        r"(hit|hits|hitting|beat|beats|beating|chok(e|ed|ing)|hurt(s|ing)?|punch(es|ed|ing)?|"
        r"slap(s|ped|ping)?|kick(s|ed|ing)?|shov(es|ed|ing)|strangl(es|ed|ing)|grab(s|bed|bing)?|"
        r"push(es|ed|ing)?) me\b|\bviolent\b|"
        r"(has|with) a (gun|knife)|threaten|abus|golpea|me peg|pistola|cuchillo|amenaz",
    ),
]

# Beside something swallowed: then 911 comes first.
_NOT_WAKING = re.compile(
    r"\b(?:not|n'?t|won'?t|can'?t|cannot|stopped|hardly|barely|trouble) (?:\w+ ){0,2}?(?:wak\w+|"
    r"woke|"
    r"breath\w*|respond\w*|answer\w*|mov(?:e|ing)|get (?:him|her|them) up)\b|\bunconscious|"
    r"\b(?:sweat\w*|confused|nonsense|slurr\w*|shak(?:ing|y)|limp|blue|drows\w*)\b|"
    r"\bunresponsive|\bpassed out\b|\bcollaps|\bseiz|\bturn(?:ed|ing) (?:blue|gr[ae]y)\b|"
    # An overdose that goes on, and what takes the breath.
    r"\bover ?dosing\b|\bod(?:'?ing| ing)? (?:right )?(?:now|rn)\b|"
    r"\b(?:heroin|fent\w*|narcan|opioids?)\b|"
    r"\bno (?:se )?(?:despiert|respira|reacciona|responde|contesta)|\bdesmay|\bconvuls",
    re.IGNORECASE,
)


# Somebody harms themselves, now and then: "my daughter cuts herself".
_SELF_HARM = re.compile(
    r"\b(?:cuts|cutting|burns|burning|harms|harming|hurts|hurting|starves|starving) "
    r"(?:my|him|her|them)sel(?:f|ves)\b|\bself[- ]harm",
    re.IGNORECASE,
)


_WANTS_NOT_TO_LIVE = re.compile(
    r"\b(?:(?:do|does|did)(?:n['\u2019]?t| not)|no longer|never) (?:want(?: to)?|wanna) "
    r"(?:be alive|be here any ?more|exist|live any ?more)\b|\bwants? to die\b|\bsuicid|"
    r"\b(?:see|know|get) why i (?:even |still )?(?:keep (?:on )?going|go on|live)\b|"
    r"\b(?:me (?:voy a|quiero|pienso)|se (?:va a|quiere|piensa)) matar|\bquier[oe] morir|"
    r"\b(?:gun|pistol|rifle|rope|knife|pills) (?:is |are )?(?:in|on|to|at) my "
    r"(?:lap|hands?|mouth|head|throat)\b",
    re.IGNORECASE,
)


def tells_of_dying(text: str) -> bool:
    """Whether somebody says in so many words that they, or another, would rather not live."""
    return _WANTS_NOT_TO_LIVE.search(text) is not None


def for_safety(text: str, language: str, *, at_home: bool) -> Answer | None:
    """Whom to call, for somebody who tells of self-harm, or of violence `at_home`, and asks for
    something else.
    """
    kind = None
    if _SELF_HARM.search(text):
        kind = "suicide"
    elif at_home and re.search(dict(_KINDS)["violence"], text, re.IGNORECASE):
        kind = "violence"
    if kind is None:
        return None
    spoken = "es" if language == "es" else "en"
    told = _TEXTS[spoken][kind]
    heard = _HEARD.get((spoken, kind), told)
    return Answer(text=told, speech=heard, kind="notice", intent="safety")


def emergency(question: Question) -> Answer:
    """The words for the kind of danger, in the speaker's language; the bridge raises the alarm."""
    language = "es" if question.language == "es" else "en"
    kinds = [each for each in _KINDS if each[0] != CRISIS or question.chosen != OTHER_DANGER]
    kind = next(
        (name for name, cues in kinds if re.search(cues, question.text, re.IGNORECASE)), "life"
    )
    if question.chosen == CRISIS:
        kind = CRISIS
    goes_on = question.chosen in (POISON, VIOLENCE, THREAT) and not _NOT_WAKING.search(
        question.text
    )
    if question.chosen and goes_on and kind == "life":
        kind = question.chosen
    if kind == "poison" and _NOT_WAKING.search(question.text):
        kind = "life"
    text = _TEXTS[language][kind]
    return Answer(
        text=text,
        speech=_HEARD.get((language, kind), text),
        kind="notice",
        intent="emergency",
        facts={"kind": kind, "language": language},
        acts=(Act("emergency", {"kind": kind, "language": language}),),
    )
