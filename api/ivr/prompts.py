"""Saying and listening: what ends a reply, what is asked again, what comes next."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from api.conversations.service import spoken
from api.conversations.store import Draft
from api.ivr import speech as voice
from api.ivr import wording as say
from api.ivr.calls import Call
from api.ivr.factors import hints_for, keys_for
from api.ivr.portions import (
    MOST_SECONDS,
    SLOW_SECONDS,
    asking_part,
    asking_sentence,
    fits,
    portion,
    sentences,
)
from api.ivr.turns import Listen, VoiceReply

SILENCE_MS = 5000
CARD_SILENCE_MS = 8000
PATIENT_SILENCE_MS = 15000
HOLD_SILENCE_MS = 60000


@dataclass(frozen=True)
class Question:
    """What ends a reply, is listened for and is asked again after silence."""

    text: str
    listen: Listen


def ask(
    call: Call,
    body: str,
    question: Question | None,
    *,
    keep: bool = False,
    waited: bool = False,
    facts: Collection[str] = (),
) -> VoiceReply:
    """An answer and what ends it (None: that they may go on). What is too long for one hearing
    waits for "more", but for its `facts`. `keep`: what is asked again stays what it was; `waited`:
    it has been asked for, so it waits no longer as a whole.
    """
    asked = voice.plain(question.text) if question else ""
    more_words = _that_more_waits(call) if question else say.MORE_BY_KEY
    most = SLOW_SECONDS if call.slow else MOST_SECONDS
    first = {voice.plain(fact) for fact in facts}
    said, rest = portion(voice.plain(body), asked, more_words, begin=waited, most=most, facts=first)
    if rest:
        call.rest = rest
    if not keep:
        # What is heard in parts can be repeated from its beginning.
        told = call.last.get("told") if waited else body
        asks = question.text if question else ""
        call.last = {"question": asks, "before": call.last.get("say"), "told": told}
        call.last["later"] = waited
    if question:
        return VoiceReply(said, "listen", question.listen)
    return VoiceReply(_with_else(said, rest), "listen", listen_for(call, call.asking))


def _that_more_waits(call: Call) -> str:
    """Before a question; not before that for a code, which is all that they wait for."""
    return "" if call.asking == "factor_code" else say.MORE


def takes_more_key(call: Call) -> bool:
    """Whether a key may ask for the rest: not where keys answer something else."""
    return call.pending is None and keys_for(call.asking) in (None, 1)


def _with_else(said: str, rest: str) -> str:
    """That they may go on, unless the answer ends in a question or in what can be said next, or
    has no room for it.
    """
    last = sentences(said)[-1] if said else ""
    whole = f"{said} {say.ELSE}".strip()
    told = rest or last.endswith("?") or last.startswith("Say ")
    return said if told or not fits(whole) else whole


def more(call: Call) -> VoiceReply:
    """What was too long to say, and then again what is asked, in short."""
    body, call.rest = call.rest, ""
    if not (call.asking or call.pending):
        return ask(call, body, None, waited=True)
    listen = _last_listen(call) or listen_for(call, call.asking)
    question = Question(asking_sentence(str(call.last.get("question") or "")), listen)
    return ask(call, body, question, keep=True, waited=True)


def ask_topic(call: Call, words: str, intent: str, title: str, lead: str = "") -> VoiceReply:
    """Ask whether the words were about the topic."""
    call.pending = {"kind": "topic", "text": words, "intent": intent}
    text = f"Is it about {title}? Say yes or no."
    return ask(call, lead, Question(text, listen_for(call, None)))


def last_question(call: Call) -> Question:
    """What was asked last; the greeting's notice is said once."""
    text = str(call.last.get("question") or say.OPEN_QUESTION)
    if text == say.GREETING:
        text = say.OPEN_QUESTION
    return Question(text, listen_for(call, call.asking))


def asked_again(call: Call, *, keys: bool) -> str:
    """What was asked last, as the caller heard it, without what was said before it. `keys`: that
    they work too, where they do.
    """
    question = asking_part(str(call.last.get("question") or say.DIRECTED))
    return (
        f"{question} {say.SPELL_KEYS}" if keys and keys_for(call.asking) is not None else question
    )


def has_told(call: Call) -> bool:
    """Whether the last turn told something and asked nothing but what else is wanted."""
    last = call.last
    return bool(last.get("before")) and last.get("say") == last.get("question")


def _last_said(call: Call) -> str:
    """The last turn; after a silence, the answer before it."""
    said = str(call.last.get("say") or "")
    return str(call.last.get("before") or said) if said.endswith(say.STILL_THERE) else said


def again(call: Call, lead: str = "") -> VoiceReply:
    """Say the last turn again, with the same to listen for."""
    said, same = _last_said(call), _last_listen(call)
    if call.last.get("later") and call.last.get("told") and not (call.asking or call.pending):
        # The end of an answer alone is no repetition of it.
        return ask(call, str(call.last["told"]), None)
    if not said or not same:
        return ask(call, lead, Question(say.DIRECTED, listen_for(call, call.asking)))
    if call.patient:
        same = replace(same, silence_ms=max(same.silence_ms, PATIENT_SILENCE_MS))
    for before in (say.GO_ON, say.SLOWER, say.AGAIN, say.NOT_HEARD):
        said = said.removeprefix(before).strip()
    return VoiceReply(f"{lead} {said}".strip(), "listen", same)


def slower(call: Call) -> VoiceReply:
    """The last turn once more, slowly: what is asked alone, or the first part of what was told, of
    an answer that was heard in parts from its beginning.
    """
    call.slow = call.patient = True
    if call.asking or call.pending or not call.last.get("say"):
        return again(call, say.SLOWER)
    whole = str(call.last.get("told") or "") if call.last.get("later") else ""
    parts = sentences(whole or _last_said(call))
    told = [part for part in parts if part not in (say.ELSE, say.MORE, say.MORE_BY_KEY)]
    # The whole holds what still waits.
    waiting, call.rest = "" if whole else call.rest, ""
    reply = ask(call, f"{' '.join(told)} {waiting}".strip(), None, waited=True)
    return replace(reply, say=f"{say.SLOWER} {reply.say}")


def _last_listen(call: Call) -> Listen | None:
    listen = call.last.get("listen")
    if not listen:
        return None
    return Listen(**{**listen, "modes": tuple(listen["modes"]), "hints": tuple(listen["hints"])})


def listen_for(call: Call, asking: str | None) -> Listen:
    """What is listened for at the question, and for how long."""
    silence = CARD_SILENCE_MS if asking and asking.startswith("factor_") else SILENCE_MS
    if call.patient or call.relay:
        silence = PATIENT_SILENCE_MS
    return Listen(digits=keys_for(asking) or 0, hints=hints_for(asking), silence_ms=silence)


def in_language(call: Call, english: str, spanish: str) -> str:
    """The sentence in the call's language."""
    return spanish if call.language == "es" else english


def rendered(call: Call, reply: VoiceReply) -> VoiceReply:
    """With words that a voice says well, and the same as SSML."""
    plain = voice.plain(reply.say)
    language = "es-US" if call.language == "es" else "en-US"
    marked = voice.ssml(plain, slow=call.slow, language=language) if plain else ""
    return replace(reply, say=plain, ssml=marked, language=language)


def unkept(call: Call, reply: VoiceReply) -> list[Draft]:
    """What the dialogue has not kept, so that the transcript has all that was said."""
    known = set(sentences(voice.plain(call.told)))
    told = " ".join(part for part in sentences(reply.say) if part not in known)
    return spoken(call.heard, told)
