from tortoise import migrations
from tortoise.migrations import operations as ops
from api.ids import invitation, proposal, review_link, waiver
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('meridian', '0003_rules')]

    initial = False

    operations = [
        ops.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('viewer', fields.CharField(max_length=80)),
                ('key', fields.CharField(max_length=200)),
                ('input_hash', fields.CharField(max_length=64)),
                ('answer', fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads)),
                ('created_at', fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'idempotency_key', 'app': 'meridian', 'unique_together': (('viewer', 'key'),), 'pk_attr': 'id', 'table_description': 'A key that a viewer has used, the hash of what came with it, and what was answered.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Invitation',
            fields=[
                ('id', fields.CharField(primary_key=True, default=invitation, unique=True, db_index=True, max_length=40)),
                ('member', fields.ForeignKeyField('meridian.Member', source_field='member_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('digest', fields.BinaryField()),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'invitation', 'app': 'meridian', 'pk_attr': 'id', 'table_description': 'A link that lets a member choose a password, once: the first time, or after it was forgotten.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Proposal',
            fields=[
                ('id', fields.CharField(primary_key=True, default=proposal, unique=True, db_index=True, max_length=40)),
                ('thing', fields.CharField(db_index=True, max_length=40)),
                ('thing_version', fields.IntField()),
                ('changes', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('proposed_by', fields.ForeignKeyField('meridian.Member', source_field='proposed_by_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('proposed_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
                ('decided_by', fields.ForeignKeyField('meridian.Member', source_field='decided_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('decided_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('approved', fields.BooleanField(null=True)),
            ],
            options={'table': 'proposal', 'app': 'meridian', 'pk_attr': 'id', 'table_description': "A change to what is public in the catalogue, waiting for another member's eyes."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ReviewLink',
            fields=[
                ('id', fields.CharField(primary_key=True, default=review_link, unique=True, db_index=True, max_length=40)),
                ('revision', fields.ForeignKeyField('meridian.Revision', source_field='revision_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('practitioner', fields.ForeignKeyField('meridian.Practitioner', source_field='practitioner_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_by', fields.ForeignKeyField('meridian.Member', source_field='created_by_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.SET_NULL)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'review_link', 'app': 'meridian', 'pk_attr': 'id', 'table_description': 'A link by which one named practitioner may review one revision, once.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='SignInFailure',
            fields=[
                ('key', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=64)),
                ('failures', fields.IntField(default=0)),
                ('since', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'sign_in_failure', 'app': 'meridian', 'pk_attr': 'key', 'table_description': 'How often somebody failed to sign in lately, by a keyed hash of the account or of the address prefix.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Waiver',
            fields=[
                ('id', fields.CharField(primary_key=True, default=waiver, unique=True, db_index=True, max_length=40)),
                ('article', fields.ForeignKeyField('meridian.Article', source_field='article_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('rule', fields.CharField(max_length=10)),
                ('fingerprint', fields.CharField(max_length=64)),
                ('member', fields.ForeignKeyField('meridian.Member', source_field='member_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT)),
                ('reason', fields.TextField(unique=False)),
                ('until', fields.DateField()),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'waiver', 'app': 'meridian', 'unique_together': (('article', 'rule', 'fingerprint'),), 'pk_attr': 'id', 'table_description': 'A finding that a reviewer lets pass on one article: which, who, why, and until when.'},
            bases=['Model'],
        ),
    ]
