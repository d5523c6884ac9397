"""Every flag as one row: its name, what a moderator is told, the function that looks, and examples of both answers."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from api.comments.flags import personal, wording
from api.gate.prose import respaced


class FlagName(StrEnum):
    """What was seen in a comment."""

    NHS_NUMBER = "NHS_NUMBER"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    POSTCODE = "POSTCODE"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    HEALTH_DISCLOSURE = "HEALTH_DISCLOSURE"
    THIRD_PERSON_HEALTH = "THIRD_PERSON_HEALTH"
    TESTIMONIAL = "TESTIMONIAL"
    ADVICE_REQUEST = "ADVICE_REQUEST"
    EMERGENCY = "EMERGENCY"
    SELF_HARM = "SELF_HARM"
    LINK = "LINK"
    LANGUAGE = "LANGUAGE"


@dataclass(frozen=True)
class Flag:
    """`told` is for moderators; `firing` and `silent` are examples that a test holds the function to."""

    name: FlagName
    told: str
    finds: Callable[[str], bool]
    firing: tuple[str, ...]
    silent: tuple[str, ...]


FLAGS: Final = (
    Flag(
        FlagName.NHS_NUMBER, "This may hold an NHS number: approve it only without.", personal.has_nhs_number,
        ("My number is 943 476 5919.", "nhs 9434765919", "943-476-5919 if you want to look me up"),
        ("943 476 5918 fails the check.", "Call 020 7946 0018.", "About 1,234,567 people.", "1111111111"),
    ),
    Flag(
        FlagName.EMAIL, "This may hold an e-mail address: approve it only without.", personal.has_email,
        ("Write to wren@example.org.", "wren (at) example (dot) org", "wren at example dot org",
         "A.B+c@mail.example.co.uk"),
        ("We met at noon.", "Look at example three.", "It was 5 @ 3 pounds."),
    ),
    Flag(
        FlagName.PHONE, "This may hold a telephone number: approve it only without.", personal.has_phone,
        ("Ring me on 07700 900123.", "+44 7700 900 123", "(020) 7946-0018", "0044 20 7946 0018"),
        ("Call 999 or 111.", "It was in 2001, with 177 people.", "ISRCTN 12345678", "116 123"),
    ),
    Flag(
        FlagName.POSTCODE, "This may hold the postcode of somebody's home: approve it only without.",
        personal.has_postcode,
        ("I live in LS1 4AP.", "near sw1a 1aa", "M11AE"),
        ("I live in Leeds.", "Vitamin B12 and B6.", "Point LI4 and ST36.", "In 2024 5 people came."),
    ),
    Flag(
        FlagName.DATE_OF_BIRTH, "This may hold a date of birth: approve it only without.", personal.has_date_of_birth,
        ("I was born on 3 May 1961.", "DOB 03/05/1961", "date of birth: 1961-05-03", "My birthday is 3rd of May 61"),
        ("The trial of 3 May 2001 was small.", "I was born in Leeds.", "Published on 03/05/2001."),
    ),
    Flag(
        FlagName.HEALTH_DISCLOSURE, "The writer tells of their own health: is it what they want everybody to read?",
        wording.tells_own_health,
        ("I have had migraines since school.", "My back has been bad.", "I'm pregnant.", "I take sertraline.",
         "I was diagnosed in June.", "I’ve got arthritis in both hands."),
        ("Thank you for the table.", "How many people with migraine were in the trial?",
         "The pain scale is well explained.",
         "Is there somewhere to lock a bicycle?"),
    ),
    Flag(
        FlagName.THIRD_PERSON_HEALTH, "This tells of somebody else's health, who has not agreed to it.",
        wording.tells_of_others,
        ("My mother has dementia.", "My neighbour’s son suffers from asthma.", "A friend was treated at your clinic."),
        ("Can a friend sit in the room with me?", "My wife found this page.", "Patients in the trial had pain."),
    ),
    Flag(
        FlagName.TESTIMONIAL, "This praises an effect: shown here it would be advertising with a testimonial.",
        wording.praises_effect,
        ("Two sessions and I was a new person!", "It cured my back.", "After 3 treatments the pain was gone.",
         "I recommend it to everybody."),
        ("The table is clear.", "Did the trial look at the long term?", "How long does one session take?"),
    ),
    Flag(
        FlagName.ADVICE_REQUEST,
        "The writer asks for advice in their own case: offer the telephone, not an answer here.",
        wording.asks_advice,
        ("Should I stop taking my tablets?", "Would this help my knee?", "Is it safe for me at 80?",
         "How often should I come?", "Am I too old for this?"),
        ("How long does one session take?", "Could you say that in the first lines?", "Is there parking?"),
    ),
    Flag(
        FlagName.EMERGENCY,
        "This may be an emergency: the writer was shown 999 and 111 at once.", wording.tells_emergency,
        ("I have chest pain right now.", "He can't breathe", "My face is drooping and my speech slurred speech",
         "I’m numb around my groin"),
        ("My chest of drawers is old.", "Breathing exercises are mentioned.", "A pain scale from 0 to 10."),
    ),
    Flag(
        FlagName.SELF_HARM,
        "This may tell of self-harm or suicide: the writer was shown 999, 111 and Samaritans at once.",
        wording.tells_self_harm,
        ("I want to die.", "Sometimes I think of suicide", "I don’t want to be here any more",
         "I have been hurting myself"),
        ("The deadline was in May.", "Needles don't hurt much.", "I cut the article out."),
    ),
    Flag(
        FlagName.LINK, "This holds an address of the web; it is shown as text, never as a link.", personal.has_link,
        ("See https://example.org/x", "www.example.org", "buy at cheap-pills.shop today", '<a href="x">'),
        ("See the table.", "Dr. Reed wrote it.", "e.g. in 2.5 hours", "wren@example.org"),
    ),
    Flag(
        FlagName.LANGUAGE, "This seems to be in a language other than English.", wording.is_other_language,
        ("Vielen Dank für diesen sehr guten Artikel über Nacken.", "Спасибо за статью", "很好的文章",
         "Muchas gracias por este artículo tan claro y útil"),
        ("Thank you for this article.", "Merci!", "Good to see the rare harms with numbers.",
         "Very clear indeed, 10/10"),
    ),
)  # fmt: skip


def flags_of(texts: Iterable[str], among: Collection[FlagName] = tuple(FlagName)) -> tuple[FlagName, ...]:
    """The names of the flags that one of the texts raises, in the order of the table."""
    said = tuple(map(respaced, texts))
    return tuple(flag.name for flag in FLAGS if flag.name in among and any(flag.finds(text) for text in said))
