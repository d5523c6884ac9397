"""What is worth a moderator's look in a comment. A flag holds a comment and decides nothing; all here is pure."""

from api.comments.flags.help import CALLING, Help, HelpKind, help_for
from api.comments.flags.table import FLAGS, Flag, FlagName, flags_of

__all__ = ["CALLING", "FLAGS", "Flag", "FlagName", "Help", "HelpKind", "flags_of", "help_for"]
