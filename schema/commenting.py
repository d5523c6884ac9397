"""What readers do without an account: ask for a form, comment, take a comment back, report a problem."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Annotated, Generic, TypeVar

import pydantic
import strawberry
from pydantic import Field
from strawberry import ID, field
from strawberry.scalars import JSON

from api.accounts import links
from api.accounts.viewer import ANONYMOUS
from api.articles import reading
from api.articles.models import CommentPolicy
from api.clinic import the_clinic
from api.comments import abuse, consent, erasing, forms, problems, submitting
from api.comments.models import CommentStatus, ProblemKind
from api.erasures import WITHDRAWN
from api.errors import HeldBack, Refused
from schema.context import Info
from schema.errors import UserError, user_errors
from schema.helping import CommentHelp, help_in
from schema.inputs import KEY, SAID, Id, Input, Key
from schema.mutating import TOP_LEVEL, acting_once, answered
from schema.payloads import ERRORS, KEEP
from schema.scalars import URL

Text = Annotated[str, Field(max_length=20_000)]
Short = Annotated[str, Field(max_length=2_000)]
Proof = Annotated[str, Field(max_length=forms.LONGEST_PROOF)]
FORM = (
    "The `formToken` of the article's commentForm: at least 3 s old with a proof of work, 15 s without, at most 24 h."
)
PROOF = (
    "The solved challenge (ALTCHA version 2: base64 of challenge and solution), each used once. It is optional; "
    "without it far fewer are accepted."
)
TRAP = "Leave it empty: only programs fill it in."
HELP = "Help that what was written calls for; show it at once, the first first."


@strawberry.type(description="The text that a reader agrees to.")
class ConsentText:
    version: str = field(description="Send it back as `consent.textVersion`.")
    html: str = field(description="The text, as safe HTML.")


@strawberry.type(description="What a page needs for one form about one article: a comment, or a reported problem.")
class CommentForm:
    form_token: str = field(description="Goes back with the form; for this article alone, for 24 hours.")
    challenge: JSON = field(description="A proof-of-work challenge as ALTCHA, version 2, has it.")
    consent_text: ConsentText = field(description="What a reader agrees to before a comment is kept.")
    open: bool = field(description="Whether comments are taken now; problems can be reported in any case.")


@strawberry.pydantic.input(description="That a reader agrees, and to what.")
class ConsentInput(Input):
    text_version: Annotated[str, Field(max_length=40)] = Field(description="The version of the text that was shown.")
    given: bool = Field(description="Whether the box was ticked.")


@strawberry.pydantic.input(description="A comment.")
class SubmitCommentInput(Input):
    article: Id = Field(description="The article.")
    body: Text = Field(description="Plain text, up to 2,000 characters; links stay text.")
    display_name: Short = Field(description="A name to show, up to 60 characters; a pseudonym is welcome.")
    consent: ConsentInput = Field(description="The agreement.")
    form_token: Short = Field(description=FORM)
    proof_of_work: Proof | None = Field(None, description=PROOF)
    website: Short | None = Field(None, description=TRAP)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="Nothing but a key: the private link in use names the comment.")
class WithdrawCommentInput(Input):
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.pydantic.input(description="A problem with an article, or with a comment below it.")
class ReportProblemInput(Input):
    article: Id = Field(description="The article.")
    comment: Id | None = Field(None, description="The comment, when the problem is with one.")
    kind: ProblemKind = Field(description="What it is about.")
    body: Text = Field(description="What is wrong, up to 2,000 characters.")
    contact: Short | None = Field(None, description="How to reach whoever reports, if they want an answer.")
    form_token: Short = Field(description=FORM)
    proof_of_work: Proof | None = Field(None, description=PROOF)
    website: Short | None = Field(None, description=TRAP)
    idempotency_key: Key = Field(None, description=KEY)


@strawberry.type(description="The answer of submitComment.")
class SubmitCommentPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    id: ID | None = field(default=None, description="The id under which it waits.", metadata={KEEP: True})
    status: CommentStatus | None = field(
        default=None, description="Where it stands: every comment is PENDING at first.", metadata={KEEP: True}
    )
    private_link: URL | None = field(
        default=None,
        description="The page on which its writer sees its state and erases it, shown this once; null when a call is "
        "repeated by its key. Its last part, `mrm_…`, is a bearer token for `viewer { comment }` and withdrawComment.",
    )
    help: list[CommentHelp] = field(default_factory=list, description=HELP, metadata={KEEP: True})


@strawberry.type(description="The answer of withdrawComment.")
class WithdrawCommentPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    is_erased: bool = field(default=False, description="Whether it was erased by this.", metadata={KEEP: True})


@strawberry.type(description="The answer of reportProblem.")
class ReportProblemPayload:
    user_errors: list[UserError] = field(default_factory=list, description=ERRORS)
    reference: ID | None = field(default=None, description="The report's id, to ask about it.", metadata={KEEP: True})
    help: list[CommentHelp] = field(default_factory=list, description=HELP, metadata={KEEP: True})


Kept = TypeVar("Kept")
Payload = TypeVar("Payload", SubmitCommentPayload, ReportProblemPayload)


@dataclass(frozen=True)
class _Form(Generic[Kept, Payload]):
    """A form that came in: what is said, how it is looked at, and how what may be kept is kept."""

    info: Info
    said: pydantic.BaseModel
    payload: type[Payload]
    admit: Callable[[], Awaitable[Kept]]
    keep: Callable[[Kept], Awaitable[Payload]]


@strawberry.type
class Commenting:
    @field(
        description="Sends a comment, which waits until a moderator has read it. Show `help` at once. It may stand in "
        "a document once."
    )
    async def submit_comment(self, info: Info, input: Annotated[SubmitCommentInput, SAID]) -> SubmitCommentPayload:
        async def keep(admitted: submitting.Admitted) -> SubmitCommentPayload:
            comment = await submitting.keep(admitted)
            link = info.context.address(f"/comment/{links.comment_link(info.context.secret, comment)}")
            return SubmitCommentPayload(id=ID(comment), status=CommentStatus.PENDING, private_link=URL(link))

        admitting = partial(submitting.admit, _sent(input), info.context.door())
        return await _taken(_Form(info, input, SubmitCommentPayload, admitting, keep), input.body, input.display_name)

    @field(
        description="Erases one's own comment for good, with what was replied to it. Send the private link's last "
        "part, `mrm_…`, as Authorization: Bearer."
    )
    async def withdraw_comment(
        self,
        info: Info,
        input: Annotated[WithdrawCommentInput, SAID],  # noqa: ARG002 - the guard reads the key
    ) -> WithdrawCommentPayload:
        await erasing.erase(info.context.viewer.comment or "", erasing.READER, info.context.secret, WITHDRAWN)
        return WithdrawCommentPayload(is_erased=True)

    @field(description="Reports a problem with an article or a comment; the clinic looks at it within 30 days.")
    async def report_problem(self, info: Info, input: Annotated[ReportProblemInput, SAID]) -> ReportProblemPayload:
        async def keep(admitted: problems.Admitted) -> ReportProblemPayload:
            return ReportProblemPayload(reference=ID(await problems.keep(admitted)))

        admitting = partial(problems.admit, _reported(input), info.context.door())
        return await _taken(_Form(info, input, ReportProblemPayload, admitting, keep), input.body)


async def comment_form(info: Info, article: str) -> CommentForm:
    """A form of this moment; no cache may keep it."""
    info.context.told.add("no-store")
    found = await reading.by_id([article], ANONYMOUS)
    shown = found.get(article)
    if shown is None:
        raise submitting.NoSuchArticle(path=("article",))
    clinic = await the_clinic()
    form = forms.issue(info.context.secret, article, datetime.now(UTC))
    agreed = consent.text(clinic.name, info.context.link(clinic.privacy_url))
    return CommentForm(
        form_token=form.token,
        challenge=JSON(form.challenge),
        consent_text=ConsentText(version=agreed.version, html=agreed.html),
        open=shown.comment_policy is CommentPolicy.ON,
    )


async def _taken(form: _Form[Kept, Payload], *words: str) -> Payload:
    """Take a form once for its key. The help that its words call for is in every answer, and in refusals, too."""
    shown = await help_in(*words)

    async def act(admitted: Kept) -> Payload:
        return replace(await form.keep(admitted), help=shown)

    async def take() -> Payload:
        earlier: Payload | None = await answered(form.info, form.said, form.payload)
        if earlier is not None:
            return earlier
        admitted = await form.admit()
        acting = acting_once(
            form.info,
            form.said,
            form.payload,
            lambda: _helping(form.payload, shown, act(admitted)),
            form.info.context.viewer,
        )
        taken: Payload = await abuse.held_back(acting)
        return taken

    try:
        return await _helping(form.payload, shown, take())
    except HeldBack as refusal:
        return form.payload(user_errors=user_errors(refusal), help=shown)


async def _helping(payload: type[Payload], shown: list[CommentHelp], taking: Awaitable[Payload]) -> Payload:
    """What comes of it, or a refusal with the help that is called for; what is held back is for the caller."""
    try:
        return await taking
    except (*TOP_LEVEL, HeldBack):
        raise
    except Refused as refusal:
        return payload(user_errors=user_errors(refusal), help=shown)


def _sent(said: SubmitCommentInput) -> submitting.Sent:
    return submitting.Sent(
        said.article, said.body, said.display_name, said.consent.text_version, said.consent.given, said.form_token,
        said.proof_of_work or "", said.website or "",
    )  # fmt: skip


def _reported(said: ReportProblemInput) -> problems.Reported:
    return problems.Reported(
        said.article, said.kind, said.body, said.form_token, said.comment, said.contact or "",
        said.proof_of_work or "", said.website or "",
    )  # fmt: skip
