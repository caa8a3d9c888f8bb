"""What people say beside the matter: "hold on", "why do you ask?", "what do you mean?", swearing.

At a prompt none of it is an answer, a digression or a failure: the question simply stands.
"""

from __future__ import annotations

import re

from actions.answers.family import FORM
from actions.answers.service import PERSON
from actions.answers.talk import is_talk
from actions.dialogue.needs import asks, asks_in_part, is_agreed, is_unclear
from actions.dialogue.prompts import PROMPTS
from actions.dialogue.spanish import names_language, writes_spanish
from actions.dialogue.turn import Turn
from actions.identity.third_party import RELAY
from actions.identity.told_together import tells_anothers
from alliance.answer import Answer
from alliance.aspects import names_no_matter
from alliance.spoken import normalise

_WAIT = re.compile(
    r"\W*(?:(?:ok(?:ay)?|um+|uh+|yeah|yes|please|sorry|wait|hold on|hang on|one (?:sec|second|"
    r"moment|minute)|a (?:second|moment|minute))\W+)*"
    r"(?:hold (?:on|up)|hang on|(?:just )?(?:one|a) (?:second|sec|moment|minute)|"
    r"(?:wait|give me|need|gimme)(?: a| one)?(?: second| sec| moment| minute| min)|wait|"
    r"(?:(?:let me|i'?(?:ll|m| am| was| have to| need to)?) ?)?(?:get|find|grab|look for|check|"
    r"getting|looking for|go get|go find|looking)(?: for)? "
    r"(?:it|my (?:card|id|wallet|purse|glasses)|the card)|"
    r"un momento|espere)"
    r"(?:\W+(?:please|i'?m looking|let me (?:get|find|check).{0,20}|i need my glasses))*\W*",
    re.IGNORECASE,
)
# "Uh, hmm", "hmm let me think". A lone "mm hm" is a yes.
_MUMBLES = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|well|oh|sorry)\W+)*(?:(?:u+h+|u+m+|h+m+|m{3,}|er+m*|ah+)(?!\W+hu+h)\W*)"
    r"(?:(?:u+h+|u+m+|h+m+|m+|er+m*|ah+|oh|ok(?:ay)?|so|well|right)\W*)*"
    r"(?:(?:let me (?:see|think)|i'?m thinking|thinking|i (?:have to|need to) think)"
    r"(?: (?:about (?:it|that)|for (?:a|one) (?:second|sec|moment|minute)))?\W*)?|"
    r"\W*(?:(?:um+|uh+|so|now|oh|wait)\W+)*(?:what (?:was|am) i (?:gonna|going to|about to) "
    r"(?:ask|say)|where was i|i (?:forgot|forget) what i (?:wanted|was going) to (?:ask|say))\W*|"
    r"\W*let me (?:see|think)(?: (?:about (?:it|that)|for (?:a|one) (?:second|sec|moment|minute)))?"
    r"\W*",
    re.IGNORECASE,
)
# "Hold on, somebody is at the door": what they do meanwhile, and nothing asked.
_WAIT_WHILE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|um+|uh+|oh|yeah|yes|please|sorry|wait)\W+)*"
    r"(?:(?:hold|hang) (?:on|up)(?: (?:just )?(?:a|one) (?:second|sec|moment|minute|min))?|"
    r"(?:just )?(?:one|a|give me an?|gimme an?|wait an?|need an?) "
    r"(?:second|sec|moment|minute|min))\b(?:\W+(?:please|because|cause|while|so))*\W+"
    r"(?:(?:some(?:body|one)|there)(?:'?s| is| are| was)?|let me|be right back|brb|"
    r"i(?:'?m|'?ll| am| have to| need to| got to| gotta|'?ve got to| will)|"
    r"(?:the|my|our)(?: \w+){1,2}(?:'?s| is| are| just)? \w+ing)\b[^?\d]{0,60}",
    re.IGNORECASE,
)
# "Wait, my dog is barking, one sec".
_WAIT_LAST = re.compile(
    r"\W*(?:(?:ok(?:ay)?|sorry|oh|um+|uh+|wait|hold on|hang on)\W+)+[^?\d]{3,50}\b"
    r"(?:hold on|hang on|(?:just )?(?:one|a) (?:second|sec|moment|minute|min))\W*",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\bwhy\b(?!.{0,12}\b(?:have|need|got) to (?:ask (?!me)|call|wait|pay|go|see|use|send|get|"
    r"talk to|choose|file|meet|drive))"
    r".{0,20}\b(?:need|ask|asking|want|necessary|have to|required|(?:should|would|must) i "
    r"(?:give|tell|say|show|prove|identify))\b|"
    r"\bwhat (?:do|would|are) you .{0,12}(?:need|want|use|using|do)\b.{0,20}\bfor\b|"
    r"\b(?:is|are) (?:this|it|that|you) (?:really )?necessary\b|"
    r"\bdo (?:you|u|i) (?:really |actually |even |honestly )*(?:need|want|have to (?:know|have|"
    r"give|tell|say))\b.{0,20}\b(?:name|birth\w*|bday|zip|age|address|id|number|"
    r"all (?:this|that|of))\b|"
    r"\bwhy (?:should|would|must|do|am) i\b.{0,20}\b(?:give|giving|tell|telling|share|sharing|say|"
    r"saying|trust|provide|enter|type|identify|verify|prove|sign|log)\b|"
    r"\bwhat(?:'?s| is| does) (?:my|the|that|this) .{0,20}\b(?:got to do|have to do|to do with)\b",
    re.IGNORECASE,
)
# What proves who somebody is, as members call it.
_PERSONAL = re.compile(
    r"\b(?:my|this|that|your|those|these|all|any|the) (?:\w+ )?(?:name|names|id|number|birth\w*|"
    r"date of birth|zip|address|info\w*|data|details|identity|ssn|social)\b|"
    r"\bwho i am\b|\bpersonal \w+\b|\b(?:identify|verify|prove) (?:myself|me|who)\b",
    re.IGNORECASE,
)
# "Is this chat secure?", "how do I know it's no scam?".
_SAFE = re.compile(
    r"\b(?:is|are) (?:this|it|that|you|the|your)(?: (?:chat|line|site|page|thing|call|app|"
    r"connection|conversation|website))? (?:really |even |actually )?(?:safe|secured?|private|"
    r"legit(?:imate)?|encrypted|real|a scam|some scam|phishing)\b|"
    r"\bhow\b.{0,30}\b(?:secure|safe|private|encrypted)\b|"
    r"\bhow (?:do|can|would) i (?:know|be sure|trust|tell)(?: if| that| of)? (?:this|you|it|that)"
    r"(?:\W*$|'?(?:s|re)\b| is\b| are\b| isn\b| aren\b)|"
    r"\b(?:a|some|no|another) scam\b",
    re.IGNORECASE,
)
# "Can't you see that from my number?", "you already have all that".
_KNOWN = re.compile(
    r"\b(?:see|tell|get|know|have|recognize|look|pull)\b.{0,25}\b(?:from|by|with|off|"
    r"up by)\b.{0,12}"
    r"\b(?:number|phone|caller ?i\.?d|name)\b|"
    r"\byou (?:guys |people )?(?:already |should |must |do )*(?:have|know) (?:all )?(?:my|"
    r"that|this|"
    r"me|who i am)\b|\b(?:i|we) (?:just |already )+(?:gave|told|said|entered|typed|did)\b|"
    r"\bi'?m (?:already )?(?:logged|signed) in\b",
    re.IGNORECASE,
)
_WHICH_NUMBER = re.compile(
    r"\b(?:which|what|where)\b.{0,30}\b(?:number|id|it)\b.{0,60}\b(?:group|card|name|front|back|rx|"
    r"subscriber)\b|"
    r"\b(?:group|rx\w*|subscriber|policy|account)\b.{0,60}\b(?:which|what|where|is (?:it|that))\b",
    re.IGNORECASE,
)
# "It's on my card? Which number?"
_WHICH_ONE = re.compile(r"\b(?:which|what) (?:number|one|id)\b(?! do i call)", re.IGNORECASE)
_MOST_WHICH_WORDS = 8
# A question of another matter has so many words: fewer may be a name.
_LEAST_OF_A_QUESTION = 4
# What is said beside the matter is no longer than this.
_MOST_OF_AN_ASIDE = 16
# What words about proving who one is are taken for.
_OF_PROOF = frozenset(
    {"id_card", "account_access", "third_party_caller", "authorize_representative"}
)
_THERE = re.compile(
    r"\W*(?:(?:hello|hi|hey|um+|ok(?:ay)?|so)\W+)*(?:(?:are|r) (?:you|u) (?:still |even )?"
    r"(?:there|here|with me|around)|(?:(?:is |can )?(?:anybody|anyone|someone|somebody|you) "
    r"(?:still |even |actually )?(?:reading|listening|seeing|getting|hear|see|read|watching)"
    r"(?:ing)?"
    r"(?: (?:this|me|that|my messages?|it))*)|(?:you|u|still|anybody|anyone|is any(?:body|one)) "
    r"(?:still )?(?:there|here)|did (?:you|i|we) (?:leave|go|hang up|lose you|get cut off))"
    r"(?:\W+(?:or what|hello|anymore|still|now))*\W*",
    re.IGNORECASE,
)
# "Hello??" of somebody who waits for a word.
_KNOCKS = re.compile(
    r"\W*(?:hello|hi|hey|yo|knock knock|anyone|anybody|earth to (?:you|bot))"
    r"(?:\W+(?:hello|hi|hey|there|anyone|anybody|home))*\s*[?!.]*\W*",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\W*(?:(?:and|also|wait|but|so|there'?s|there is|just|i(?:'ve| have)?(?: got)?|can i ask|"
    r"may i ask|let me ask|i(?:'d| would)? (?:wanted|want|like|need) to ask|oh|got|have|hi|hello|"
    r"hey|there|good (?:morning|afternoon|evening)|um+|uh+|yes)\W+)*"
    r"(?:(?:you )?(?:one|an?|another|1|two|three|a few|a couple(?: of)?|some|my)\W+)?"
    r"(?:(?:more|last|other|quick|final|second|next|small|little)\W+)*(?:things?|questions?|q)"
    r"(?: (?:for you|more|though|please|to ask(?: you)?|before i go|"
    r"(?:about|on|regarding|re|with) (?:my |the |our |health |medical )*"
    r"(?:plan|benefits?|coverage|insurance|policy|membership|account)))*\W*",
    re.IGNORECASE,
)
# "How am I supposed to prove it's me?"
_HOW_TO_PROVE = re.compile(
    r"\bhow\b.{0,30}\b(?:prove|show|verif\w+|identif\w+|confirm|convince)\b|"
    r"\bwhat (?:do|would|will) (?:you|i) need\b.{0,30}\b(?:prove|show|verif\w+|identif\w+|"
    r"confirm)\b",
    re.IGNORECASE,
)
# "Do I need my wife's details too?" at a prompt for one's own.
_OTHERS_DETAILS = re.compile(
    r"\b(?:do|should|must|would|will) (?:i|you) (?:also )?(?:need|want|have to (?:give|tell)|"
    r"give|tell)\b"
    r".{0,15}\b(?:wife|husband|spouse|partner|kids?|child\w*|son|daughter|family|everyone|"
    r"dependents?|his|her|their|(?:my )?(?:mom|mother|dad|father))"
    r"(?:'?s)?(?: (?:info\w*|details|data|id|name|number|card|birth\w*|one|stuff|too|as well|"
    r"also))*\W*$",
    re.IGNORECASE,
)
ONLY_YOURS = "No, only your own."
# The knowledge's entry of who has somebody's card in their hand.
_HAS_ANOTHERS = "third-give-number"
OWN_DETAILS = "I need your own for this. If you ask for someone else, tell me."
# "My son's is 02139", "02139, that's where he lives": somebody else's, and no try of the member's.
_SOMEBODYS_DETAIL = re.compile(
    r"\b(?:my|our|his|her) (?:\w+ )?(?:wife|husband|spouse|partner|kids?|child\w*|son|daughter|"
    r"mom|mother|dad|father|sister|brother|parents?|ex)(?:'?s)?\b|"
    r"\bwhere (?:he|she|they)\b|\b(?:his|hers|theirs)\b",
    re.IGNORECASE,
)
_OWN_DETAIL = re.compile(r"\b(?:mine|my own|i|same|our|we)\b", re.IGNORECASE)
PROOF = (
    "With four things: your first name, the member ID on your card, your date of birth and the ZIP "
    "code of your home address. Without the card it works too: just say so."
)
_THUMB = "\N{THUMBS UP SIGN}"
_BARE_WHY = re.compile(
    r"\W*(?:(?:but|ok(?:ay)?|and|wait|um+)\W+)*(?:why(?: (?:is )?that| so)?|how come|what for)\W*",
    re.IGNORECASE,
)
_WHAT = re.compile(
    r"\W*(?:(?:um+|sorry|wait)\W+)*(?:what do you mean(?: by that)?|what does (?:that|it) mean|"
    r"what'?s that|what is that|which (?:one|number|name)(?: do you (?:mean|want))?|"
    r"i (?:do not|don'?t|dont) (?:understand|get it|follow|know what (?:that|you) .*)|"
    r"where (?:do i find|can i find|is|do i see) (?:it|that|this|the (?:number|id|member id))|"
    r"what (?:number|id|name|kind|format)|how do (?:i|you) mean|confused|i'?m confused)\W*",
    re.IGNORECASE,
)
_REPEAT = re.compile(
    r"\W*(?:(?:sorry|um+|wait)\W+)*(?:huh|what|pardon(?: me)?|come again|excuse me|again|repeat"
    r"(?: that| it| the question)?|(?:can|could|would) you (?:please )?(?:repeat|say) (?:that|it)"
    r"(?: again)?|say (?:that|it) again|what did you (?:say|ask)|what was (?:that|the question)|"
    r"i (?:didn'?t|did not|couldn'?t) (?:hear|catch|get) (?:that|you|it)|i missed that)"
    r"(?:\W+(?:please|again))*\W*",
    re.IGNORECASE,
)
_BACK = re.compile(r"\W*(?:go back|back|previous|previous question|undo)\W*", re.IGNORECASE)
_FAREWELL = re.compile(
    r"\W*(?:(?:ok(?:ay)?|no|nope|thanks?|thank you|thx|ty|that'?s (?:all|it)|all good|"
    r"i'?m (?:good|done|all set)|well|never ?mind)\W+)*(?:(?:good ?)?bye(?: ?bye| now)?|"
    r"see (?:you|ya)|take care|talk (?:to you )?later|have a (?:good|nice|great) \w+|"
    r"gotta (?:go|run)|i (?:have|need|'?ve got) to (?:go|run)(?: now)?|"
    r"ad[i\u00ed][o\u00f3]s|hasta luego)"
    r"(?:\W+(?:thanks?|thank you|then|now|bye))*\W*",
    re.IGNORECASE,
)
# "No, that's all, thanks": to "what else?".
_NOTHING_MORE = re.compile(
    r"\W*(?:no|nope|nah)\b(?:\W+(?:thanks?|thank you|that'?(?:s| is| was| will be|ll be) "
    r"(?:all|it|everything)(?: i (?:need(?:ed)?|want(?:ed)?|had))?|nothing (?:else|more)|"
    r"i'?m (?:all set|good|done|fine)|all set|all good|for (?:now|today|everything|your help)|"
    r"so much|very much|dear|then))+\W*",
    re.IGNORECASE,
)
_LEAVE_WORDS = re.compile(
    r"\b(?:bye|goodbye|night|later|care|done|all set|that(?:'?s| is| was|'?ll be| will be) "
    r"(?:all|it|everything)|all i (?:need|want)\w*|nothing (?:else|more)|no more questions|"
    r"see you|see ya|cya|ttyl|gotta|have a|take it easy|so long|cheers|leave|leaving|go(?:ing)?|"
    r"hang(?:ing)? up|log(?:ging)? off|sign(?:ing)? off|adi[o\u00f3]s|hasta)\b",
    re.IGNORECASE,
)
_EAGER = re.compile(
    r"\W*(?:(?:ok(?:ay)?|yes|great|oh|well|please|sure|then|so)\W+)*(?:(?:please )?sign me up|"
    r"enroll me|count me in|i'?m in|(?:i'd|i would) (?:love|like) (?:that|to)|put me down|"
    r"i want (?:that|in|it)|i'?ll (?:take|do) (?:it|that)|"
    r"(?:(?:can|could|would|will) (?:you|u) (?:please )?)?(?:look (?:me|it|that|mine) up|"
    r"look up (?:mine|me)|check mine))"
    r"(?:\W+(?:please|then|for (?:it|that)|thanks?))*\W*",
    re.IGNORECASE,
)
_LOOK_UP_MINE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|yes|yeah|yep|great|oh|well|please|sure|then|so|and|now|fine|all ?right|"
    r"go ahead(?: and)?)\W+)*(?:(?:(?:can|could|would|will) (?:you|u)|i(?:'d| would) like you to|"
    r"i want you to) )?(?:(?:please|just|also) )*"
    r"(?:look(?: (?:it|that|this))?(?: (?:up|into|at))?|check|pull up|see|find(?: out)?)\W+"
    r"(?:(?:if|whether) (?:there(?:'?s| is)|i(?:'ve| have)?(?: got)?|you(?:'ve| have)?(?: got)?) "
    r"(?:one|any|mine|it|something)(?: (?:on (?:file|record)|in (?:there|the system)|there|already|"
    r"for me|of mine))+|"
    r"(?:for )?(?:mine|my own(?: \w+)?|my (?:records?|files?|account)|(?:how|what) it is "
    r"(?:for|with) me|what(?:'?s| is| you have| i have)(?: there)? (?:on file|for me|on me)"
    r"(?: for me)?|(?:in )?my (?:file|record)s?)(?:\W+(?:please|then|up|for me|now|thanks?))*)\W*",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\W*(?:(?:ok(?:ay)?|great|good|perfect|cool|sure|all right|alright|got it|thanks?(?: a lot| "
    r"so much)?|thank you(?: so much| very much)?|thx|ty)\W*)+",
    re.IGNORECASE,
)
_HEARD = re.compile(
    r"\W*(?:(?:o?k(?:ay)?|all ?right|fine|good|great|cool|sure|right|got it|i see|understood|hm+|"
    r"thanks?|thank you|thx|noted|makes sense|that'?s (?:ok|okay|fine|good))\W*)+",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\W*(?:(?:um+|uh+|sorry|well|hm+)\W+)*(?:(?:i )?(?:do not|don'?t|dont) (?:really )?(?:know|"
    r"remember|recall)(?: (?:it|that|which|when|my (?:id|zip|member id|number)|the (?:number|date|"
    r"name)))?|(?:i )?(?:can'?t|cannot|can not) remember(?: it| that)?|(?:i'?m )?not sure|no idea|"
    r"no clue|idk|dunno|(?:i )?forgot(?: it)?|beats me)\W*",
    re.IGNORECASE,
)
_PROTEST = re.compile(
    r"\W*(?:(?:but|ok(?:ay)?|and|so|well|no|wait)\W+)*(?:why(?: not\b.*| though| is that)?|"
    r"how come|"
    r"(?:why|how come) (?:can'?t|won'?t|can not|cannot|wouldn'?t|are you not|aren'?t) .*|"
    r"(?:is|was) (?:it|that|this) (?:because|since) .*|what'?s the reason|says who|"
    r"(?:can you |could you |at least |please )*(?:just|at least) (?:tell|say|let me know|confirm)"
    r"(?: me)? (?:if|whether|yes|how many|when).*|(?:is|was|are|were) there (?:one|any|some)\W*|"
    r"(?:she|he|they)\W+(?:works?|lives?|gave|told|said|asked|knows?|wants?|agreed|lets?|signed)\b"
    r".*|"
    r"(?:she|he|they)(?:'?s| is|'?re| are) (?:still )?(?:on|covered (?:by|under)) (?:my|our)\b.*|"
    r"did (?:she|he|they|my \w+) (?:block|ask|tell|request|say|opt|give|change|sign|"
    r"file|leave|set)\w* .*|"
    r"(?:i'?m|i am|she'?s|he'?s|we'?re|it'?s|that'?s|i) (?:her|his|their|the|my|married|pay|paying|"
    r"the one who|ridiculous|not fair|stupid|crazy|only|a minor|a child|just)\b.*)\W*",
    re.IGNORECASE,
)
# Where the member's own words are asked for, nearly anything is an answer.
_FREE = frozenset({"need_reason", "need_words"})
# Where "ok" is an answer.
_YES_NO = frozenset({"need_filing"})
_WHICH_CARD = re.compile(
    r"\W*(?:(?:um+|uh+|well|ok(?:ay)?|but|so|wait)\W+)*"
    r"(?:(?:for |from |on |off )?which (?:card|one|id)\b.*|"
    r"(?:i|we)(?:'ve| have)?(?: got)? (?:two|2|three|both|several)(?: (?:different|insurance|id))* "
    r"(?:cards?|ids?|of them)\b.*)",
    re.IGNORECASE,
)
EITHER_CARD = (
    "Take the card of the plan that you ask about; if you are not sure, either one will do."
)
REASON = (
    "I ask so that nobody else can hear about your plan or your care. I only use it to check that "
    "it's you."
)
SAFE = (
    "I ask so that nobody else can hear about your plan or your care: never for a password or a "
    "Social Security number. If you would rather not type it here, sign in on your company's "
    "member website and open the chat there, or call the number on your card."
)
SAFE_SPOKEN = (
    "I ask so that nobody else can hear about your plan: never for a password or a Social Security "
    "number. If you are not sure, hang up and call the number on your card."
)
ALREADY = "I can't tell by that who is asking, so I ask everyone, each time."
OTHER_WAY = (
    "You can also sign in on your company's member website and open the chat there: then I ask "
    "none of this. Or a person can help you."
)
WITHOUT_IT = (
    "Without it I can find doctors, hospitals and pharmacies, tell how claims, referrals and "
    "appeals work in general, take a complaint or a fraud report, or get you a person."
)
TAKE_YOUR_TIME = "Take your time."
SORRY = "I'm sorry for the trouble."
TRIES = (
    "You can try three times. After that your records stay closed here for a day, and a person can "
    "still help you."
)
# "What if I get it wrong?", "how many tries do I have?"
_MISTAKEN = re.compile(
    r"\b(?:what(?: happens)?|and) if (?:i (?!think|believe|feel|find)|(?:my|the|that|this|one|it|"
    r"something)\b).{0,30}\b(?:wrong|mistake|typo|mess|mis-?(?!s)\w+|not right|incorrect)\b|"
    r"\b(?:lock|block|shut) me out\b|\bhow many (?:tries|attempts|goes)\b|"
    r"\bhow many times (?:do|can|may|will|could) (?:i|we)\b",
    re.IGNORECASE,
)
_OTHER_WAY = re.compile(
    r"\b(?:is there |any |some |in )?(?:another|other|different) (?:way|option)s?\b|"
    r"\b(?:how|what) else (?:can|could) (?:i|you)\b",
    re.IGNORECASE,
)
# "Can you say that in plain English?"
_SIMPLER = re.compile(
    r"\W*(?:(?:sorry|um+|wait|huh|what|but|ok(?:ay)?|please|just)\W+)*"
    r"(?:(?:(?:can|could|would) you )?(?:please |just )?(?:say|explain|put|tell|give|repeat|make)"
    r"(?: me)?(?: (?:it|that|this|all))*(?: again| to me| for me)*"
    r"(?: (?:in|with|more|a bit|a little|much))*|in|too|that(?:'s| is| was)|not so|less) ?"
    r"(?:a )?(?:more )?(?:simpl\w+|plain\w*|easier|easy|shorter|short|fewer|other|"
    r"different|normal|regular|everyday|complicated|long|much|confusing|layman'?s|human)\b"
    r"(?: (?:words?|terms?|english|way|language|text|for me|please))*\W*|"
    r"\W*(?:(?:sorry|um+|but|ok(?:ay)?|well|no|and)\W+)*"
    r"(?:i (?:still |really )?(?:do not|don'?t|didn'?t|did not) (?:really |quite )?"
    r"(?:understand|get|follow)(?: (?:it|that|this|you|what|a|any|word|of|all|means?|you mean|"
    r"your answer|the answer))*|you(?:'ve| have)? lost me|what do you mean(?: by that)?|"
    r"what does (?:that|this|it|all (?:that|of that|this)) (?:even )?mean|"
    r"(?:explain|say|tell me)(?: it| that| this)? like i'?m \w+(?: years? old)?|eli5|"
    r"that makes no sense|i'?m (?:so )?(?:confused|lost))\W*",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[,.;!?]+")
# What stands beside it: "I didn't catch it, shorter please", "still confused".
_NOT_CAUGHT = re.compile(
    r"\W*(?:(?:but|and|no|sorry|please)\W+)*(?:i (?:didn'?t|did not|don'?t|dont|didnt) (?:catch|"
    r"get|"
    r"understand|follow)(?: (?:it|that|this|any of (?:it|that)|a word))*|"
    r"(?:i'?m )?(?:still |so |totally |more )+(?:confused|lost)|shorter|simpler|simply|slower|"
    r"plainer|(?:in )?plain english|explain(?: (?:it|that|this|more|better|again))*|come again|"
    r"that'?s (?:all )?(?:greek|gibberish|mumbo jumbo|jargon)(?: to me)?|too (?:long|much|"
    r"complicated)|"
    r"sorry|please|again|huh|what)(?: please)?\W*",
    re.IGNORECASE,
)
# Said to whoever listens, for who reads.
_SAY = re.compile(r"\bsay,? (?:\u201c|\")?(?P<what>person|call back)(?:\u201d|\")?", re.IGNORECASE)
# "Never mind", "actually forget that": what was being asked is no longer wanted.
_DROPS = re.compile(
    r"^\W*(?:(?:h+m+|oh|ok(?:ay)?|actually|wait|no|um+|uh+|well|sorry|you know(?: what)?|"
    r"on second thoughts?|let'?s(?: just)?|just|please|alright|ah|eh)\W+)*(?:never ?mind|"
    r"nevermind|forget (?:it|that|about (?:it|that))|(?:skip|drop|scratch) (?:it|that)|"
    r"i(?:'?ve| have)? changed my mind|"
    r"(?:i )?don'?t need (?:a|the|any) (?:person|human|agent|representative))\b",
    re.IGNORECASE,
)


# "Oh, somebody is at the door, never mind the rest": they leave it, and tell of nobody's danger.
_LEAVES_FOR_THE_DOOR = re.compile(
    r"\W*(?:(?:oh|ok(?:ay)?|sorry|um+|uh+|well|wait|hold on|hang on)\W+)*"
    r"(?:(?:there(?:'?s| is) )?(?:some(?:body|one)|a delivery|the mail(?:man)?|company|my ride)"
    r"(?:'?s| is| just)? (?:here|(?:(?:at|knock\w*(?: at| on)?|ring\w*) (?:the|my) (?:front )?"
    r"(?:door(?: ?bell)?|bell)))|(?:the |my )?door ?bell(?:'?s)?(?: (?:is |just )?r[ai]ng\w*)?)"
    r"(?: now| just now)?\W+(?:(?:so|and|just|let'?s)\W+)*"
    r"(?:never ?mind|forget|skip|leave|drop|scratch)\b[^?]{0,30}",
    re.IGNORECASE,
)


# "Actually no. How do I add my wife?": what was asked before it is dropped.
_INSTEAD = re.compile(
    r"\W*(?:(?:h+m+|oh|ok(?:ay)?|actually|wait|um+|uh+|well|sorry)\W+)*"
    r"(?:no(?:pe)?|not that|leave (?:it|that)|you know what)[.,;:!]+\s+"
    r"(?:(?:actually|rather|instead|just|tell me|first)\W+)*",
    re.IGNORECASE,
)


_YOU_NEEDED = re.compile(
    r"\b(?:you (?:\w+ )?(?:need\w*|ask\w*|want\w*)|(?:the|your) question)\b", re.IGNORECASE
)


def said_aside(turn: Turn) -> str | None:
    """What is said before the question is asked again; None when the message is no aside."""
    text, asking = turn.text, turn.asking or ""
    if asking in _FREE and not (_REPEAT.fullmatch(text) or _THANKS.fullmatch(text)):
        return None
    if is_wait(text):
        return TAKE_YOUR_TIME
    if asking.startswith("factor_") and is_agreed(turn):
        return ""
    own = asking.startswith("factor_") and asks_its_own(turn)
    if own and turn.intent != "report_fraud":
        return None
    if asking.startswith("factor_") and _SAFE.search(text):
        return SAFE_SPOKEN if turn.context.channel == "voice" else SAFE
    if own:
        return None
    if asking.startswith("factor_") and _OTHERS_DETAILS.search(text):
        return ONLY_YOURS
    if asking.startswith("factor_") and _is_somebodys(turn):
        return OWN_DETAILS
    if asking.startswith("factor_") and _HOW_TO_PROVE.search(text):
        return PROOF
    if asking.startswith("factor_") and asks_why(text):
        return REASON
    figures = any(character.isdigit() for character in text)
    if asking.startswith("factor_") and not figures and _KNOWN.search(text):
        return ALREADY
    told_id = any(turn.partners.fitting(word.strip(".,!?").upper()) for word in text.split())
    few = len(text.split()) <= _MOST_WHICH_WORDS
    which = _WHICH_NUMBER.search(text) or (few and _WHICH_ONE.search(text))
    if asking == "factor_member_id" and not told_id and which:
        return f"It is called member ID, and is not the group number. {PROMPTS[asking].explain}"
    if asking == "factor_member_id" and not told_id and _WHICH_CARD.fullmatch(text):
        return EITHER_CARD
    if asking.startswith("factor_") and not figures and _MISTAKEN.search(text):
        return TRIES
    if asking.startswith("factor_") and _OTHER_WAY.search(text):
        return OTHER_WAY
    if asks_presence(text) or _KNOCKS.fullmatch(text):
        return "Yes, I'm here."
    if is_wordless(text):
        return ""
    if _REPEAT.fullmatch(text) or (asking not in _YES_NO and _THANKS.fullmatch(text)):
        return ""
    if asking.startswith("factor_") and _wants_it_again(turn):
        return ""
    if _WHAT.fullmatch(text) and asking in PROMPTS:
        return PROMPTS[asking].explain
    if _BACK.fullmatch(text) and turn.factors:
        return _one_back(turn)
    return None


def asks_its_own(turn: Turn) -> bool:
    """Whether one question of another matter is understood for sure: "do you have that thing for
    high risk moms" only sounds as if something was had already. Of a card, a trick or signing in
    people speak who say why they don't tell.
    """
    item, front = turn.questions[0], turn.agenda[0] if turn.agenda else None
    alone = item.is_alone or (
        item.is_sure and item.aspect is None and len(turn.text.split()) > _MOST_OF_AN_ASIDE
    )
    others = {*_OF_PROOF, front.intent if front else None}
    names_one = item.intent not in others and not names_no_matter(turn.text)
    return len(turn.questions) == 1 and alone and names_one and not is_talk(item.intent)


def asks_question(turn: Turn) -> bool:
    """Whether a question of another matter is understood for sure, and nothing else is told: no
    name, no card that is missing and no refusal is looked for in it.
    """
    few = len(turn.text.split()) < _LEAST_OF_A_QUESTION
    figures = any(character.isdigit() for character in normalise(turn.text).text)
    first = turn.questions[0]
    if first.is_sure and first.intent == "language_help" and not figures:
        # Who writes Spanish may tell their name in it.
        return names_language(turn.text) or not writes_spanish(turn)
    return asks_its_own(turn) and not (few or figures)


def _wants_it_again(turn: Turn) -> bool:
    """ "Sorry, what was it you needed from me?": the last thing that was asked."""
    only = turn.questions[0]
    return only.intent == "repeat" and _YOU_NEEDED.search(turn.text) is not None


def _is_somebodys(turn: Turn) -> bool:
    """Whether a detail is told that is not the speaker's own. A relay operator's "her" is."""
    if turn.memory.caller != RELAY and tells_anothers(turn.text):
        has_it = any(
            each.surely and each.entry == _HAS_ANOTHERS for each in turn.questions[0].details
        )
        return not (has_it or asks_in_part(turn.text))
    if turn.asking not in ("factor_zip", "factor_date_of_birth"):
        return False
    figures = any(character.isdigit() for character in normalise(turn.text).text)
    theirs = _SOMEBODYS_DETAIL.search(turn.text) and not _OWN_DETAIL.search(turn.text)
    tells = turn.intent == "inform" or (is_unclear(turn) and not asks(turn.text))
    return bool(figures and theirs and tells)


def _one_back(turn: Turn) -> str:
    """The last answer is taken back, and asked for again."""
    turn.factors.pop(list(turn.factors)[-1])
    return "All right, one step back."


def asks_of_others(text: str) -> bool:
    """Whether it is asked if somebody else's details are wanted: "so do I give his birthday?"."""
    return _OTHERS_DETAILS.search(text) is not None


def asks_why(text: str) -> bool:
    """Whether it is asked why they have to say it, however much they would rather not."""
    return _WHY.search(text) is not None or _BARE_WHY.fullmatch(text) is not None


def is_farewell(text: str) -> bool:
    """Whether the member is leaving, whatever is being asked."""
    return _FAREWELL.fullmatch(text) is not None


def wants_nothing_more(text: str) -> bool:
    """Whether nothing else is wanted, in more than a bare no."""
    return _NOTHING_MORE.fullmatch(text) is not None


def is_eager(text: str) -> bool:
    """Whether an offer is taken up in so many words: "sign me up"."""
    return _EAGER.fullmatch(text) is not None or looks_mine_up(text)


def looks_mine_up(text: str) -> bool:
    """Whether the words wish for their own to be looked up, whatever was talked of: "ok can you
    look up mine", "well look up how it is for me".
    """
    return _LOOK_UP_MINE.fullmatch(text) is not None


def is_heard(text: str) -> bool:
    """Whether the words only say that something was heard: "ok, thanks"."""
    return _HEARD.fullmatch(text) is not None


def sounds_of_leaving(text: str) -> bool:
    """Whether some word of the message takes leave: what is only taken for a farewell by the
    classifier must not end a call.
    """
    return _LEAVE_WORDS.search(text) is not None


# "I don't trust you": theirs to feel; it is no thanks and no swearing.
_DISTRUSTS = re.compile(
    r"\b(?:i|we) (?:really |just |still )?(?:do not|don'?t|can'?t|cannot|won'?t|will not) "
    r"(?:really )?(?:trust|believe) (?:you|this|that|it|in you|a (?:ro)?bot|a machine|a computer|"
    r"robots|machines|computers|chatbots|any of (?:this|it))\b|"
    r"\b(?:is|are) (?:this|you|it) (?:a )?(?:scam|fraud|fake|phishing|legit\w*|for real|"
    r"trustworthy)\b|"
    r"\bwhy (?:should|would|must) (?:i|we|anyone) (?:even |ever )?(?:trust|believe)\b|"
    r"\bhow (?:do|can|would) (?:i|we) know (?:that )?(?:you|this|it)(?:'?re| are| is|'?s)?\b.{0,25}"
    r"(?:real|legit\w*|safe|scam|phishing|fake|fraud|trick|who|true|genuine|"
    r"trust)|\bprove (?:it|that you|who you)",
    re.IGNORECASE,
)


def distrusts(text: str) -> bool:
    """Whether somebody does not trust who is speaking here."""
    return _DISTRUSTS.search(text) is not None


def trust_is_theirs(lines: str) -> Answer:
    """To somebody who does not trust us: how they can be sure, without telling us anything."""
    text = (
        "That's fair, and you don't have to tell me anything about yourself. I'm the alliance's "
        f"automated assistant. To be sure, call the number on your own card, or {lines}; or ask me "
        "for a person."
    )
    speech = (
        "That's fair, and you don't have to tell me anything about yourself. To be sure, call the "
        "number on your own card, or say person."
    )
    return Answer(
        text=text, speech=speech, kind="notice", intent="bot_challenge", buttons=(PERSON,)
    )


def asks_simpler(text: str) -> bool:
    """Whether the last answer was not understood, or is to be told in simpler words."""
    parts = [part for part in _CLAUSE.split(text) if part.strip()]
    return bool(parts) and (
        _SIMPLER.fullmatch(text) is not None
        or all(_SIMPLER.fullmatch(part) or _NOT_CAUGHT.fullmatch(part) for part in parts)
    )


def for_reading(speech: str) -> str:
    """The words for hearing, which are the shorter ones, for somebody who reads them."""
    asks_for = {"person": "ask me for a person", "call back": "ask for a call back"}

    def read(found: re.Match[str]) -> str:
        said = asks_for[found["what"].lower()]
        return said.capitalize() if found.group()[0].isupper() else said

    return _SAY.sub(read, speech)


def which_word() -> Answer:
    """After an answer was told again that was not understood."""
    text = "Tell me which word or amount I should explain, or let a person go through it with you."
    return Answer(text=text, speech=text, kind="notice", intent="repeat", buttons=(PERSON,))


def leaves_for_the_door(text: str) -> bool:
    """Whether somebody at their door is why they leave what was talked of, and nothing else is
    told.
    """
    return _LEAVES_FOR_THE_DOOR.fullmatch(text) is not None


def drops(text: str) -> bool:
    """Whether the member no longer wants what was being asked: "never mind"."""
    if _DROPS.search(text) or leaves_for_the_door(text):
        return True
    instead = _INSTEAD.match(text)
    return instead is not None and asks(text[instead.end() :])


def asks_why_who(text: str) -> bool:
    """Whether it is asked why somebody should say who they are."""
    return _WHY.search(text) is not None and _PERSONAL.search(text) is not None


def about_identity(turn: Turn) -> Answer | None:
    """To "why do you need it?" or "is there another way?" after they would not say who they are;
    and to "why should I give you my name?" at any time.
    """
    why = _WHY.search(turn.text)
    if why and _PERSONAL.search(turn.text):
        text = f"{REASON} I only ask when a question is about your own plan."
        return Answer(text=text, speech=text, kind="notice", intent="deny", buttons=(PERSON,))
    if turn.context.verified or not turn.memory.declined:
        return None
    if _KNOWN.search(turn.text):
        return Answer(text=ALREADY, speech=ALREADY, kind="notice", intent="deny", buttons=(PERSON,))
    other = _OTHER_WAY.search(turn.text)
    if turn.intent == "ask_capabilities" and not other:
        # "What can you do for me without all that?"
        return Answer(
            text=WITHOUT_IT, speech=WITHOUT_IT, kind="notice", intent="deny", buttons=(PERSON,)
        )
    if not (other or why):
        return None
    text = OTHER_WAY if other else REASON
    return Answer(text=text, speech=text, kind="notice", intent="deny", buttons=(PERSON,))


def is_unknown(text: str) -> bool:
    """Whether the member does not know what is asked."""
    return _UNKNOWN.fullmatch(text) is not None


def is_protest(text: str) -> bool:
    """Whether the member does not take it that somebody's records stay closed."""
    return _PROTEST.fullmatch(text) is not None


def why_withheld() -> Answer:
    """Why somebody else's records stay closed: the same words whoever it is about."""
    text = (
        "Without a person's own permission on file I tell nobody else about their records, also "
        "the one whose plan it is. That is the rule for everyone, and it says nothing about "
        "whether there is anything to tell. They can ask me themselves, or send in the permission "
        "form."
    )
    return Answer(
        text=text, speech=text, kind="notice", intent="no_consent", buttons=(FORM, PERSON)
    )


def is_wait(text: str) -> bool:
    """Whether the member asks for a moment."""
    known = (_WAIT, _WAIT_WHILE, _WAIT_LAST, _MUMBLES)
    found = next(filter(None, (each.fullmatch(text) for each in known)), None)
    return found is not None


def asks_presence(text: str) -> bool:
    """Whether it is asked if anybody is there, and nothing else."""
    return _THERE.fullmatch(text) is not None


def knocks(text: str) -> bool:
    """Whether somebody only makes themselves heard: "hello?"."""
    return _KNOCKS.fullmatch(text) is not None


def announces(text: str) -> bool:
    """Whether another question is only announced: "one more thing"."""
    return _ANNOUNCES.fullmatch(text) is not None


def ready() -> Answer:
    """To an announced question."""
    text = "Of course. What is it?"
    return Answer(text=text, speech=text, kind="notice", intent="wait")


def present() -> Answer:
    """To "are you still there?"."""
    text = "Yes, I'm here. What can I do for you?"
    return Answer(text=text, speech=text, kind="notice", intent="wait", buttons=(PERSON,))


def is_wordless(text: str) -> bool:
    """Whether the message holds no word, no figure and no thumb: dots, question marks, faces."""
    return not any(c.isalnum() for c in text) and _THUMB not in text


def calm(*, again: bool = False) -> Answer:
    """To hard words: no blame, no echo, a way on; to more of them, the ways on alone."""
    if again:
        text = (
            "I'm still here to help. Tell me what happened and I can pass it on as a complaint, or "
            "ask me for a person."
        )
    else:
        text = (
            "I'm sorry this is frustrating. Tell me in a few words what you need and I'll do my "
            "best, or I can connect you with a person."
        )
    return Answer(text=text, speech=text, kind="notice", intent="calm", buttons=(PERSON,))


def sorry() -> Answer:
    """Before the answer to a question that came with hard words."""
    return Answer(text=SORRY, speech=SORRY, kind="notice", intent="calm")


def patient() -> Answer:
    """To "hold on" when nothing is asked."""
    text = f"{TAKE_YOUR_TIME} I'm here when you're ready."
    return Answer(text=text, speech=text, kind="notice", intent="wait")
