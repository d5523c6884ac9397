"""What a room refuses, and why: every refusal is a sentence that says what to do.

    Refused                     the base of them all
    ├── Invalid                 the input cannot be what it claims to be; carries the path to the place
    ├── NotFound                no such thing, or none that this viewer may see
    ├── Forbidden               the thing is seen, but this viewer may not do that to it
    ├── Conflict                somebody else was first; nothing was changed
    ├── KeyMismatch             an idempotency key was used for another input
    ├── Blocked                 the publish gate found what must not be published
    ├── WrongStage, Scheduled   the draft is not where this verb starts
    ├── SlugTaken, InUse        something else has it, or needs it
    ├── NotIndependent          this person may not decide on this text
    ├── RateLimited             too many tries
    │   └── HeldBack            not looked at now, and so no answer that is kept for a key
    └── Unavailable             a part that is needed (database, folder, port) cannot be used now

Rooms add children beside the rule that they guard. No HTTP number and no GraphQL word stands here.
"""

from enum import StrEnum


class ErrorPolicy(StrEnum):
    """What is done when some of many cannot be done: nothing at all, or the rest."""

    REJECT_EVERYTHING = "REJECT_EVERYTHING"
    IGNORE_FAILED = "IGNORE_FAILED"


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """The request cannot be carried out."""

    def __init__(self, message: str | None = None, *, path: tuple[str | int, ...] = ()) -> None:
        """Take the sentence to show (the docstring's first line by default) and where in the input it belongs."""
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.path = path
        super().__init__(self.message)


class Invalid(Refused):
    """The input is not valid; see the path for the place."""


class NotFound(Refused):
    """There is no such thing."""


class Unavailable(Refused):
    """A part that is needed cannot be used now; try again shortly."""


class TooLong(Unavailable):
    """Looking this up took too long: ask for less, or try again shortly."""


class Forbidden(Refused):
    """This is not allowed for you: ask an editor or an admin."""


class Conflict(Refused):
    """Somebody else has changed this since you read it: read it again and repeat your change."""

    thing: str | None = None


class KeyMismatch(Refused):
    """This idempotency key was used for another input: take a new key."""


class Blocked(Refused):
    """The publish gate blocks this: mend what its report names, or have a finding waived where that is allowed."""

    thing: str | None = None
    report: object = None


class WrongStage(Refused):
    """The draft is not at a stage from which this can be done."""


class Scheduled(Refused):
    """This article is scheduled: cancel the schedule first."""


class SlugTaken(Refused):
    """This address is or was something else's: choose another one."""


class InUse(Refused):
    """Something refers to this: remove the references first."""


class NotIndependent(Refused):
    """This person may not review this text: choose somebody who neither wrote nor last edited it."""


class RateLimited(Refused):
    """There were too many tries: wait a little and try again."""


class HeldBack(RateLimited):
    """There is too much just now: try again later."""
