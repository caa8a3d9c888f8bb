"""First names, spoken, spelled or keyed."""

from __future__ import annotations

import re
import unicodedata

from alliance import gazetteer
from alliance.spoken import ACRONYMS, normalise
from alliance.values.common import SMALL_NUMBERS, word_set

_KEY_LETTERS = {
    "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv",
    "9": "wxyz",
}  # fmt: skip
_KEYS = {letter: key for key, letters in _KEY_LETTERS.items() for letter in letters}


def _plain(text: str) -> str:
    """Lower case without accents, hyphens, spaces or punctuation."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum() and not unicodedata.combining(c))


def keypad(text: str) -> str:
    """The phone keys that spell `text`: "Maria" -> "62742"; figures stay, all else is dropped."""
    return "".join(_KEYS.get(c, c) for c in _plain(text) if c in _KEYS or c in "0123456789")


def matches_name(said: str, on_file: str) -> bool:
    """Whether `said` is the name on file: case, accents and hyphens aside, spelled, or keyed.

    Nicknames and likenesses do not count: the name is part of the proof of identity.
    """
    wanted = _plain(on_file)
    if not wanted:
        return False
    if _plain(said) == wanted or _plain(normalise(said).text) == wanted:
        return True
    digits = re.sub(r"[\s*#-]", "", said)
    return digits.isascii() and digits.isdecimal() and digits == keypad(on_file)


# Words that are no first name in an answer to "what is your first name".
_NOT_NAMES = word_set(
    """nah naw nope nuh uh huh mhm yea yess yass ya yah ye yup k kk nvm tysm thx thanx thankyou
    merci bingo restart redo eh nay okey yessir mi puedo quiero esta está dolor ayuda respira
    bebe bebé tengo necesito hablo habla ingles inglés lol pls plz ty idk omg a about account
    actually address adios after again agent all already am an and answer any anyone are ask
    asking at back bad be because been being benefits bill billing birth birthday born but by
    bye call called calling can cancel card care cause check claim claims clinic code company
    concerned confused copay cost could coverage covered customer date day deductible deny
    denied dental dentist did different do doctor does doing done dont don't drug emergency
    english español espanol everything find fine first for forgot from get give going gonna good
    got great had happened has have having he health hello help her here hey hi him his hold
    home hospital how human i i'd i'll i'm i've id if im in information insurance interested
    into is it it's its just keep know last later let live located looking lost machine mad main
    me medicine member menu mental message mine month months more my name named names need
    needed needing never new next no nobody none nor not nothing now number nurse of off ok okay
    old on one only oops whoops open operator or other our out outside over own pain pay payment
    people person pharmacy phone plan please pm policy press problem provider question quit ready
    real really receive referral repeat representative right robot same say saying see service she
    sick so some somebody someone something sorry speak speaking spell start started status stop
    stuck subscriber such sure taking talk tell than thank thanks that that's the their them
    then there these they thing think this those time tired to today told tomorrow trying two
    unable until up upset us use very wait waiting want wanted wanting was way we well went were
    what what's whats when where which who who's whom why with without won't wondering work
    seriously honestly literally exactly whatever listen wow jeez gosh dang man dude
    worried would wrong yeah year years yep yes yesterday yet you your yours zip zero"""
)
_NAME_WORD = r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*"
_NAME_CUE = re.compile(
    r"""(?:^|(?<=[\s,.;:!-]))(?:
      (?P<strong>(?:(?:my|the|his|her|their|patient'?s?|subscriber'?s?|member'?s?)\s+)?
         (?:(?:first|full|given|legal|whole)\s+)*(?:name\s+is|name's|names|name:|name\s+would\s+be
         |name\s+on\s+(?:it|file|the\s+card|the\s+account)\s+is|nombre\s+es|name\s+was)
       |me\s+llamo|mi\s+nombre\s+es|i\s+go\s+by|goes\s+by|call\s+me|they\s+call\s+me)
    | (?P<weak>this\s+is|it\s+is|it'?s|that\s+is|that'?s|i'?m|i\s+am|soy|es|that\s+would\s+be
         |speaking\s+with|it\s+would\s+be|the\s+name|(?:my|the)\s+(?:\w+\s+)?card\s+says|it\s+says)
    )\s*(?:it'?s|is)?[\s,:-]*""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME_LEAD = re.compile(
    r"(?:(?:sure|ok|okay|fine|ugh|yes|yeah|yep|yup|well|um+|uh+|oh|so|hi|hello|hey|hola|sí|si|"
    r"alright|no|sorry|actually|of course|certainly|no problem|good (?:morning|afternoon|evening)|"
    r"it'?s me|let me see|there|claro)(?![\w'])[\s,.!;:-]*)+",
    re.IGNORECASE,
)
_NAME_TAIL = re.compile(
    r"[\s,.;!?-]*(?:please|thanks|thank you|speaking|here|sir|ma'?am|gracias|por favor|calling|"
    r"is (?:my|the) (?:first |full )?name|that'?s (?:my|the) (?:first |full )?name|"
    r"(?:is )?(?:how|what) (?:it's|it is|is) (?:spelled|on (?:the|my) card)|on (?:the|my) card)?"
    r"[\s.,!?]*$",
    re.IGNORECASE,
)
# "Robin with an o", "Sara without the h at the end": how it is written, which is compared anyway.
_WRITTEN = re.compile(
    r"(?<=[^\W\d_]{2})[\s,]+(?:(?:that'?s|it'?s|spelled|and)\s)*(?:with(?:out)?|as in)\s"
    r"(?:an?\s|the\s|no\s|one\s|two\s)?[^\W\d_]{1,2}(?![\w']).*$",
    re.IGNORECASE,
)
_OTHER_NAME = re.compile(r"\b(?:last|middle|family|sur|maiden)[\s-]*$", re.IGNORECASE)
_MAX_NAME_WORDS = 4
_SPELLED = re.compile(r"(?<![\w'-])(?:[^\W\d_][\s.,-]+){2,}[^\W\d_](?![\w'])")


def _cased(word: str) -> str:
    """A name as written on a card, unless its writer already chose capitals."""
    if word.islower() or (word.isupper() and len(word) > 2):
        return re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), word.lower())
    return word


# Given names that are also words.
_WORDY_NAMES = word_set(
    """adam al alex alexa alice amanda amy ann antonio april art ashley august barbara ben beth
    betty
    beverly bill bob carl chance charles chase chris christmas christopher craig crystal dan
    daniel dave david denise don elizabeth ever felix francisco frank fred george ginger guy
    heather hope jack james jason jean jeff jerry jim joe john jose josh june justin kevin kim
    lance laura lee lisa liz louis lucy mark mary matt max may melissa michael michelle mike
    miles minh nancy natalie nick olive pam paris paul pearl peter phil randy ray robert robin
    roger ruby ruth sam sarah saul sky stan steve steven sue summer sunny tim tom tony virginia
    will audrey brad carrie diego doug jan sal"""
)
# Of those the words that are mostly a time: "it's june now".
_TIMES = word_set("april august jan christmas ever june may summer")
_DRAWN_OUT = re.compile(r"(.)\1\1|^(?:ha|he|la|lo){2,}")


def is_wordy_name(word: str) -> bool:
    """Whether it is a given name though it is a word besides: "Mark", "Will"."""
    return word.lower() in _WORDY_NAMES - _TIMES


def _is_name_word(word: str) -> bool:
    """Whether a word that no "my name is" announces may be a name."""
    lower = word.lower()
    return (
        len(word) > 1
        and not _DRAWN_OUT.search(lower)
        and (lower in _WORDY_NAMES or lower not in gazetteer.common_words())
    )


def _name_words(text: str, *, sure: bool) -> tuple[list[str], int]:
    """The words of a name at the start of `text` and where they end.

    Not `sure` (no "my name is") means that the words must reach the end of the message.
    """
    words: list[str] = []
    end = 0
    pattern = re.compile(rf"\s*(?P<word>{_NAME_WORD}|\d{{1,4}}(?!\w))")
    while (match := pattern.match(text, end)) and len(words) < _MAX_NAME_WORDS:
        word = match["word"]
        if word.lower().rstrip(".") in _NOT_NAMES - ({"member"} if not words else frozenset()):
            break
        if word.isdecimal() and not words:
            break
        words.append(word.rstrip("."))
        end = match.end()
    if words and words[0].lower() == "member" and not words[-1].isdecimal():
        return [], 0
    if not sure and words:
        numbered = words[0].lower() == "member"
        plain = not all(w[:1].isupper() for w in words) and len(words) > 2
        if plain or not _NAME_TAIL.match(text, end):
            return [], 0
        if not numbered and not all(_is_name_word(w) for w in words):
            return [], 0
    return words, end


_COUNTED = re.compile(
    r"(?<=\s)(?:(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine)\b\s*)+$"
)
_COUNT_WORDS = {"zero": "0", "oh": "0", "o": "0"} | {
    word: str(value) for word, value in SMALL_NUMBERS.items() if value < 10
}


def _spelled_name(text: str) -> str | None:
    """A name spelled letter by letter, also as "d as in david"; "m v p" and "e o b" are none."""
    spellings = [re.sub(r"[\s.,-]", "", m.group()).lower() for m in _SPELLED.finditer(text)]
    spellings += [
        "".join(p.text for p in run.pieces)
        for run in normalise(text).runs
        if len(run.pieces) >= 3 and all(p.kind == "letter" for p in run.pieces)
    ]
    names = [s for s in spellings if s not in ACRONYMS and not gazetteer.lookup_any(s)]
    return max(names, key=len).capitalize() if names else None


def _strip_name_wrapping(text: str) -> tuple[str, bool]:
    """The part of the message where the name is, and whether a sure cue stood before it."""
    cues = list(_NAME_CUE.finditer(text))
    strong = [c for c in cues if c["strong"] and not _OTHER_NAME.search(text, 0, c.start("strong"))]
    lead = _NAME_LEAD.match(text)
    start = lead.end() if lead else 0
    if strong:
        return text[strong[0].end() :], True
    if cues and cues[0].start() == start:
        return text[cues[0].end() :], False
    return text[start:], False


def read_first_names(text: str) -> list[str]:
    """First names that the answer may hold, best first: "my name is Maria Lopez" -> Maria, then
    Maria Lopez (double first names exist). Spelled names count before spoken ones."""
    clean = " ".join(text.replace("’", "'").split())
    names: list[str] = []
    if spelled := _spelled_name(clean):
        names.append(spelled)
        clean = _SPELLED.sub(" ", clean).strip(" ,.-")
    rest, sure = _strip_name_wrapping(_WRITTEN.sub("", clean))
    if counted := _COUNTED.search(rest):
        figures = "".join(_COUNT_WORDS[w] for w in counted.group().split())
        rest = rest[: counted.start()] + figures
    family_first = re.match(rf"\s*({_NAME_WORD})\s*,\s*({_NAME_WORD})\s*[.!]?$", rest)
    if family_first and not {w.lower() for w in family_first.groups()} & _NOT_NAMES:
        names.append(_cased(family_first[2]))
    words, _ = _name_words(rest, sure=sure)
    cased = [_cased(w) for w in words]
    if cased and len(cased) > 1 and cased[1].isdecimal():
        names.append(" ".join(cased[:2]))
    names += [" ".join(cased[:n]) for n in range(1, len(cased) + 1)]
    return list(dict.fromkeys(names))


def may_be_name(text: str) -> bool:
    """Whether none of the words is one that no name holds: "from March" answers something else."""
    return not {word.lower() for word in text.split()} & _NOT_NAMES


def is_only_name(text: str) -> bool:
    clean = " ".join(text.replace("’", "'").split())
    names = read_first_names(clean)
    if not names or gazetteer.lookup_any(clean.strip(" .,!?").lower()):
        return False
    without = _SPELLED.sub("", clean) if _spelled_name(clean) else clean
    rest, _ = _strip_name_wrapping(_WRITTEN.sub("", without).strip(" ,.-"))
    if counted := _COUNTED.search(rest):
        rest = rest[: counted.start()] + "01"
    words, end = _name_words(rest, sure=False)
    return (bool(words) or not rest.strip(" ,.-")) and bool(_NAME_TAIL.match(rest, end))
