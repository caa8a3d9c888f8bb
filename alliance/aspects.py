"""What a short message asks of the matter that was just talked about: until when, with which
papers, how long it takes, what it costs, and if one can't pay it, where it goes, who may do it,
how, what to do meanwhile, what comes next, and whether it will work.

The words of an aspect name no matter of their own ("by when?", "is there a fee?", "who do I send it
to?"): they mean the one before. Words that name another matter make a question of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_DO = r"(?:do|does|can|could|should|must|may|would|will|shall)"
_I = r"(?:i|we|you|they|he|she|someone|somebody|people|one)"
_IT = r"(?:it|that|this|them|those|these|one|everything|all (?:that|this|of (?:it|that)))"
_HAVE = r"(?:have|need|got|want|am supposed|are supposed)"
_SENDS = (
    r"(?:send|mail|fax|bring|submit|file|give|provide|show|include|attach|hand (?:in|over)|upload|"
    r"turn in|fill (?:out|in)|sign|e-?mail|drop off|return|take(?: with me)?|put)"
)
_SOON = (
    r"(?:today|tomorrow|tonight|this (?:morning|afternoon|evening|week)|next week|in (?:an|one|two|"
    r"three|a few|\d+) (?:hours?|minutes?|days?)|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:mon|tues|wednes|thurs|fri)day|soon|later today|first thing)"
)
_THEY = (
    rf"(?:{_I}|{_IT}|my \w+|(?:the|her|his|their|my) (?:\w+ )?(?:doctor|office|hospital|plan|"
    r"company|insurance|dentist|surgeon|employer|pharmacy|specialist)(?:'?s office)?)"
)
_DONE_NOT = (
    r"(?:won'?t|don'?t|doesn'?t|didn'?t|can'?t|couldn'?t|isn'?t|aren'?t|wouldn'?t|never|"
    r"refuses? to|"
    r"does not|do not|will not|can ?not|did not|is not)"
)
# In this order: "how long do I have" is a deadline, "how long does it take" is not.
_CORES = {
    # Care that is had although it was refused, or before it was allowed.
    "anyway": (
        rf"(?:what|what happens|and|so what)(?: if)? (?:i|we|he|she|they) (?:just |still |simply |"
        r"already )*(?:go|went|do|did|have|had|get|got|see|take|"
        r"took)(?: ahead)?(?: and)?(?: (?:see|"
        rf"have|do|go|get))?(?: (?:{_IT}|him|her|there|(?:the|a|my) \w+))?(?: done)? (?:anyways?|"
        r"anyhow|regardless|all the same|without (?:it|that|one|asking|approval|waiting|a referral|"
        r"the (?:approval|referral|ok|okay)))",
        rf"(?:can|could|should|may) (?:i|we|he|she) (?:just |still )*(?:go|do|have|get|"
        rf"see)(?: ahead)?"
        rf"(?: (?:{_IT}|there))?(?: done)? (?:anyways?|anyhow|regardless|without (?:it|that|one))",
        r"(?:i'?m|i am|we'?re|i'?ll|i will) (?:just )?(?:going|gonna|go)(?: to)?(?: (?:go|do|have|"
        rf"get))?(?: (?:{_IT}|there))?(?: done)? (?:anyways?|anyhow|regardless)",
    ),
    # Fetched, where it would come by mail.
    "pick_up": (
        r"(?:can|could|may) (?:i|we|he|she|my \w+|someone|somebody) (?:just |also |come )*(?:and )?"
        rf"(?:pick|get|collect|fetch|grab) (?:{_IT}|mine)(?: up)?(?: (?:instead|myself|ourselves|"
        r"somewhere|in person|(?:at|from) (?:a|the|my|your) \w+(?: pharmacy)?))*",
    ),
    # To whom the money of a claim went.
    "payee": (
        r"who(?:m)? (?:got|gets?|received|receives|has|will get|did (?:you|they|it) pay|"
        r"was (?:it )?"
        rf"paid|do you pay|(?:did|does|do) {_IT} go to|(?:did|does) the (?:money|check|payment) go "
        r"to)(?: (?:the|that|this|my) (?:money|check|payment))?(?: (?:me or (?:them|the \w+)|"
        r"(?:them|the \w+) or me))?(?: to)?",
        r"(?:did|do|does|will|was) (?:you|they|it|the (?:money|check|payment)) (?:pay|go to|"
        r"paid to|"
        r"send it to|sent to|come to) (?:me|us|them|the (?:doctor|hospital|office))"
        r"(?: or (?:me|us|them|the (?:doctor|hospital|office)))?",
        r"where did (?:the|that|this) (?:money|check|payment|\d+)(?: dollars)? go",
    ),
    # The number, or a copy, of the payment itself.
    "payment_number": (
        r"(?:what(?:'?s| is| was)|which is|do you have|can i (?:get|have)|give me|need)(?: the| a| "
        r"that)? (?:check|cheque|payment|eft|trace|transaction) (?:number|no|#)",
        r"(?:check|cheque|eft|trace) number",
        r"(?:was|is) (?:it|that) (?:paid )?(?:by|a) (?:check|cheque|eft|direct deposit)(?: or .*)?",
        r"(?:has|was|did) (?:the|that) (?:check|cheque) (?:been )?(?:cashed|cash|clear(?:ed)?)",
    ),
    # Sent or paid, and not there.
    "not_arrived": (
        rf"(?:{_THEY}|somebody) (?:says?|said|tells? me|told me|keeps? saying|claims?|swears?|"
        rf"insists?)(?: that)? {_THEY} (?:have |has |had )?(?:never|didn'?t|did not|haven'?t|"
        rf"hasn'?t|"
        r"have not|has not|don'?t|doesn'?t)(?: \w+)? (?:got|gotten|get|received?|see|seen|have|had|"
        r"been paid|come|came|arrived?|find|found)(?: (?:it|that|anything|any|a|the|money|payment|"
        r"check|from|you|fax|letter))*",
        rf"(?:what|and|but)(?: happens)? if {_IT} (?:{_DONE_NOT}|gets? lost|is lost|got lost)"
        r"(?: (?:come|arrive|show up|get (?:here|there)|make it))?",
        rf"{_IT} (?:never|still hasn'?t|hasn'?t|still has not|has not|didn'?t) (?:come|came|"
        rf"arrived?|"
        r"shown? up|showed up|gotten here|get here|got here)(?: yet)?",
    ),
    "deadline": (
        r"how (?:much|many) (?:days?|weeks?|months?|time) (?:do )?(?:i|we) (?:have|got|get)",
        rf"how (?:long|much time|many (?:days|weeks|months)) (?:have|{_DO}|did) {_I} "
        r"(?:still )?(?:got|have|get)(?: left)?",
        r"how long (?:i|we)(?:'ve| have)? (?:got|have)",
        r"(?:by|until|till) when(?: (?:do|can|must|should) (?:i|we))?",
        r"(?:by|until|till|on) (?:what|which) (?:day|date|time|deadline)(?: (?:do|can|must|should) "
        r"(?:i|we))?",
        rf"(?:how late|up to when) (?:can|could|may|am|are|do) (?:i|we) (?:still )?(?:{_SENDS}|do|"
        rf"ask|wait|be|get|have)(?: {_IT})?(?: in)?",
        r"(?:what(?:'?s| is)|when(?:'?s| is)|is there) (?:a |an |the |my |any )?"
        r"(?:deadline|time limit|last (?:day|date)|cut-?off|due date|limit on time|rush|hurry)",
        r"when (?:is|are|was) (?:it|that|this|they|everything) due",
        rf"(?:when|how soon) (?:do|must|should) (?:i|we) (?:{_HAVE} to )?{_SENDS}"
        rf"(?: {_IT})? (?:by|in)",
        rf"(?:when|how soon) do (?:i|we) {_HAVE} to (?:do|decide|answer|act|apply|tell|{_SENDS})",
        r"(?:is it|am i|are we|would (?:it|i) be) (?:already )?too late",
        r"(?:what (?:happens )?|and )?(?:if|what if) (?:i|we) (?:miss|missed|forget|forgot|"
        r"am late|are late|don'?t(?: (?:make it|do it|spend it|use it))?|do not|wait too long)"
        r"(?: by then| in time)?(?: (?:the|that|this) "
        r"(?:deadline|date|day))?",
        r"does (?:it|that|this) (?:expire|run out)|can (?:it|that|this) wait",
    ),
    "documents": (
        rf"(?:what|which(?: \w+)?)(?: else| exactly)? {_DO} (?:i|we) (?:{_HAVE} )?(?:to )?"
        rf"(?:be )?(?:{_SENDS}|have ready|need)",
        r"what (?:am i|are we) supposed to (?:send|bring|give)",
        r"(?:what|which)(?: kind of| sort of)? (?:paper ?work|papers?|documents?|documentation|"
        rf"forms?|proof|information|info)(?: (?:{_DO}|is|are) (?:i|we|you|they|there)?(?: "
        rf"{_HAVE})?(?: to {_SENDS})?)?",
        rf"{_DO} (?:i|we) {_HAVE} (?:to )?(?:{_SENDS}|have)?(?: (?:in|out|you|them|for))* ?"
        r"(?:anything|something|any ?thing else|(?:a|an|any|some|the) (?:\w+ )?(?:forms?|"
        r"paper ?work|papers?|documents?|documentation|proof|certificate|letter|note|receipts?|"
        r"copy|copies|signature))",
        r"is there (?:a|an|any|some) (?:\w+ )?(?:forms?|paper ?work|papers?|documents?)"
        rf"(?: (?:to|for) (?:{_SENDS}|{_IT}))?",
        r"(?:what|which)(?: else)? (?:do|will|would) (?:you|they) (?:need|want|require)"
        r"(?: from (?:me|us))?(?: to see)?",
        r"do (?:you|they) (?:need|want) (?:anything|something|a copy|proof|papers|documents)"
        r"(?: from (?:me|us))?",
        r"what should (?:i|we) have (?:ready|with me|at hand)",
    ),
    # To whom one's share is paid.
    "paying": (
        rf"(?:where|how|whom?|to whom)(?: exactly)? (?:do|can|should|would|must) (?:i|we) "
        rf"(?:{_HAVE} to )?pay(?: (?:{_IT}|my share|the bill|for {_IT}))?(?: to)?",
        rf"(?:can|could|may) (?:i|we) pay(?: {_IT}| my share| the bill)? (?:here|online|with you|"
        r"through you|to you|you|over the phone|by (?:phone|card|credit card|check|mail)|"
        r"right here|in (?:this|the) chat|right now)",
        r"do (?:i|we) pay (?:you|the (?:doctor|office|hospital|plan|company)|them)"
        r"(?: or (?:you|the (?:doctor|office|hospital|plan|company)|them))?",
    ),
    # Before the cost: "can I pay it in parts?" asks for no price.
    "hardship": (
        r"(?:(?:and |but )?(?:what|what happens|what (?:do|can|should) (?:i|we) do) if|and if|if|"
        r"but)? ?(?:i|we) (?:simply |just |really |still )*(?:can'?t|can ?not|couldn'?t|am not "
        r"able to|are not able to|don'?t have (?:the |enough )?money to) (?:even |possibly )?"
        rf"(?:pay|afford)(?: (?:for )?(?:{_IT}|my (?:share|part)|the (?:bill|share)|so much|"
        r"that much|right now))*",
        r"(?:i|we) (?:don'?t|do not) have (?:that (?:much|kind of)|so much|the|enough|that|any) "
        r"money",
        r"(?:is there|are there|can (?:i|we) (?:get|have|set up|ask for)|do (?:you|they) (?:have|"
        r"offer)) (?:a |an |any |some )?(?:payment plans?|instal?lments?|financial (?:help|"
        rf"assistance|aid)|discounts?|help (?:with|to|for) pay(?:ing)?(?: {_IT})?)(?: for {_IT})?",
        r"(?:wow |ouch |whoa |oh |god )*(?:that|it|this)(?:'s| is| was) (?:really |just |way |so |"
        r"too |very |pretty )*(?:a lot(?: of money)?|much|expensive|high|crazy|insane|outrageous|"
        r"steep)",
        rf"(?:can|could) (?:i|we) pay(?: {_IT})? (?:in (?:instal?lments|parts|pieces)|monthly|over "
        r"time|bit by bit|little by little|later|by the month)",
    ),
    "chances": (
        rf"(?:will|would|does|could|might|can) (?:{_IT}|an appeal|the appeal|my appeal) (?:even |"
        r"really |actually |ever )*(?:work(?: out)?|help|succeed|go through|be (?:approved|granted|"
        r"successful|accepted|overturned)|get (?:approved|anywhere)|do (?:anything|any good)|"
        r"(?:change|make) (?:anything|a difference|any difference))",
        r"(?:do )?you (?:really |honestly )?(?:think|believe|expect|reckon) (?:that )?(?:it|that|"
        r"this|they|i|we)(?:'ll|'d| will| would| can| could)? ?(?:work(?:s)?(?: out)?|win|help|"
        r"succeed|approve(?: it)?|pay(?: it)?|go through|get (?:it|approved)|"
        r"change (?:it|their minds?)|"
        r"have a (?:chance|shot)|be (?:approved|successful))?",
        r"what(?:'?s| is| are) (?:my|the|our) (?:chances?|odds|likelihood)(?: (?:of|that|for) .*)?",
        r"(?:will|would|are|is|does|do) (?:you|they|it|the (?:plan|company|"
        r"insurance)) (?:going to |"
        rf"gonna |still |even )?(?:pay|cover|approve)(?: (?:for )?{_IT})?(?: then| after that)?",
        r"how likely (?:is|am|are) (?:it|that|this|i|we|they)(?: (?:to|that) .*)?",
        r"(?:is|would) (?:it|that|this)(?: be)? (?:even |really )?worth (?:it|trying|doing|a try|"
        r"the (?:trouble|effort))",
        r"(?:will|can|could|would|do) (?:i|we) (?:even |ever |really |actually )*(?:win|succeed|"
        r"have a (?:chance|shot)|get (?:it|that) (?:approved|paid|back))",
        r"do (?:appeals|these|people|they|those) (?:usually |ever |really |often |actually )*"
        r"(?:work|win|succeed|help|get approved)",
        r"is there (?:any|a|even any) (?:hope|chance|point)|any (?:hope|chance|point)",
    ),
    # What if the answer is no.
    "refused": (
        r"(?:(?:and |but )?(?:what|what happens|what (?:do|can|should) (?:i|we) do|and|but)? ?"
        r"(?:if|when)) (?:they|it|you|this|that|the (?:plan|company|insurance)) "
        r"(?:still |again |then )*(?:says? no|den(?:y|ies)|refuses?|rejects?|fails?|"
        r"(?:do|does)(?:n'?t| not) (?:approve|agree|pay|cover|work|help)|"
        r"won'?t (?:approve|agree|pay|cover)|turns? (?:it|me|us) down|isn'?t approved|"
        r"is (?:denied|refused|rejected|not approved)|"
        rf"gets? (?:denied|refused|rejected|turned down))(?: {_IT}| me| us)?(?: again)?",
        rf"(?:and |but |so )?(?:what |what happens |and |but )?(?:if|when) {_THEY} (?:still |just |"
        rf"again )*{_DONE_NOT}(?: (?:want(?: to)?|do|send|ask|appeal|fix|pay|answer|respond|reply|"
        rf"call|help|agree|listen|care|file|work|let|sign|give|change|correct|know))?"
        rf"(?: (?:{_IT}|me|us|back|for {_IT}|him|her|them))*",
    ),
    # Sent to another place than the one on file.
    "elsewhere": (
        r"(?:send|mail|ship|deliver|forward|have) (?:it|that|them|one|this)(?: sent| mailed)? "
        r"(?:over )?to (?:my|a|an|another|the|our|his|her|a different|some other|where) .{1,40}",
    ),
    "meanwhile": (
        # "Do I have to pay it until then?"
        rf"should (?:i|we) (?:still |already |just |really )*pay(?: {_IT}| them| the bill| my "
        r"share)?(?: now| yet| first)?",
        rf"{_DO} (?:i|we) (?:still |already |even )*(?:{_HAVE} to )?pay(?: (?:for )?(?:{_IT}|my "
        r"share|the (?:bill|share)|anything|them))? (?:meanwhile|in the mean ?time|until then|now|"
        r"yet|right away|already|before (?:then|that)|during (?:that|this|the (?:appeal|review))|"
        r"while (?:it|that|this|they|i|we|the (?:appeal|review))\b.{0,30})",
        r"(?:what|which \w+) (?:do|can|could|should|will|would) (?:i|we) "
        r"(?:do|show|use|say|tell|give|bring|take)(?: (?:them|people|there|at|the|doctor|pharmacy|"
        r"office|desk))* (?:until|till|meanwhile|in the mean ?time|for now|before (?:it|then|that|"
        r"they)|while)",
        r"(?:and |but )?(?:in the )?(?:mean ?time|meanwhile)",
        r"(?:until|till|before) (?:it|they|then|that)(?: (?:comes?|arrives?|gets? here|happens?|is "
        r"decided))?",
        rf"(?:i|we|he|she|my \w+)(?:'?ve| have|'?ve got| has| got|'?s got)(?: got)? (?:a|an|my|to "
        r"see) (?:\w+ ){0,2}(?:appointment|visit|prescription|surgery|procedure|check-?up|doctor|"
        rf"dentist)(?: (?:at|with) (?:the |my )?\w+)? {_SOON}",
        rf"(?:my|our|his|her|the) (?:\w+ )?(?:appointment|visit|surgery|procedure|check-?up)"
        rf"(?: is|'?s) {_SOON}",
        rf"(?:i|we)(?:'?m| am|'?re| are) (?:seeing|going to(?: see)?|at) (?:the|my|a) "
        rf"(?:doctor|dentist|pharmacy|hospital|clinic)(?:'?s)?(?: office)? ?{_SOON}?",
        rf"(?:i|we) (?:need|want) (?:it|one|them|that) (?:by )?(?:now|sooner|before (?:then|that)|"
        rf"right away|{_SOON})",
    ),
    "cost": (
        r"(?:is there|are there|will there be) (?:a|an|any|some) (?:extra |additional |separate )?"
        r"(?:fees?|charges?|costs?)",
        rf"(?:does|will|would) {_IT} cost(?: (?:me|us))?(?: (?:anything|something|extra|money|"
        r"much|a lot))?",
        rf"(?:{_DO}|is it that) (?:i|we) (?:have to |need to )?(?:pay|get charged)"
        rf"(?: (?:for|extra|anything|something|money))*(?: {_IT})?",
        rf"(?:is|are) {_IT} (?:for )?free(?: of charge)?",
        rf"how much (?:is|does|will|would) {_IT}(?: (?:cost|be))?",
        rf"what (?:does|will|would) {_IT} (?:cost|be)",
        r"how much (?:is the|are the) (?:fee|charge|cost)s?",
    ),
    "where": (
        rf"where(?: exactly)? {_DO} (?:i|we) (?:{_HAVE} to )?(?:{_SENDS}|go|get|find|ask)",
        rf"where (?:does|should|do|is|are|will|would) (?:{_IT}|(?:the|my|our) (?:letters?|mail|"
        rf"forms?|"
        r"papers?|claims?|bills?)) (?:go|going|sent|be sent|supposed to go)",
        r"^where(?: (?:to|then|exactly))?$",
        rf"(?:who|whom|to whom)(?: exactly)? {_DO} (?:i|we) (?:{_HAVE} to )?(?:{_SENDS}|call|tell|"
        r"talk|speak|ask|contact|write|see|notify|inform|let know|go)",
        rf"(?:who|whom) (?:is|does) {_IT} (?:go|sent)",
        r"what(?:'?s| is|'?s your|are) (?:the |your )?(?:mailing |right |provider |direct |phone )*"
        r"(?:address|fax(?: number)?|number|line|phone)",
        r"who (?:handles|takes care of|is in charge of|decides(?: on)?|deals with)",
        r"who(?: else)? (?:can|could|will|would|is able to) (?:i get to )?(?:fix|change|correct|"
        rf"sort out|straighten out|look into|help(?: me| us)?(?: with| on)?)(?: {_IT})?",
    ),
    "who": (
        rf"(?:can|could|may|does|should|must|will) (?:my \w+|he|she|they|someone|somebody|anyone|"
        r"anybody|someone else|somebody else|the (?:doctor|office|hospital|dentist))(?: else)?"
        rf" (?:{_HAVE} to )?(?:do|{_SENDS}|ask|call|handle|order|start|apply|request|pick)"
        r"(?: up)?",
        rf"(?:{_DO}) (?:i|we) {_HAVE} to (?:do|ask for|start|call about) {_IT} "
        r"(?:myself|ourselves|alone|in person)",
        rf"who (?:has to|needs to|must|can|does|should|is (?:allowed|supposed|going) to|"
        rf"was supposed "
        rf"to|will) (?:do|{_SENDS}|ask|call|start|request|apply|order|fix|correct)(?: {_IT})?",
        rf"who (?:fixes|corrects|does|asks|sends|files|starts|requests|arranges|sorts|changes|"
        rf"signs)"
        rf"(?: {_IT})?(?: out)?",
        rf"whose (?:job|responsibility|fault|task|turn|problem|duty) (?:is|was|would) (?:it|that|"
        rf"this)"
        rf"(?: be)?(?: to (?:do|ask|{_SENDS}|fix|get|call|request)(?: for)?(?: {_IT})?)?",
        r"do (?:i|we) need (?:my|the|a) (?:doctor|employer|husband|wife|spouse)(?:'?s "
        r"(?:ok|okay|permission|signature|help))?",
    ),
    "way": (
        r"(?<!when )(?:can|could|may|will) (?:i|we|it|that|this|they) (?:also )?(?:be )?(?:do|done|"
        r"submitted|sent|filed?|ordered?|send|submit|order|start(?:ed)?|ask(?:ed)?|request(?:ed)?|"
        rf"apply|get|see|check|sign|signed)(?: {_IT})? (?:for )?(?:online|on ?line|on the "
        r"(?:website|web|site|app|internet|computer|phone)|over the (?:phone|internet)|by (?:the )?"
        r"(?:phone|e-?mail|fax|mail|text)|electronically|in person|here|in (?:this|the) chat|"
        r"through (?:you|the app|the website)|with you|right now)",
        r"is there (?:a|an|some) (?:website|web ?site|app|online (?:form|way)|page)"
        r"(?: for| to do)?",
        r"how (?:do|can|should|would|could) (?:i|we) (?:start|begin|do|go about|get|set|ask|"
        rf"request|apply|order|send|submit|file|go on|proceed|sign up|make)(?: {_IT})?"
        r"(?: up| going| started| for| in)?",
        r"(?:where|how) do (?:i|we) (?:start|begin|get started)",
        r"what(?:'?s| is| would be) the (?:first|next) step",
        rf"how (?:does|do) {_IT} work",
        r"^(?:ok |okay |and |but |so )?how(?: (?:so|then|exactly|do i do (?:that|it|this)))?$",
        r"how (?:do|can|should) (?:i|we) (?:tell (?:you|them)|let (?:you|them) know)(?: (?:that|"
        r"this|"
        r"it))?",
        rf"how (?:do|can|would) (?:i|we|he|she) (?:prove|show)(?: {_IT}| who (?:i am|we are))?",
    ),
    # Whether it can be done here: "can you fix that for me?".
    "here": (
        r"(?:can|could|will|would) you (?:guys |people |all |please |just |also |maybe )*(?:do|fix|"
        r"change|correct|update|handle|arrange|take care of|sort out|straighten out|mail|send|"
        rf"e-?mail|fax|print|submit|start|put in|process|set up)(?: {_IT})?(?: out| up)?"
        r"(?: (?:to|for) (?:me|us|him|her))?",
    ),
    "duration": (
        r"how (?:long|many (?:days|weeks|months)|soon|quick(?:ly)?|fast|much longer)"
        rf"(?: (?:(?:{_DO}|is|are|until|till|before|for|must|till)(?: {_I}| {_IT})?|{_IT}))?"
        r"(?: (?:to be|be|have to|need to|usually|normally|typically|really|even|still))*"
        r"(?: (?:take|takes|wait|last|come|arrive|get|gets|hear|know|here|ready|done|decided))?"
        r"(?: (?:before|until|till) (?:i|we) (?:hear|get|know|find out)(?: back)?(?: (?:an? |the )?"
        r"(?:answer|reply|decision|anything|something))?)?",
        rf"when (?:{_DO}|is|are|am|might) (?:i|we|it|they|that|this|he|she|you|somebody|someone|"
        r"one|everything|something)(?: (?:all|both|going to|gonna|likely to|supposed to|be|expect|"
        r"get|have|start|then|finally))* ?(?:come|coming|arrive|arriving|hear|know|ready|done|"
        r"finished|decided|start|begin|receive|expect|happen|back|see|here|be here|get|"
        r"answer|reply|call|write|work|paid|effective|valid|in force|there|kick in|(?:take|go|be|"
        r"come) (?:in)?(?:to)? ?effect|count|apply)",
        rf"(?:will|does|is|would) {_IT} (?:going to |gonna )?(?:take|be) (?:very |too |that )?"
        r"(?:a )?(?:long|while|forever|days|weeks|quick|fast)(?: time)?",
        r"when do (?:i|we) (?:hear|get|know)",
        r"^(?:ok |okay |and |but |so )?when(?: (?:then|exactly|is that|will that be))?$",
    ),
    "next": (
        r"what(?:'?s| is| will| are they)? (?:going to|gonna|will) happen(?: (?:now|next|then|to "
        r"(?:it|"
        r"that|this|me)))?",
        r"what (?:happens|comes next) (?:after|when|once|if) (?:i|we) (?:do (?:it|that)|complain|"
        rf"report|file|appeal|apply|ask|{_SENDS})(?: {_IT})?",
        r"what (?:happens|comes|do they do|will (?:happen|they do))(?: next| then| after(?: that|"
        r" this)?| now| from here)",
        r"what(?:'?s| is) next",
        r"(?:and )?what then|then what|and then(?: what)?|what (?:comes )?after (?:that|this)",
        r"(?:will|do|does|are|is) (?:you|they|someone|somebody|anyone|anybody) (?:going to |gonna )"
        r"?(?:call|write|contact|let (?:me|us) know|tell|send|get back|notify|inform|email|text|"
        r"answer|follow up)",
        r"(?:will|do|should) (?:i|we) (?:get|receive|hear|expect) ?(?:a|an|some|any|the)? ?"
        r"(?:letter|notice|call|e-?mail|confirmation|something|anything|text|answer|message|"
        r"back)",
        r"how (?:will|do|would|can) (?:i|we) (?:know|find out|hear|get told|be sure|tell)"
        rf"(?: (?:if|that|whether|when))?(?: {_IT})?(?: (?:worked|went through|is done|was done|"
        r"happened|got there|is through|has gone through|is ready|took))?",
        rf"did {_IT} (?:work|go through|get through|get sent)",
        r"do (?:i|we) (?:have|need) to do (?:anything|something)(?: else| now| more)?",
    ),
}
# Of the conversation itself: whether it is kept, and who sees it.
RECORD = "record"
# Of a household: who is on the plan, and who of them sees what; of a call in the company's name;
# whether somebody has to be met by appointment. Told by words of their own, which name a matter.
MEMBERS, SEEN, WAS_US, APPOINTMENT = "members", "seen", "was_us", "appointment"
# Known by what was learnt (data/nlu/follow_ups.tsv) and by no certain words: why it is so, how it
# can be put right, since when, how often, and whether it may be done without asking.
_LEARNT = ("reason", "fix", "since", "count", "permission")
ASPECTS = frozenset({*_CORES, RECORD, MEMBERS, SEEN, WAS_US, APPOINTMENT, *_LEARNT})
_PATTERNS = {
    name: re.compile(rf"\b(?:{'|'.join(f'(?:{core})' for core in cores)})(?![\w'])", re.IGNORECASE)
    for name, cores in _CORES.items()
}
# Words that name no matter: what may stand around the words of an aspect.
_FILLING = frozenset(
    word
    for line in (
        "a an the my our your his her their its i i'm i'd i'll i've me we us you he him she",
        "they it that this them those these there here one ones all both everything anything",
        "something is are was were be do does did can could should must may would will shall",
        "have has had got get to for of on in at by with from about into up out and or but so",
        "then well ok okay oh um uh hm great good fine thanks thank please now still also just",
        "exactly usually normally really actually approximately roughly maybe else too even yet",
        "again first next back over what which when where who whom how why if know tell say ask",
        "need want like send sent mail company people person someone somebody guys folks wait",
        "sorry alright right sure mean that's it's what's how's when's who's they're you're",
        "we've going gonna wanna supposed think quick question asked said much long more any",
        "some not no don't can't before after until till today tomorrow soon later already",
        "myself ourselves though because anyway dear honey sir ma'am maam miss hi hello hey yes no",
        "least meantime actually supposedly whatever fine having been as money check payment",
    )
    for word in line.split()
)
# As people type in a chat.
_TYPED = {
    **{word.replace("'", ""): word for word in (
        "don't", "doesn't", "didn't", "won't", "can't", "couldn't", "isn't", "aren't", "wouldn't",
        "haven't", "hasn't", "what's", "how's", "who's", "when's", "where's", "that's", "i've",
        "they're", "you're", "we've", "i'm", "shouldn't", "wasn't",
    )},
    "u": "you", "ur": "your", "r": "are", "y": "why", "pls": "please", "plz": "please",
    "thx": "thanks", "tho": "though", "cuz": "because", "bc": "because", "ppl": "people",
    "usualy": "usually", "usally": "usually", "untill": "until", "til": "until", "wat": "what",
    "wut": "what", "wen": "when", "hav": "have", "shud": "should", "wud": "would", "gona": "gonna",
    "recieve": "receive", "recieved": "received", "wich": "which", "abt": "about", "w": "with",
    "somone": "someone", "takes": "take", "alot": "much",
}  # fmt: skip
# What is done with anything that is talked about.
_OF_ANYTHING = frozenset(
    word
    for line in (
        "happen happens happened start starts started end ends stop stops take takes took make",
        "makes use used change changes keep keeps go goes give gives gave find last lasts begin",
        "begins work works good valid many often cost costs pay free own part else different same",
        "without another other new soon fast late wrong right left anyone anybody did does hold",
    )
    for word in line.split()
)
_MOST_WORDS = 14
_KEPT = (
    r"(?:record(?:s|ed|ing)?|tap(?:ed|ing)|listen(?:s|ing)?|monitor(?:s|ed|ing)?|logg?(?:s|ed|"
    r"ing)?|"
    r"sav(?:es?|ed|ing)|stor(?:es?|ed|ing)|kept|keeps?|read(?:s|ing)?|sees?|private|confidential|"
    r"anonymous|shar(?:es?|ed|ing)|s(?:ells?|old)|delet(?:es?|ed|ing)|watch(?:es|ed|ing)?)"
)
_TALK = (
    r"(?:(?:this|the|my|our|these) (?:chats?|calls?|line|conversations?|messages?|talk|transcript)|"
    r"what (?:i|we)(?:'?m| am)? (?:say(?:ing)?|type|typing|write|writing|tell(?:ing)? you|said|"
    r"wrote|typed|ask(?:ed|ing)?)|(?:stuff|things) (?:that )?i "
    r"(?:say|type|write|tell you)|everything i (?:say|type|write))"
)
_OF_THE_RECORD = re.compile(
    rf"\b{_TALK}\b.{{0,30}}\b{_KEPT}\b|\b{_KEPT}\b.{{0,30}}\b{_TALK}\b|"
    r"^\W*(?:(?:wait|hey|um+|uh+|so|and|but|ok(?:ay)?)\W+)*(?:who (?:else )?(?:reads|sees|"
    r"can (?:read|"
    r"see|hear)|is (?:reading|listening(?: to)?)|listens to|looks at) (?:this|that|these|it)|"
    r"(?:is|are) (?:this|that|you|we|these|they) (?:being )?(?:recorded|recording|private|"
    r"confidential|monitored|taped|saved|logged|listening|recording (?:this|me))|"
    r"am i being recorded"
    r")(?: (?:here|now|too|all))*\W*$",
    re.IGNORECASE,
)
# What cannot stand by itself: it goes on from something, or points back at it.
_GOES_ON = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|well|oh|um+|uh+|hm+|right|great|thanks|thank you)\W+)*"
    r"(?:and|but|or|so|what about|how about|then|also|what if|does that|is that|will that)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|that|this|those|these|them|they|he|she|him|hers?|his|theirs|one|ones|both|mine|"
    r"instead|either|neither)\b",
    re.IGNORECASE,
)
_MOST_LEANING_WORDS = 10
_FEW_WORDS = 3
# "Any that speak Spanish?", "who speaks Korean": a wish for the doctor, not for the service.
_THEY_SPEAK = re.compile(
    r"\b(?:any(?: ?one| ?body)?|who|whoever|some ?one|some ?body|which|that|one|ones|they|he|she|"
    r"them|doctors?|dentists?|provider|place)\b.{0,24}\b(?:speaks?|speaking|talks?)\b|"
    r"^\W*(?:and |or |but |only |just )*(?:[a-z]+[- ])?speaking\b|"
    r"\b[a-z]+[- ]speaking (?:ones?|doctors?|dentists?|provider)",
    re.IGNORECASE,
)
_I_SPEAK = re.compile(
    r"\b(?:i|we|you|my \w+|our \w+)\b (?:only |don'?t |can'?t |do not |can |mostly )?"
    r"(?:speaks?|talk|understand)\b|\bto (?:talk|speak) (?:to|with)\b|\b(?:interpreter|translator|"
    r"representative|agent|person|operator)\b",
    re.IGNORECASE,
)


def aspect_of(text: str, about: Collection[str] = ()) -> str | None:
    """The aspect (one of `ASPECTS`) that the words ask for and nothing else; None where they name
    another matter. `about` are words, in small letters, of the matter that was talked about: they
    name no other.
    """
    words = re.findall(r"[\w'\u2019-]+", text.lower().replace("\u2019", "'"))
    if not words or len(words) > _MOST_WORDS:
        return None
    plain = " ".join(_TYPED.get(word, word) for word in words)
    for name, pattern in _PATTERNS.items():
        found = pattern.search(plain)
        if found and _names_nothing(f"{plain[: found.start()]} {plain[found.end() :]}", about):
            return name
    return None


def names_no_matter(text: str) -> bool:
    """Whether the words could be asked of anything: "when does it start over?", "who do I send it
    to?".
    """
    words = re.findall(r"[\w'\u2019-]+", text.lower().replace("\u2019", "'"))
    return 0 < len(words) <= _MOST_LEANING_WORDS and _names_nothing(" ".join(words), _OF_ANYTHING)


def leans_back(text: str) -> bool:
    """Whether the words can hardly be understood without what was said before."""
    words = len(text.split())
    if words <= _FEW_WORDS:
        return True
    if words > _MOST_LEANING_WORDS:
        return False
    return bool(_GOES_ON.search(text) or _POINTS_BACK.search(text))


def asks_of_record(text: str) -> bool:
    """Whether it is asked if the conversation is kept, or who sees it."""
    return _OF_THE_RECORD.search(text) is not None


def is_wish_for_language(text: str) -> bool:
    """Whether a language is wished of the doctor or place that is looked for, and not spoken by the
    one who asks.
    """
    return bool(_THEY_SPEAK.search(text)) and not _I_SPEAK.search(text)


def _names_nothing(rest: str, about: Collection[str]) -> bool:
    return all(word in _FILLING or word in about for word in rest.split())
