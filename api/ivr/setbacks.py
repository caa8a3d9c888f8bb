"""Silence, noise and what was not understood: asked again, then by keys, then a person."""

from __future__ import annotations

from dataclasses import replace

from api.ivr import prompts
from api.ivr import wording as say
from api.ivr.calls import Call
from api.ivr.people import People
from api.ivr.prompts import Question
from api.ivr.transfer import NOT_UNDERSTOOD
from api.ivr.turns import VoiceReply

# After two failures in a row only keys are left, and what is then no key ends at a person; so do
# four failures in a call. Relay operators and those who need slow speech have twice as many.
FAILURES_IN_A_ROW = 2
FAILURES_IN_A_CALL = 4


class Setbacks:
    """Counts failures, and says what comes after each."""

    def __init__(self, people: People) -> None:
        self._people = people

    async def nothing(self, call: Call, *, silent: bool) -> VoiceReply:
        """Silence, or noise. Who asked us to wait is waited for."""
        if call.holding:
            call.holding = False
            return prompts.again(call, say.GO_ON)
        chosen = await self._people.without_choice(call)
        if chosen:
            return chosen
        if silent and call.failures_in_a_row:
            call.patient = True
        return await self.failed(call, "", silent=silent)

    async def failed(self, call: Call, speech: str, *, silent: bool = False) -> VoiceReply:
        """Nothing usable was said. `speech` is what the dialogue says to it."""
        call.failures_in_a_row += 1
        call.failures += 1
        lead = say.NOT_HEARD if silent else say.AGAIN
        if _is_hopeless(call):
            return await self._people.to_person(call, lead, NOT_UNDERSTOOD)
        listen = prompts.listen_for(call, call.asking)
        if speech:
            return prompts.ask(call, "", Question(speech, listen))
        if call.alarmed:
            return prompts.ask(call, lead, Question(say.ALARMED, listen))
        if call.asking or call.pending:
            text = f"{lead} {self.asked_again(call)}"
            return prompts.ask(call, "", Question(text, listen), keep=True)
        if silent and call.failures_in_a_row == 1 and prompts.has_told(call):
            return prompts.ask(call, lead, Question(say.STILL_THERE, listen))
        if call.failures_in_a_row >= FAILURES_IN_A_ROW:
            keys = replace(listen, modes=("dtmf",), digits=1)
            return prompts.ask(call, lead, Question(say.KEYS, keys))
        return prompts.ask(call, lead, Question(say.DIRECTED, listen))

    def asked_again(self, call: Call) -> str:
        """What was asked last; after a second failure the keys as well."""
        return prompts.asked_again(call, keys=call.failures_in_a_row >= FAILURES_IN_A_ROW)


def _is_hopeless(call: Call) -> bool:
    stretch = 2 if call.relay or call.slow else 1
    return (
        call.failures_in_a_row > FAILURES_IN_A_ROW * stretch
        or call.failures >= FAILURES_IN_A_CALL * stretch
    )
