"""What subscribers of feeds asked for, and the subscriptions that hold."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from api.syndication.websub.models import Mode

RULES = """
ALTER TABLE websub_intent
  ADD CONSTRAINT websub_intent_mode_is_known CHECK (mode IN ('subscribe', 'unsubscribe')),
  ADD CONSTRAINT websub_intent_lease_ends CHECK (lease_seconds > 0),
  ADD CONSTRAINT websub_intent_secret_is_whole CHECK ((salt IS NULL) = (secret IS NULL)),
  ADD CONSTRAINT websub_intent_lease_is_whole CHECK ((lease IS NULL) = (leased_until IS NULL));
ALTER TABLE websub_subscription
  ADD CONSTRAINT websub_subscription_secret_is_whole CHECK ((salt IS NULL) = (secret IS NULL)),
  ADD CONSTRAINT websub_subscription_lease_is_whole CHECK ((lease IS NULL) = (leased_until IS NULL));
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0016_purging")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Intent',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('mode', fields.CharEnumField(description='SUBSCRIBE: subscribe\nUNSUBSCRIBE: unsubscribe', enum_type=Mode, max_length=12)),
                ('topic', fields.CharField(max_length=400)),
                ('callback', fields.TextField(unique=False)),
                ('host', fields.CharField(db_index=True, max_length=260)),
                ('lease_seconds', fields.IntField()),
                ('salt', fields.BinaryField(null=True)),
                ('secret', fields.BinaryField(null=True)),
                ('position', fields.BigIntField()),
                ('leased_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('lease', fields.CharField(null=True, max_length=32)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'websub_intent', 'app': 'meridian', 'unique_together': (('topic', 'callback'),), 'pk_attr': 'id', 'table_description': 'What was asked for; it changes nothing before the callback has said that it wanted it.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Subscription',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('topic', fields.CharField(max_length=400)),
                ('callback', fields.TextField(unique=False)),
                ('host', fields.CharField(db_index=True, max_length=260)),
                ('salt', fields.BinaryField(null=True)),
                ('secret', fields.BinaryField(null=True)),
                ('expires_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ('position', fields.BigIntField()),
                ('sent', fields.CharField(null=True, max_length=64)),
                ('tries', fields.IntField(default=0)),
                ('due_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('leased_until', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('lease', fields.CharField(null=True, max_length=32)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'websub_subscription', 'app': 'meridian', 'unique_together': (('topic', 'callback'),), 'pk_attr': 'id', 'table_description': 'A callback that is sent what stands at a topic, until it expires.'},
            bases=['Model'],
        ),
        ops.RunSQL(RULES),
        # Ten thousand whole articles within a minute; what was agreed before stays.
        ops.AlterField(model_name='Partner', name='quota', field=fields.IntField(default=400_000)),
    ]
