"""Words of danger now, and words that say it is not now: the explicit half of the detector.

The classifier knows how people tell of danger; this grammar makes sure of the plain ways to say
it, in English and Spanish, text-speak and what telephone recognisers make of it. Patterns are read
on `plain` text: lower case, no accents, no apostrophes, single spaces.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_NOT = r"(?:not|isnt|aint|isn t|wasnt|no|stopped|stop|quit|cant|cannot|can t|hardly|barely|wont)"
_NOW = r"(?:right now|rn|just now|at this moment|as we speak|tonight|tonite|today)"
_MUCH = (
    r"(?:bottle|whole|entire|all (?:of )?(?:my|her|his|the|their|them)|too many|too much|bunch of|"
    r"handful|fistful|lot of|every one|dozens)"
)
_PILLS = (
    r"(?:pills?|meds|medicine|medication|tylenol|insulin|xanax|oxy\w*|aspirin|sleeping|tablets?)"
)
_POISON = (
    r"(?:bleach|drain ?cleaner|drano|antifreeze|anti freeze|detergent|tide pods?|rat poison|poison|"
    r"pesticide|lye|gasoline|lighter fluid|cleaner|windshield washer|batter(?:y|ies)|magnets?|"
    r"ammonia|turpentine|weed killer|nail polish remover)"
)
_SWALLOW = (
    r"(?:swallow(?:ed|in|ing)?|drank|drinked|ate|eaten|ingest(?:ed)?|took|taken|taking|drinking|"
    r"got into|downed|popped|chewed)"
)

# Each is danger by itself.
_ENGLISH = (
    # heart and stroke
    r"\b(?:chest|chess|cheast|chst|breastbone|heart) (?:pains?|hurts?|hurtin\w*|tight\w*|pressure"
    r"|is hurting|is tight|is killing|is crushing|crushing|feels? (?:tight|heavy|like))",
    r"\b(?:pain|pains|pressure|tightness|squeezing|crushing|weight) (?:in|on|across|inside) "
    r"(?:my|his|her|the) (?:chest|chess|heart)",
    r"\b(?:clutch|grabb?|hold)\w* (?:his|her|their|my) chest",
    r"\b(?:having|has|havin|is|be|gonna have|going to have|think its|this is) (?:a |an )?"
    r"(?:massive )?(?:heart ?attack|hart attack|heart a ?tack|harta ?tack|stroke|strok|seizures?|"
    r"seizure|sea ?zure|caesar|convulsions?|anaphyla\w+|aneurysm|overdose)\b",
    r"\bheart a ?t+ack\b.{0,20}\b(?:now|help|think|hurry)\b",
    r"\b(?:face|mouth|smile|eye)\b.{0,12}\b(?:droop\w*|dropp?ing|hanging|sagging|slid)",
    r"\b(?:slurr\w*|slured)\b.{0,25}(?:speech|words|talk)|\b(?:speech|words|talking) "
    r"(?:is |are )?(?:all )?slurr\w*",
    r"\bno pulse\b|\bcant (?:find|feel) (?:a |his |her |the )?pulse\b",
    # breathing, consciousness
    rf"\b{_NOT} (?:breath\w*|breth\w*|breed(?:ing)?|brea?th)\b",
    r"\b(?:cant|cannot|can t|cnt|cont|unable to|struggling to|trouble|hard to) "
    r"(?:\w+ )?(?:breath\w*|breth\w*|brethe|catch (?:my|his|her) breath|get (?:any )?air)\b",
    r"\b(?:gasping|gaspin) (?:for )?(?:air|breath)?|\bstopped breathing\b",
    r"\b(?:is|hes|shes|im|were|am|was|are|baby|kid) (?:now |still )?(?:choking|chokin|suffocating|"
    r"drowning|convulsing|seizing|unresponsive|unconscious|bleeding out|turning (?:blue|purple|gr[ae]y))",
    r"\bchoking on\b",
    r"\b(?:lips?|face|baby|fingers|newborn|kid) (?:is |are |has |have |s |went |gone |going |turned |"
    r"turning )+(?:all )?(?:blue|purple|gr[ae]y)\b",
    r"\b(?:hes|shes|has|is|its|gone|went|turning|turned|goin|going) (?:all )?(?:blue|purple)\b",
    r"\b(?:passed|blacked|knocked|is) out\b.{0,40}\b(?:cant|wont|not|floor|wake|now|help)\b",
    r"\b(?:wont|not|cant|doesnt|isnt|never) (?:\w+ )?(?:wak(?:e|ing)|wake him|wake her|come to|"
    r"respond\w*|answering me|moving)\b.{0,20}$",
    r"\b(?:cant|wont|not) (?:get (?:him|her|them) to )?(?:wake|waking|woke) ?(?:up|him|her|them)?\b",
    r"\b(?:collapsed|keeled over|lifeless|limp|out cold|unresponsive|foam\w* (?:at|from))\b",
    # bleeding, injury
    r"\b(?:bleed\w*|blood|gushing)\b.{0,30}\b(?:wont|not|cant|isnt|never|nonstop|non stop) ?"
    r"(?:\w+ )?(?:stop\w*|quit\w*|slow\w*)?",
    r"\b(?:cant|wont|cannot) (?:\w+ )?(?:stop|slow) (?:the |my |his |her )?(?:bleed\w*|blood)",
    r"\bbleeding (?:bad\w*|heavily|a lot|everywhere|out|so much|to death|like crazy|from (?:the|his|her|my) "
    r"(?:head|neck|ears?|mouth))",
    r"\bblood (?:is )?(?:everywhere|all over|pouring|spurting|gushing)",
    r"\b(?:cut|cutting|slit|slashed|slitting) (?:\w+ )?(?:my|his|her|their) (?:own )?"
    r"(?:wrists?|throat|veins?)",
    r"\b(?:been|got|was|just got|hes|shes) (?:shot|stabbed|electrocuted|hit by a (?:car|truck|bus|train))"
    r"(?! (?:last|in |a few|two|three|years?|months?))",
    r"\b(?:cut|chopped|sawed|ripped|tore|took|taken) (?:off|clean off) (?:\w+ ){0,2}"
    r"(?:fingers?|hand|thumb|arm|leg|foot|toes?)",
    r"\bcord\w* (?:is |s )?(?:hanging|coming) out\b",
    # allergy, poison, overdose
    r"\b(?:throat|tongue|airway|lips|face)\b.{0,15}\b(?:clos\w*|swell\w*|swollen|tight\w*|shutting)",
    r"\bepi ?pen\b.{0,25}\b(?:didnt|not|isnt|still|expired|no|wont)\b",
    rf"\b{_SWALLOW} (?:\w+ ){{0,4}}{_POISON}",
    rf"\b{_SWALLOW} (?:\w+ ){{0,2}}{_MUCH} (?:\w+ ){{0,4}}{_PILLS}\b",
    rf"\b(?:took|taken|swallowed|popped) (?:them all|all of (?:them|it|em)|the whole (?:bottle|thing)|"
    r"all em|too many of)",
    r"\b(?:overdos\w*|over ?dos(?:e|ing|ed)|od ing|oding|oded|od d|od ed|odd on|ods|o d ing)\b",
    r"\bod\b.{0,15}\bhelp\b|\bhelp\b.{0,15}\bod\b|\bnarcan\b.{0,30}\b(?:help|didnt|not|need|work|now)\b",
    r"\bcarbon mon ?oxide\b.{0,40}\b(?:alarm|going off|sounding|dizzy|sick|headaches?)\b",
    r"\b(?:alarm|beeping|detector)\b.{0,30}\bcarbon mon ?oxide\b",
    # self-harm
    r"\b(?:kill|killing|hang|hanging|shoot|shooting|hurt|hurting|harm|harming|cut|cutting|off) "
    r"(?:my ?self|him ?self|her ?self|them ?sel\w+|myslef|meself|mys3lf)\b",
    r"\bkms\b|\bkys\b|\bunaliv\w+|\bun alive\b|\bsewer ?slide\b|\bsuey ?cid\w*|\bsue a side\b",
    r"\b(?:want|wants|wanna|wana|gonna|going|ready|plan\w*|rather|wish i could|trying) (?:to |too |2 )?"
    r"(?:die|b dead|be dead|end it|end my (?:life|own life)|end it all|end (?:her|his) life|"
    r"commit suicide|jump off)",
    r"\b(?:dont|do not|dnt|doesnt|no longer|didnt) (?:want|wanna|wana|wnt) (?:to |2 )?"
    r"(?:live|b alive|be alive|be here any ?more|b here any ?more|exist|wake up|go on)",
    r"\b(?:feel\w*|am|im|is|hes|shes|being|been|think\w*) (?:\w+ )?(?:suicidal|about suicide)\b",
    r"\b(?:no|any|a) reason (?:left )?(?:to|for) (?:live|living|go on|going on)\b",
    r"\b(?:thinking|thoughts|talking|think) (?:about|of) (?:suicide|dying|ending (?:it|my life|her life|"
    r"his life)|jumping|taking (?:all|my life|her own life|his own life))",
    r"\b(?:gun|knife|blade|razor|rope|noose|pills|belt) (?:\w+ ){0,2}(?:in my (?:hand|mouth|lap)|"
    r"to my (?:head|wrist|arm|throat|neck)|around my neck|next to me|right here|in front of me)",
    r"\b(?:rope|gun|noose|knife) in my hand|\bgun to (?:his|her|my) head",
    r"\b(?:on|at|off) (?:the|a) (?:bridge|ledge|roof)\b.{0,30}\bjump\w*|\bjump\w* off\b.{0,15}\b"
    r"(?:bridge|roof|building)",
    # violence
    r"\b(?:he|she|they|hes|shes|husband|boyfriend|ex|wife|bf|gf|dad|stepdad|someone|somebody) "
    r"(?:\w+ ){0,3}(?:is |s )?(?:hitting|beating|chok(?:ed|ing)|strangl\w+|stabbing|punching|"
    r"threatening to (?:kill|shoot|hurt)|gonna (?:kill|shoot|hurt)|going to (?:kill|shoot|hurt)|"
    r"beatin|hittin|attacking) (?:on )?(?:me|us|her|him|my|the (?:kids?|baby))\b",
    r"\b(?:has|got|waving|with|pulled|w|have) (?:a |his |the |an )?(?:gun|knife|rifle|shotgun|machete)\b"
    r".{0,40}\b(?:me|us|now|help|outside|door|house|kill|hiding|yard|kids)\b",
    r"\b(?:breaking|broke|kicking|busting|bust) (?:down|in|through)\b.{0,20}\b(?:door|window|house)",
    r"\b(?:hiding|hidin|locked (?:myself )?in)\b.{0,25}\b(?:bathroom|closet|bedroom|from (?:him|my))",
    r"\b(?:kill|murder|shoot) (?:me|us)\b.{0,20}\b(?:now|help|please|hes|tonight|going|knife|gun)\b",
    rf"\b(?:rap(?:ed|ing) (?:me|her)|sexually assaulted)\b.{{0,15}}{_NOW}",
    # asking for the ambulance
    r"\b(?:call|need|send|get) (?:me )?(?:an? |the )?(?:ambulance|ambulence|paramedics?|911|nine one one|"
    r"9 1 1)\b",
    r"^(?:911|nine one one|9 1 1|help help|emergency help|help emergency)\b",
    r"\b(?:is|im|am|think im|hes|shes) (?:dying|dyin)\b(?! of (?:curiosity|boredom|laugh\w*))",
    r"\b(?:high|temp|fever|temperature)\b.{0,12}\b10[5-9]\b",
    r"\b(?:house|kitchen|apartment|car|shirt|clothes|hair) (?:is |s )?on fire\b",
)
_SPANISH = (
    r"\b(?:me|le|les) (?:duele|aprieta|oprime|esta doliendo)\b.{0,20}\b(?:pecho|corazon)\b",
    r"\b(?:dolor|presion|opresion)\w*\b.{0,12}\b(?:pecho|corazon)\b",
    r"\bno (?:\w+ )?(?:puedo|puede|pueden|podemos|logra|logro|esta) (?:respira\w*|despertar\w*|"
    r"reaccionar\w*|despierta)",
    r"\b(?:no respira|no despierta|no responde|no reacciona|falta el aire|se esta ahogando|se ahoga|"
    r"me ahogo|me estoy ahogando|se atraganto|atragantad[oa])\b",
    r"\b(?:infarto|ataque (?:al|de|del) corazon|derrame cerebral|paro cardiaco|embolia)\b",
    r"\b(?:sobredosis|sobre dosis|se tomo todas|se tomo todo el|tome todas|me tome todo|"
    r"tragu?[eo] (?:\w+ )?(?:pastillas|cloro|veneno|pila|jabon))\b",
    r"\b(?:tom(?:e|o|ado|aron)|beb(?:io|i)|trag(?:o|ue)|comio|ingirio)\b.{0,25}\b(?:cloro|veneno|"
    r"detergente|lejia|anticongelante|muchas pastillas|todas las pastillas|raticida|gasolina|"
    r"frasco|acido|pila|bateria)\b",
    r"\b(?:quiero|voy a|quiere|va a|pienso|tratando de|intento|intenta) (?:morir\w*|matar(?:me|se)|"
    r"suicidar\w*|quitar(?:me|se) la vida|cortarme|acabar con (?:mi|su) vida|lastimarme|"
    r"hacerme dano|ahorcarme|tirarme)\b",
    r"\b(?:me|se) (?:quiero|quiere|voy a|va a) (?:morir|matar|suicidar|ahorcar|tirar|aventar|colgar)\b",
    r"\b(?:ya )?no quiero (?:vivir|seguir viviendo|estar viv[oa])\b|\bsuicidio\b|\bsuicid\w+\b",
    r"\b(?:sangr\w+|desangr\w+)\b.{0,25}\b(?:mucho|no para|no se detiene|demasiado|no deja|parar)\b",
    r"\b(?:se desmayo|esta inconsciente|perdio el conocimiento|convulsion\w*|esta convulsionando|"
    r"se desplomo|se esta muriendo|me estoy muriendo|me muero)\b",
    r"\b(?:me (?:esta )?(?:pega|golpea|pegando|golpeando|ahorcando|amenaza|amenazando|va a matar|quiere matar)"
    r"|tiene (?:un|una) (?:pistola|cuchillo|arma|navaja)|nos va a matar|me esta siguiendo)\b",
    r"\b(?:garganta|lengua|labios|cara)\b.{0,25}\b(?:cerrando|cierra|hinch\w+|morad\w*|chuec[oa]|"
    r"caid[oa]|torcid[oa])",
    r"\b(?:esta|se puso|poniendo\w*|labios|cara|se esta poniendo) (?:\w+ )?(?:morad|azul)\w*\b",
    r"\b(?:ambulancia|llamen al 911|auxilio|socorro)\b",
    r"\b(?:esta|se siente) (?:\w+ )?(?:baleado|apunalado|electrocutado|envenenad\w+|intoxicad\w+)\b",
    r"\b(?:le dispararon|lo apunalaron|la apunalaron|lo balearon|se corto las venas|cortarme las venas)\b",
)

# Not now: told of the past, or of papers, or a search, or somebody's work.
_ELSEWHERE = (
    r"\b(?:last|this past|back in|in) (?:\w+ )?(?:week|month|year|night|spring|summer|fall|winter|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend|thanksgiving|christmas|"
    r"0000|20\d\d)\b",
    r"\b(?:ago|yesterday|the other day|years? back|months? back|back when|after (?:my|his|her|the) "
    r"(?:heart attack|stroke|overdose|suicide attempt)|previous\w*|used to|since (?:my|his|her|the))\b",
    r"\b(?:had|survived|recover\w+ from|history of|after an?|runs? in (?:my|the) family|risk of|"
    r"prevent\w*|died (?:of|from)|passed away) (?:a |an |my |his |her |mild |the )*(?:heart attack|stroke|seizures?|"
    r"overdose|suicide)\b",
    r"\b(?:claims?|eob|denied|denial|deny|appeal|copays?|deductible|covered|cover|covers|coverage|"
    r"cost|costs|charge[ds]?|charging|billed|bills?|billing|invoice|statement|owe|pay|paid|"
    r"reimburse\w*|authorization|preauthorization|referral|network|formulary|refills?|collections|"
    r"approved|approval|tier|premium)\b",
    r"\b(?:find|looking for|search\w*|recommend|list of|nearest|closest|where is|appointment|"
    r"schedule|see a|which) (?:\w+ ){0,3}(?:doctors?|cardiologists?|specialists?|hospitals?|clinics?|"
    r"therapists?|counsel\w+|programs?|class\w*|groups?|pulmonologists?|allergists?|neurologists?)\b",
    r"\b(?:program|class|classes|support group|brochure|pamphlet|workshop|training|course)\b",
    r"\b(?:hypothetical\w*|what if|if i ever|in case (?:of|i)|just in case|should i ever|"
    r"dying to know|to die for|killing me with|scared to death|bored to death|worried sick)\b",
    r"\b(?:factura|reclamo|cobertura|cubre|copago|deducible|la semana pasada|el mes pasado|ano pasado|"
    r"ayer|cita|especialista|cardiologo|hace (?:un|una|dos|tres|unos|unas))\b",
    r"\b(?:no longer|not (?:an )?emergency|its not urgent|better now|fine now|is fine|okay now|ok now)\b",
)


@dataclass(frozen=True, slots=True)
class Cues:
    """What the grammar found in a message."""

    danger: bool
    elsewhere: bool


_DANGER = re.compile("|".join(f"(?:{pattern})" for pattern in _ENGLISH + _SPANISH))
_NOT_NOW = re.compile("|".join(f"(?:{pattern})" for pattern in _ELSEWHERE))
_LAUGH = re.compile(r"\b(?:lol|haha\w*|lmao|jk)\b")


def plain(text: str) -> str:
    """Lower case without accents, apostrophes or other marks; single spaces."""
    folded = unicodedata.normalize("NFKD", text.lower().replace("’", "'"))
    letters = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9 ]+", " ", letters.replace("'", "")).split())


def find_cues(text: str) -> Cues:
    """Cues of danger, and of its being past, paperwork or a search."""
    words = plain(text)
    return Cues(
        danger=_DANGER.search(words) is not None,
        elsewhere=_NOT_NOW.search(words) is not None or _LAUGH.search(words) is not None,
    )
