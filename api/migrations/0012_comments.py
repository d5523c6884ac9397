"""What moderators decide, problems that are reported, and what is kept for a day against abuse."""

from tortoise import fields, migrations
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from api.comments.models import ProblemKind, ProblemOutcome, Rejection
from api.ids import problem

RULES = """
ALTER TABLE comment
  ADD CONSTRAINT comment_reason_is_known CHECK (reason IN ('PERSONAL_DATA', 'HEALTH_DETAILS', 'TESTIMONIAL',
    'ADVICE_SOUGHT', 'UNSAFE_ADVICE', 'ABUSIVE', 'ADVERTISING', 'OFF_TOPIC', 'ASKED_FOR')),
  ADD CONSTRAINT comment_reply_has_a_date CHECK ((reply IS NULL) = (replied_at IS NULL));
ALTER TABLE problem_report
  ADD CONSTRAINT problem_report_kind_is_known
    CHECK (kind IN ('WRONG', 'HARMFUL', 'PRIVACY', 'RIGHTS', 'TECHNICAL', 'OTHER')),
  ADD CONSTRAINT problem_report_says_something CHECK (btrim(body) <> ''),
  ADD CONSTRAINT problem_report_outcome_goes_with_its_end CHECK ((outcome IS NULL) = (closed_at IS NULL)),
  ADD CONSTRAINT problem_report_outcome_is_known CHECK (outcome IN ('MENDED', 'NOTHING_WRONG', 'PASSED_ON'));
CREATE INDEX comment_by_status ON comment (status, at, id);
CREATE INDEX comment_held ON comment (article_id) WHERE status IN ('PENDING', 'SPAM');
CREATE INDEX problem_report_open ON problem_report (at, id) WHERE closed_at IS NULL;
-- What a crash may take: nothing of it is anybody's text, and all of it is gone within a day.
ALTER TABLE comment_bucket SET UNLOGGED;
ALTER TABLE comment_sketch SET UNLOGGED;
"""


def _ours(model: str, to: str, **said: object) -> fields.Field[object]:
    """A foreign key as Tortoise writes it into migrations."""
    return fields.ForeignKeyField(
        f"meridian.{model}", source_field=to, db_index=True, db_constraint=True, to_field="id", related_name=False,
        on_delete=OnDelete.CASCADE, **said,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("meridian", "0011_webhooks")]

    initial = False

    operations = [
        ops.AddField(model_name="Article", name="comments_opened_at", field=fields.DatetimeField(null=True)),
        ops.AddField(model_name="Comment", name="decided_at", field=fields.DatetimeField(null=True)),
        ops.AddField(
            model_name="Comment",
            name="reason",
            field=fields.CharEnumField(Rejection, null=True, max_length=20),
        ),
        ops.AddField(model_name="Comment", name="is_redacted", field=fields.BooleanField(null=True)),
        # The release before goes on writing comments, and knows nothing of it.
        ops.RunSQL("UPDATE comment SET is_redacted = false; ALTER TABLE comment ALTER is_redacted SET DEFAULT false"),
        ops.AlterField(model_name="Comment", name="is_redacted", field=fields.BooleanField(default=False)),
        ops.CreateModel(
            name="ProblemReport",
            fields=[
                ("id", fields.CharField(primary_key=True, default=problem, unique=True, db_index=True, max_length=40)),
                ("article", _ours("Article", "article_id")),
                ("comment", _ours("Comment", "comment_id", null=True)),
                ("kind", fields.CharEnumField(ProblemKind, max_length=12)),
                ("body", fields.CharField(max_length=2000)),
                ("contact", fields.CharField(null=True, max_length=200)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ("closed_at", fields.DatetimeField(null=True)),
                ("outcome", fields.CharEnumField(ProblemOutcome, null=True, max_length=14)),
            ],
            options={
                "table": "problem_report",
                "app": "meridian",
                "pk_attr": "id",
                "table_description": "What somebody, without an account, found wrong with an article or with a comment below it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CommentProof",
            fields=[
                ("nonce", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("expires_at", fields.DatetimeField(db_index=True)),
            ],
            options={
                "table": "comment_proof",
                "app": "meridian",
                "pk_attr": "nonce",
                "table_description": "A proof of work that was used, until it would have expired anyway.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CommentBucket",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=60)),
                ("level", fields.FloatField()),
                ("at", fields.DatetimeField(db_index=True)),
            ],
            options={
                "table": "comment_bucket",
                "app": "meridian",
                "pk_attr": "key",
                "table_description": "How much came lately by one shortened, keyed hash of an address, or for one article.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CommentSketch",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("comment", _ours("Comment", "comment_id")),
                ("day", fields.DateField(db_index=True)),
                ("sketch", ArrayField(default=list, element_type="bigint")),
            ],
            options={
                "table": "comment_sketch",
                "app": "meridian",
                "pk_attr": "id",
                "table_description": "A few keyed hashes of a comment's runs of words, by which today's duplicates are known.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AbuseSalt",
            fields=[
                ("day", fields.DateField(primary_key=True, unique=True, db_index=True)),
                ("salt", fields.BinaryField()),
            ],
            options={
                "table": "abuse_salt",
                "app": "meridian",
                "pk_attr": "day",
                "table_description": "The day's salt, without which no key of that day can be computed again; gone with the day.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(RULES),
    ]
