"""Danger now: the number to call, at once, before anything else."""

from __future__ import annotations

import re

from actions.answers.question import Question
from alliance.answer import Act, Answer

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
    },
    "es": {
        "life": (
            "Si alguien está en peligro, llame al 911 ahora. La atención de emergencia no necesita "
            "aprobación del plan. Si no puede llamar, envíe un texto al 911 o pida a alguien cerca "
            "que llame."
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
    },
}

_KINDS = [
    (
        "suicide",
        r"suicid|kill (my|him|her|them)sel|end (it all|my life)|\bkms\b|want(s)? to die|"
        r"don'?t want to (live|be here)|hurt(ing)? (my|him|her|them)sel|cut(ting)? (my|him|her)sel|"
        r"matarme|matarse|quitarme la vida|no quiero vivir|morirme|hacerme daño",
    ),
    (
        "poison",
        r"poison|swallow(ed)?|drank|bleach|overdos|too many pills|detergent|envenen|trag[oó]|"
        r"sobredosis|pastillas|cloro",
    ),
    (
        "violence",
        r"(hit|hits|hitting|beat|beats|beating|chok(e|ed|ing)|hurt(s|ing)?) me|"
        r"(has|with) a (gun|knife)|threaten|abus|golpea|me peg|pistola|cuchillo|amenaz",
    ),
]
_SPANISH = re.compile(
    r"[¿¡ñáéíóú]|\b(me|mi|el|la|no|está|esta|ayuda|dolor|duele|pecho|llamen|socorro|hijo|hija|"
    r"esposo|mamá|papá|puede|respirar|sangrando|pastillas)\b.*\b(me|mi|el|la|un|una|de|que|no|se|"
    r"pecho|respirar|por|tomó|está)\b",
    re.IGNORECASE,
)


def emergency(question: Question) -> Answer:
    """The words for the kind of danger, in the speaker's language; the bridge raises the alarm."""
    language = "es" if question.language == "es" or _SPANISH.search(question.text) else "en"
    kind = next(
        (name for name, cues in _KINDS if re.search(cues, question.text, re.IGNORECASE)), "life"
    )
    text = _TEXTS[language][kind]
    return Answer(
        text=text,
        speech=text,
        kind="notice",
        intent="emergency",
        facts={"kind": kind, "language": language},
        acts=(Act("emergency", {"kind": kind, "language": language}),),
    )
