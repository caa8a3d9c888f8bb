"""Saying and listening: what ends a reply, what is asked again, what comes next."""

from __future__ import annotations

from dataclasses import dataclass, replace

from api.conversations.service import spoken
from api.conversations.store import Draft
from api.ivr import speech as voice
from api.ivr import wording as say
from api.ivr.calls import Call
from api.ivr.factors import hints_for, keys_for
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


def ask(call: Call, body: str, question: Question | None, *, keep: bool = False) -> VoiceReply:
    """An answer and what ends it (None: that they may go on). What is too long for one hearing
    waits for "more". `keep`: what is asked again stays what it was.
    """
    body = voice.plain(body)
    if voice.seconds(body) > voice.MOST_ANSWER_SECONDS:
        room = voice.MOST_ANSWER_SECONDS - voice.seconds(say.MORE)
        body, call.rest = voice.split(body, room)
        body = f"{body} {say.MORE}"
    question = question or _what_else(call, body)
    if not keep:
        call.last = {"question": question.text}
    return VoiceReply(f"{body} {question.text}".strip(), "listen", question.listen)


def ask_topic(call: Call, words: str, intent: str, title: str, lead: str = "") -> VoiceReply:
    """Ask whether the words were about the topic."""
    call.pending = {"kind": "topic", "text": words, "intent": intent}
    text = f"Is it about {title}? Say yes or no."
    return ask(call, lead, Question(text, listen_for(call, None)))


def _what_else(call: Call, body: str) -> Question:
    """That they may go on, unless the answer ends in a question or in what can be said next."""
    last = voice.sentences(body)[-1] if body else ""
    told = call.rest or last.endswith("?") or last.startswith("Say ")
    return Question("" if told else say.ELSE, listen_for(call, call.asking))


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
    parts = voice.sentences(str(call.last.get("question") or say.DIRECTED))
    first = next((at for at, part in enumerate(parts) if part.endswith("?")), 0)
    question = " ".join(parts[first:])
    return (
        f"{question} {say.SPELL_KEYS}" if keys and keys_for(call.asking) is not None else question
    )


def again(call: Call, lead: str = "") -> VoiceReply:
    """Say the last turn again, with the same to listen for."""
    said, listen = call.last.get("say"), call.last.get("listen")
    if not said or not listen:
        return ask(call, lead, Question(say.DIRECTED, listen_for(call, call.asking)))
    same = Listen(**{**listen, "modes": tuple(listen["modes"]), "hints": tuple(listen["hints"])})
    if call.patient:
        same = replace(same, silence_ms=max(same.silence_ms, PATIENT_SILENCE_MS))
    for before in (say.GO_ON, say.SLOWER, say.AGAIN, say.NOT_HEARD):
        said = said.removeprefix(before).strip()
    return VoiceReply(f"{lead} {said}".strip(), "listen", same)


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
    known = set(voice.sentences(voice.plain(call.told)))
    told = " ".join(part for part in voice.sentences(reply.say) if part not in known)
    return spoken(call.heard, told)
