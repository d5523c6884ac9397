"""Webhooks, what is on its way to each, how every try went, and what editors were told of."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.migrations import operations as ops
from api.ids import delivery, webhook
from api.syndication.webhooks.models import DeliveryState

RULES = """
ALTER TABLE webhook
  ADD CONSTRAINT webhook_disabling_is_whole CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL)),
  ADD CONSTRAINT webhook_rotation_is_whole CHECK ((previous_salt IS NULL) = (previous_until IS NULL)),
  ADD CONSTRAINT webhook_lease_is_whole CHECK ((lease IS NULL) = (leased_until IS NULL)),
  ADD CONSTRAINT webhook_version_counts_up CHECK (version >= 1);
ALTER TABLE delivery
  ADD CONSTRAINT delivery_state_is_known CHECK (state IN ('PENDING', 'DELIVERED', 'FAILED')),
  ADD CONSTRAINT delivery_tells_of_one_thing CHECK ((change_id IS NULL) <> (payload IS NULL)),
  ADD CONSTRAINT delivery_has_its_time CHECK ((state = 'DELIVERED') = (delivered_at IS NOT NULL));
ALTER TABLE webhook_position ADD CONSTRAINT webhook_position_is_the_only_one CHECK (id = 1);
CREATE INDEX delivery_due ON delivery (webhook_id, due_at) WHERE state = 'PENDING';
CREATE INDEX delivery_in_order ON delivery (webhook_id, created_at, change_id, id) WHERE state = 'PENDING';
CREATE INDEX delivery_newest ON delivery (webhook_id, created_at, id);
CREATE INDEX delivery_by_age ON delivery (created_at, id);
-- What was logged before there were webhooks is nobody's news.
INSERT INTO webhook_position (id, change_id) SELECT 1, coalesce(max(id), 0) FROM change;
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0010_partners")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Webhook',
            fields=[
                ('id', fields.CharField(primary_key=True, default=webhook, unique=True, db_index=True, max_length=40)),
                ('partner', fields.ForeignKeyField('meridian.Partner', source_field='partner_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('url', fields.TextField(unique=False)),
                ('events', ArrayField(default=list, element_type='text')),
                ('version', fields.IntField(default=1)),
                ('salt', fields.BinaryField()),
                ('previous_salt', fields.BinaryField(null=True)),
                ('previous_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('disabled_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('disabled_reason', fields.CharField(null=True, max_length=200)),
                ('paused_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('leased_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('lease', fields.CharField(null=True, max_length=32)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'webhook', 'app': 'meridian', 'pk_attr': 'id', 'table_description': "An address that is told of events: a partner's, or the clinic's own where `partner` is null."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Delivery',
            fields=[
                ('id', fields.CharField(primary_key=True, default=delivery, unique=True, db_index=True, max_length=40)),
                ('webhook', fields.ForeignKeyField('meridian.Webhook', source_field='webhook_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('event', fields.CharField(max_length=40)),
                ('change_id', fields.BigIntField(null=True)),
                ('payload', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('state', fields.CharEnumField(default=DeliveryState.PENDING, description='PENDING: PENDING\nDELIVERED: DELIVERED\nFAILED: FAILED', enum_type=DeliveryState, max_length=12)),
                ('tries', fields.IntField(default=0)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('delivered_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'delivery', 'app': 'meridian', 'unique_together': (('webhook', 'change_id'),), 'pk_attr': 'id', 'table_description': 'One event on its way to one address; its id is the `webhook-id` of every try.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='DeliveryAttempt',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('delivery', fields.ForeignKeyField('meridian.Delivery', source_field='delivery_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('milliseconds', fields.IntField()),
                ('status', fields.IntField(null=True)),
                ('answer', fields.TextField(null=True, unique=False)),
                ('failure', fields.TextField(null=True, unique=False)),
            ],
            options={'table': 'delivery_attempt', 'app': 'meridian', 'pk_attr': 'id', 'table_description': "How one try went: the answer's status and first words, or why there was none."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='WebhookPosition',
            fields=[
                ('id', fields.IntField(primary_key=True, unique=True, db_index=True)),
                ('change_id', fields.BigIntField()),
            ],
            options={'table': 'webhook_position', 'app': 'meridian', 'pk_attr': 'id', 'table_description': 'Up to which entry of the log deliveries have been written; one row.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Noticed',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('event', fields.CharField(max_length=40)),
                ('thing', fields.CharField(max_length=40)),
                ('mark', fields.CharField(default='', max_length=40)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'noticed', 'app': 'meridian', 'unique_together': (('event', 'thing', 'mark'),), 'pk_attr': 'id', 'table_description': 'What editors have been told of, so that each is told once.'},
            bases=['Model'],
        ),
        ops.RunSQL(RULES),
    ]
