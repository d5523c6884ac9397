"""`python -m api members`: who can sign in, one-time links for passwords, and a token for trying the API."""

import argparse
from datetime import timedelta

from api.accounts import members, tokens
from api.accounts.invitations import Invited
from api.accounts.members import NewMember
from api.accounts.models import Member
from api.accounts.viewer import Role
from api.commands.connected import connected
from api.errors import NotFound
from api.practitioners import Practitioner
from api.settings import Settings

DEMONSTRATION = "editor@sample.invalid"
FIRST = "admin@clinic.invalid"


class NoSuchPractitioner(NotFound):
    """There is no practitioner with this slug."""


def run(options: argparse.Namespace, configured: Settings) -> int:
    async def act() -> None:
        if options.act == "list":
            await show()
        elif options.act == "invite":
            tell(*await members.invite(await _new(options)), configured)
        elif options.act == "reset-password":
            tell(*await members.reset_password(options.email), configured)
        elif options.act == "invite-first":
            await invite_first(configured)
        else:
            await mint()

    return connected(configured, act)


async def show() -> None:
    """One line for each member: e-mail, name, roles, and whether they can sign in."""
    found = await Member.all().order_by("email")
    if not found:
        print("There are no members: invite the first one with `members invite EMAIL --name NAME --role ADMIN`.")
    for member in found:
        print("\t".join((member.email, member.display_name, ", ".join(member.roles), _state(member))))


def tell(member: Member, invited: Invited, configured: Settings) -> None:
    """Print the link and the mutation that does the same; both work once."""
    print(f"A link for {member.display_name} <{member.email}> ({', '.join(member.roles)}) to choose a password.")
    print(f"It works once, until {invited.invitation.expires_at:%Y-%m-%d %H:%M} UTC, and is shown this once:")
    print(f"\n  {invited.address(configured.public_site_url)}\n")
    print(f"or, sent to {configured.public_api_url}/graphql:\n")
    said = f'{{ token: "{invited.text}", password: "…" }}'
    print(f"  mutation {{ acceptInvitation(input: {said}) {{ member {{ email }} userErrors {{ message }} }} }}")


async def invite_first(configured: Settings) -> None:
    """Print a link for a first admin, while nobody can sign in and nobody else was invited; earlier ones end."""
    known = await Member.all().order_by("created_at")
    if any(member.password_digest or member.email != FIRST for member in known):
        return
    new = NewMember(FIRST, "First admin", frozenset({Role.ADMIN, Role.EDITOR}))
    _, invited = await (members.reset_password(FIRST) if known else members.invite(new))
    print(f"{invited.address(configured.public_site_url)} (signs in as {FIRST})")


async def mint() -> None:
    """Print a token of a member who exists for trying things only."""
    defaults = {"display_name": "Sample editor", "roles": [Role.EDITOR]}
    member, _ = await Member.get_or_create(email=DEMONSTRATION, defaults=defaults)
    print((await tokens.mint(member, "make run", timedelta(hours=24))).text)


async def _new(options: argparse.Namespace) -> NewMember:
    practitioner = await Practitioner.get_or_none(slug=options.practitioner) if options.practitioner else None
    if options.practitioner and practitioner is None:
        raise NoSuchPractitioner
    roles = frozenset(Role(role) for role in options.role)
    return NewMember(options.email, options.name, roles, practitioner.id if practitioner else None)


def _state(member: Member) -> str:
    if member.disabled_at:
        return f"disabled since {member.disabled_at:%Y-%m-%d}"
    return "can sign in" if member.password_digest else "invited"
