"""`python -m api members`: plain output, one-time links, clear refusals."""

import asyncio
import re
from collections.abc import Callable

import asyncpg
import pytest

from api import database
from api.__main__ import main
from api.accounts import invitations, members, sessions
from api.accounts.failures import Origin
from api.accounts.viewer import ANONYMOUS

LINK = re.compile(r"^  https://clinic\.example/invitation/(mri_[0-9a-z]{26}_[A-Za-z0-9_-]{43})$", re.MULTILINE)
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(emptied: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("DATABASE_URL", emptied)
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv("PUBLIC_SITE_URL", "https://clinic.example")

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(["members", *arguments])
        told = capsys.readouterr()
        return code, told.out, told.err

    return command


def within(url: str, act: Callable[[], object]) -> object:
    async def connected() -> object:
        await database.connect(url)
        try:
            return await act()  # type: ignore[misc]
        finally:
            await database.disconnect()

    return asyncio.run(connected())


def accept(url: str, text: str, password: str) -> None:
    async def accepting() -> None:
        await invitations.accept(await invitations.answer(text, password))
        await sessions.prove("ada@clinic.example", password, Origin(b"k"))

    within(url, accepting)


def test_an_empty_list_says_how_to_begin(run: Run):
    assert run("list") == (
        0,
        "There are no members: invite the first one with `members invite EMAIL --name NAME --role ADMIN`.\n",
        "",
    )


def test_the_first_admin_is_invited_chooses_a_password_and_stands_in_the_list(run: Run, emptied: str):
    code, told, _ = run("invite", "Ada@Clinic.example", "--name", "Ada", "--role", "admin", "--role", "AUTHOR")
    (text,) = LINK.findall(told)

    before = run("list")[1]
    accept(emptied, text, "seven quiet herons")

    assert code == 0
    assert f'acceptInvitation(input: {{ token: "{text}", password: "…" }})' in told
    assert before == "ada@clinic.example\tAda\tAUTHOR, ADMIN\tinvited\n"
    assert run("list")[1] == "ada@clinic.example\tAda\tAUTHOR, ADMIN\tcan sign in\n"


def test_a_forgotten_password_is_chosen_anew_by_a_link(run: Run, emptied: str):
    (first,) = LINK.findall(run("invite", "ada@clinic.example", "--name", "Ada", "--role", "ADMIN")[1])
    accept(emptied, first, "seven quiet herons")

    code, told, _ = run("reset-password", "ada@clinic.example")
    (second,) = LINK.findall(told)

    assert code == 0
    accept(emptied, second, "eleven loud magpies")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("reset-password", "nobody@clinic.example"),
            "There is no member with this e-mail: see `python -m api members ",
        ),
        (("reset-password", "nobody"), "This is no e-mail address: give one such as ada@clinic.example."),
        (("invite", "ada@x.example", "--name", " ", "--role", "ADMIN"), "A member has a name, up to 120 characters: "),
        (("invite", "ada@x.example", "--name", "A", "--role", "REVIEWER"), "A reviewer decides as a practitioner: "),
        (
            ("invite", "ada@x.example", "--name", "A", "--role", "REVIEWER", "--practitioner", "nobody"),
            "There is no practitioner with this slug.",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence_on_standard_error(run: Run, arguments: tuple[str, ...], sentence: str):
    code, told, refused = run(*arguments)

    assert (code, told) == (1, "")
    assert refused.startswith(sentence)
    assert refused.count("\n") == 1


def test_an_unknown_role_names_those_there_are(run: Run, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        run("invite", "ada@x.example", "--name", "A", "--role", "boss")

    assert "'AUTHOR', 'EDITOR', 'REVIEWER'" in capsys.readouterr().err


def test_a_member_who_can_sign_in_is_not_invited_again(run: Run, emptied: str):
    (text,) = LINK.findall(run("invite", "ada@clinic.example", "--name", "Ada", "--role", "ADMIN")[1])
    accept(emptied, text, "seven quiet herons")

    code, _, refused = run("invite", "ada@clinic.example", "--name", "Eve", "--role", "ADMIN")

    assert (code, refused.partition(":")[0]) == (1, "There is a member with this e-mail already")


def test_a_disabled_member_gets_no_link(run: Run, emptied: str):
    run("invite", "ada@clinic.example", "--name", "Ada", "--role", "AUTHOR")

    async def disable() -> None:
        member = await members.Member.get()
        await members.update(ANONYMOUS, member.id, 1, {"is_disabled": True})

    within(emptied, disable)

    assert run("reset-password", "ada@clinic.example")[::2] == (
        1,
        "This member is disabled: an admin can enable them with updateMember.\n",
    )
    assert "disabled since" in run("list")[1]


def test_the_demonstration_token_is_one_line_and_holds(run: Run, emptied: str):
    code, told, _ = run("mint-demo-token")

    async def kept() -> int:
        connection = await asyncpg.connect(**database.credentials(emptied))
        try:
            return int(await connection.fetchval("SELECT count(*) FROM token WHERE expires_at > now()"))
        finally:
            await connection.close()

    assert code == 0
    assert re.fullmatch(r"mrd_[0-9a-z]{26}_[A-Za-z0-9_-]{43}\n", told)
    assert asyncio.run(kept()) == 1
