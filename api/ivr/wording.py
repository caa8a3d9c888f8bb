"""The phone's own sentences. Each is short enough to be remembered: under 12 seconds by estimate,
which a test holds them to. The Spanish ones wait, like every text of this kind, for the companies'
translators.
"""

from __future__ import annotations

from alliance.answer import Button

NOTICE = (
    "Cigna, M V P, Preferred Care. Calls are recorded. In an emergency dial 9 1 1. Español, oprima "
    "nueve."
)
OPEN_QUESTION = "How can I help? Find a doctor or check a claim?"
GREETING = f"{NOTICE} {OPEN_QUESTION}"
AGAIN = "Sorry, I didn't catch that."
NOT_HEARD = "I didn't hear anything."
DIRECTED = (
    "Say check a claim, which plan covers me, or find a doctor. Or press 1 for a claim, 2 for your "
    "plan, 3 for a doctor, or 0 for a person."
)
KEYS = (
    "Let's use the keys. Press 1 for a claim, 2 for your plan, 3 for a doctor, or 0 for a person. "
    "Or wait, and I'll connect you."
)
STILL_THERE = (
    "What else can I do for you? Say repeat to hear the last answer again, or person for a person."
)
NO_SUCH_KEY = "That key does nothing here."
TAKE_YOUR_TIME = "Take your time. Say ready, or press any key, when you want to go on."
GO_ON = "All right, let's go on."
SLOWER = "I'll speak more slowly."
RELAY = (
    "Relay calls are welcome. I'll wait longer for each answer. Please speak as the caller, and go "
    "ahead."
)
IN_DANGER = (
    "Is someone in danger right now? If so, hang up and dial 9 1 1. If not, say no, or press 2."
)
NO_DANGER = "All right, good."
ALARMED = (
    "Hang up and dial 9 1 1 if anyone is in danger. If nobody is, tell me what you need, or press "
    "0 for a person."
)
ONE_MOMENT = "One moment, please."
ELSE = "What else can I do for you?"
MORE = "For more, say more."
# After something that was told first and takes long.
CODE_IN_SHORT = "For the rest you get a code now. What is the code?"
MORE_BY_KEY = "For more, say more or press 5."
CONNECTING = "I'm connecting you with a person. Please hold."
CONNECTING_NOW = "I'm connecting you now. Please hold."
WENT_WRONG = "Sorry, something went wrong on our side. I'm connecting you with a person."
CLOSED_CHOICE = "Say call back or press 1. To leave a message, say message or press 2."
BUSY_CHOICE = "For a call back instead, say call back or press 1. To wait, say wait or press 2."
LEAVE_MESSAGE = "Please leave your message after the tone. They answer it when they open."
PERSON_HELPS = "A person will help you with that."
WHICH_COMPANY = (
    "Which company is on your card? Press 1 for Cigna, 2 for M V P, 3 for Preferred Care, or 9 if "
    "you don't know."
)
SPELL_KEYS = "The keys work too, with pound at the end. Or press 0 for a person."

SPANISH_NOTICE = "Las llamadas se graban. Emergencias: 9 1 1."
SPANISH_COMPANY = (
    "Le atiende alguien que habla español o un intérprete. Cigna, oprima 1; M V P, 2; Preferred "
    "Care, 3."
)
SPANISH_CONNECTING = "Le comunico con una persona que habla español. Espere, por favor."
SPANISH_CLOSED = (
    "En este momento está cerrado. Deje su mensaje después del tono, con su nombre y su teléfono. "
    "Una persona que habla español le llamará."
)

MENU = {
    "0": Button("0", "/speak_to_agent"),
    "1": Button("1", "/claim_status"),
    "2": Button("2", "/which_plan_covers_me"),
    "3": Button("3", "/find_provider"),
}
REPEAT_KEY, SPANISH_KEY, MORE_KEY = "*", "9", "5"
# On the keys, companies go by number, in the order in which the prompts name them.
COMPANY_KEYS = {"1": "cigna", "2": "mvp", "3": "preferred-care"}

FIXED = tuple(
    value for name, value in globals().items() if name.isupper() and isinstance(value, str)
)
