"""What readers' words tell: health, other people, cures, questions for a clinician, danger, another language."""

import re
from functools import cache
from typing import Final

from api.gate.lexicon import alternatives, pattern

_BODY: Final = (
    "neck|back|head|shoulder|knee|hip|jaw|spine|skin|heart|lung|liver|kidney|bladder|stomach|bowel|breast|prostate|womb"
)
_ILLNESS: Final = (
    "pain*|ache*|migraine*|headache*|arthritis|osteoarthritis|sciatica|fibromyalgia|cancer*|tumou?r*|diabet*|asthma"
    "|epilep*|depress*|anxi*|panic attacks?|insomnia|ptsd|bipolar|autis*|adhd|dementia|alzheimer*|parkinson*|stroke"
    "|heart attack|hiv|hepatitis|miscarriage*|pregnan*|infertil*|menopaus*|endometriosis|pcos|ivf|ms|chronic fatigue"
    "|long covid|covid|eczema|psoriasis|ibs|crohn*|colitis|addict*|alcoholic|surgery|operation|scan|mri|biopsy"
    "|diagnos*|symptom*|blood pressure|anaemi*|thyroid|vertigo|tinnitus|injur*|slipped disc|hernia*|hay fever|allerg*"
)
_DRUG: Final = (
    "antidepressant*|painkiller*|ibuprofen|paracetamol|codeine|morphine|tramadol|sertraline|citalopram|fluoxetine"
    "|amitriptyline|pregabalin|gabapentin|warfarin|insulin|statin*|steroid*|beta ?blocker*|chemo*|radiotherapy|hrt"
)
_BEAR: Final = "(?:have|had|have had|suffer* from|am diagnosed|live with|got|take|took|am on|was on|struggle* with)"
_OWN: Final = (
    f"my (?:{_BODY}|{_ILLNESS}|{_DRUG})",
    rf"my (?:\w+ ){{1,2}}(?:{_ILLNESS}|{_DRUG})",
    rf"i {_BEAR} (?:\w+ ){{0,4}}(?:{_ILLNESS}|{_DRUG})",
    rf"i'?ve (?:had|got|been) (?:\w+ ){{0,4}}(?:{_ILLNESS}|{_DRUG})",
    r"i(?:'m| am) (?:\w+ ){0,2}(?:pregnant|diabetic|epileptic|depressed|hiv positive|autistic|an alcoholic)",
    r"i was (?:diagnosed|operated on|referred|admitted|hospitali[sz]ed)",
    rf"(?:as a|being a) (?:\w+ )?(?:patient|sufferer|(?:{_ILLNESS}) (?:patient|sufferer))",
)
_KIN: Final = (
    "husband|wife|partner|mother|mum|father|dad|son|daughter|child|baby|sister|brother|friend|neighbou?r|colleague"
    "|boyfriend|girlfriend|gran*|grandmother|grandfather|aunt*|uncle|cousin|boss|patient|client|niece|nephew"
)
_ILL: Final = (
    "ill", "sick", "suffer*", "died", "treated", "treatment", "hospital", "doctor", "gp", "overdose", "suicid*",
)  # fmt: skip
_OTHERS: Final = (
    rf"\b(?:my|our|a|her|his)\s+(?:\w+\s+)?(?:{alternatives(_KIN.split('|'))})(?:'s|s')?\b[^.!?\n]{{0,120}}?\b(?:"
    + alternatives((*_ILLNESS.split("|"), *_DRUG.split("|"), *_ILL))
    + r")\b"
)
_CURE: Final = (
    "cured", "healed", "worked wonders", "works? wonders", "worked for me", "works for me", "miracle*",
    "life ?chang*", "changed my life", "new person", "pain ?free", "free of pain", "completely gone",
    "(?:has|have|is|are|was|were) (?:all )?gone", "disappeared", "never came back", "fixed (?:my|me)",
    "(?:really )?helped (?:me|my)", "recommend", "best (?:clinic|acupuncturist|practitioner|treatment|therapist)",
    r"after (?:just |only )?(?:one|two|three|four|five|six|\d+) (?:session|treatment|visit|appointment)*",
    "made (?:a|all the|such a) (?:huge |big )?difference", "(?:much|so much|far) better (?:now|since|after)",
    "throw (?:your|away|their|the) (?:pills|tablets|medicine*)", "no longer (?:need|take|have)", "saved my life",
)  # fmt: skip
_ADVICE: Final = (
    r"(?:should|can|could|may|must|shall) i (?:\w+ ){0,3}(?:take|stop|try|have|do|see|use|come|book|start)",
    r"(?:should|can|could|may|must|shall) i (?:\w+ ){0,3}(?:still|worry|go|get|eat|drink|exercise|be treated)",
    r"(?:should|can|could|may|must|shall) i (?:\w+ ){0,3}(?:continue|combine|reduce|increase)",
    r"(?:what|which) (?:\w+ ){0,3}(?:should|can|could|would) (?:i|you) (?:\w+ ){0,2}(?:do|take|try|use)",
    r"(?:what|which) (?:\w+ ){0,3}(?:should|can|could|would) (?:i|you) (?:\w+ ){0,2}(?:advise|recommend|suggest)",
    r"is it (?:\w+ )?(?:safe|ok|okay|all ?right|dangerous|normal|serious|wise) (?:for me|to|if i|that i|when i)",
    r"(?:would|will|could|can|does|do) (?:this|it|you|acupuncture) (?:\w+ )?(?:help|treat|cure) (?:me|my)",
    r"(?:would|will|could|can|does|do) (?:this|it|you|acupuncture) (?:\w+ )?work (?:for|with|on) (?:me|my)",
    "do i need", "what is wrong with me", "what's wrong with me", "is this normal", "advise me", "any advice",
    "what do you think i", "how (?:much|many|often) should i", "can you (?:tell|advise|treat|diagnose) me",
    "please help me", "am i (?:able|allowed|at risk|too (?:old|young|ill|sick))", "could this be",
)  # fmt: skip
_HARM: Final = (
    "suicid*", "kill (?:myself|my self|me)", "killing myself", "end (?:my life|it all|my own life)",
    "ending (?:my life|it all)", "take my own life", "taking my own life",
    "(?:want|wanted|wish|going|ready|like) to (?:die|be dead|disappear forever|not wake up)",
    "wish i (?:was|were) dead",
    "better off (?:dead|without me)", "self ?-?harm*",
    "(?:cut|cutting|hurt|hurting|harm|harming|burn|burning) myself",
    "no (?:reason|point) (?:in |to )?(?:living|live|going on)", "don'?t want to (?:live|be here|go on|wake up)",
    "do not want to (?:live|be here|go on|wake up)", "can'?t (?:go on|take it any ?more|take this any ?more)",
    "cannot (?:go on|take it any ?more)", "overdos*", "took (?:all|too many) (?:\\w+ ){0,3}(?:pills|tablets)",
)  # fmt: skip
_DANGER: Final = (
    "chest pain*", "pain in my chest", "tight(?:ness)? (?:in|across) (?:my|the) chest",
    "(?:can'?t|cannot|can not|struggling to|hard to|unable to|trouble) breath*", "short of breath",
    "coughing up blood", "vomiting blood", "bleeding (?:heavily|badly|and)", "won'?t stop bleeding",
    "unconscious", "passed out", "fainted", "collapsed", "seizure", "having a fit",
    "face (?:is |has )?(?:drooping|dropped|fallen)", "slurred speech", "slurring",
    "worst headache (?:of|in|i)", "sudden(?:ly)? (?:\\w+ ){0,3}(?:numb*|weak*|blind*|confus*|headache)",
    "(?:can'?t|cannot) (?:move|feel) my (?:arm|leg|face|legs|arms|hand|foot|feet)", "heart attack", "stroke now",
    "numb (?:between|around) my (?:legs|groin|genitals|back passage)", "saddle numb*",
    "can'?t (?:pee|urinate|control my (?:bladder|bowel*))", "lost control of my (?:bladder|bowel*)",
    "meningitis", "sepsis", "anaphyla*", "swollen (?:tongue|throat)", "call (?:an ambulance|999|112)", "emergency",
)  # fmt: skip
_COMMON: Final = frozenset(
    [
        "the",
        "a",
        "an",
        "and",
        "or",
        "but",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "with",
        "from",
        "by",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "am",
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "my",
        "your",
        "his",
        "her",
        "its",
        "our",
        "their",
        "this",
        "that",
        "these",
        "those",
        "not",
        "no",
        "do",
        "does",
        "did",
        "have",
        "has",
        "had",
        "can",
        "could",
        "will",
        "would",
        "should",
        "what",
        "which",
        "who",
        "how",
        "when",
        "where",
        "why",
        "there",
        "here",
        "as",
        "if",
        "so",
        "than",
        "then",
        "very",
        "more",
        "most",
        "thank",
        "thanks",
        "please",
        "good",
        "me",
        "him",
        "them",
        "us",
        "about",
        "just",
        "only",
        "all",
        "some",
        "any",
        "out",
        "up",
        "one",
        "two",
        "your",
        "like",
        "see",
        "read",
        "article",
    ]
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENOUGH: Final = 6
_LAST_LATIN: Final = 0x24F
_SHARE: Final = 0.15


def straight(text: str) -> str:
    """The text with straight apostrophes and single blanks, as the lists are written."""
    return " ".join(text.replace("’", "'").replace("‘", "'").split())


def tells_own_health(text: str) -> bool:
    return _says(_OWN, text)


def tells_of_others(text: str) -> bool:
    return bool(_others().search(straight(text)))


def praises_effect(text: str) -> bool:
    return _says(_CURE, text)


def asks_advice(text: str) -> bool:
    return _says(_ADVICE, text)


def tells_self_harm(text: str) -> bool:
    return _says(_HARM, text)


def tells_emergency(text: str) -> bool:
    return _says(_DANGER, text)


def is_other_language(text: str) -> bool:
    """Hardly any of English's commonest words among at least six, or letters of another script."""
    letters = [sign for sign in text if sign.isalpha()]
    foreign = sum(not sign.isascii() and ord(sign) > _LAST_LATIN for sign in letters)
    if foreign * 2 > len(letters):
        return True
    words = [word.lower().partition("'")[0] for word in _WORD.findall(straight(text))]
    return len(words) >= _ENOUGH and sum(word in _COMMON for word in words) < _SHARE * len(words)


def _says(phrases: tuple[str, ...], text: str) -> bool:
    return bool(_pattern(phrases).search(straight(text)))


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """Compiled when the first comment is looked at: all of them together take 50 ms, and most processes see none."""
    return pattern(phrases)


@cache
def _others() -> re.Pattern[str]:
    return re.compile(_OTHERS, re.IGNORECASE)
