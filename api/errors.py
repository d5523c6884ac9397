"""What a room refuses, and why: every refusal is a sentence that says what to do.

    Refused                     the base of them all
    ├── Invalid                 the input cannot be what it claims to be; carries the path to the place
    ├── NotFound                no such thing, or none that this viewer may see
    └── Unavailable             a part that is needed (database, folder, port) cannot be used now

Rooms add children beside the rule that they guard. No HTTP number and no GraphQL word stands here.
"""


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
