"""Partners at work: claim links, copies, recalls, rehearsals, and how far each reader of the log has come."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from api.changes import ChangeKind, ChangeReason
from api.ids import partner_claim, recall
from api.syndication.models import RecallStatus
from tortoise.fields.base import OnDelete
from tortoise import fields

RULES = """
ALTER TABLE partner
  ADD CONSTRAINT partner_version_counts_up CHECK (version >= 1),
  ADD CONSTRAINT partner_refresh_is_sensible CHECK (refresh_max_seconds BETWEEN 3600 AND 604800),
  ADD CONSTRAINT partner_quota_is_sensible CHECK (quota >= 1000);
ALTER TABLE copy_fetch ADD CONSTRAINT copy_fetch_counts_up CHECK (times >= 1);
ALTER TABLE recall
  ADD CONSTRAINT recall_status_is_known CHECK (status IN ('PENDING', 'NOTIFIED', 'ACKNOWLEDGED', 'BREACHED', 'LIFTED')),
  ADD CONSTRAINT recall_end_has_a_time CHECK (
    (status = 'ACKNOWLEDGED') = (acknowledged_at IS NOT NULL) AND (status = 'LIFTED') = (lifted_at IS NOT NULL)),
  ADD CONSTRAINT recall_breach_has_a_time CHECK (status <> 'BREACHED' OR breached_at IS NOT NULL);
CREATE INDEX recall_open ON recall (acknowledge_by) WHERE status IN ('PENDING', 'NOTIFIED', 'BREACHED');
ALTER TABLE rehearsal ADD CONSTRAINT rehearsal_fetched_what_there_was CHECK (fetched_number <= revision_number);
INSERT INTO log_position (reader, position) VALUES ('recalls', 0);
"""


class Migration(migrations.Migration):
    dependencies = [("meridian", "0009_pull")]

    initial = False

    operations = [
        ops.CreateModel(
            name='Copy',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('partner', fields.ForeignKeyField('meridian.Partner', source_field='partner_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('article_id', fields.CharField(db_index=True, max_length=40)),
                ('revision_number', fields.IntField()),
                ('content_hash', fields.CharField(null=True, max_length=64)),
                ('first_fetched_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('fetched_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('dropped_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'copy', 'app': 'meridian', 'unique_together': (('partner', 'article_id'),), 'pk_attr': 'id', 'table_description': 'What a partner last fetched of an article. It names the article by id alone: a copy outlives the article.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Fetch',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('partner', fields.ForeignKeyField('meridian.Partner', source_field='partner_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('article_id', fields.CharField(max_length=40)),
                ('day', fields.DateField(db_index=True)),
                ('times', fields.IntField()),
            ],
            options={'table': 'copy_fetch', 'app': 'meridian', 'unique_together': (('partner', 'article_id', 'day'),), 'pk_attr': 'id', 'table_description': 'How often a partner fetched an article on one day.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='LogPosition',
            fields=[
                ('reader', fields.CharField(primary_key=True, unique=True, db_index=True, max_length=40)),
                ('position', fields.BigIntField(default=0)),
            ],
            options={'table': 'log_position', 'app': 'meridian', 'pk_attr': 'reader', 'table_description': 'How far a reader of the log has come.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='PartnerClaim',
            fields=[
                ('id', fields.CharField(primary_key=True, default=partner_claim, unique=True, db_index=True, max_length=40)),
                ('partner', fields.ForeignKeyField('meridian.Partner', source_field='partner_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('digest', fields.BinaryField()),
                ('expires_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('used_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=True)),
            ],
            options={'table': 'partner_claim', 'app': 'meridian', 'pk_attr': 'id', 'table_description': 'A link by which a partner accepts the terms and is shown a key, once.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Recall',
            fields=[
                ('id', fields.CharField(primary_key=True, default=recall, unique=True, db_index=True, max_length=40)),
                ('partner', fields.ForeignKeyField('meridian.Partner', source_field='partner_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('change_id', fields.BigIntField(db_index=True)),
                ('article_id', fields.CharField(db_index=True, max_length=40)),
                ('is_rehearsal', fields.BooleanField(default=False)),
                ('severity', fields.CharField(max_length=8)),
                ('status', fields.CharEnumField(default=RecallStatus.PENDING, description='PENDING: PENDING\nNOTIFIED: NOTIFIED\nACKNOWLEDGED: ACKNOWLEDGED\nBREACHED: BREACHED\nLIFTED: LIFTED', enum_type=RecallStatus, max_length=12)),
                ('opened_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('acknowledge_by', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('notified_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('looked_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('acknowledged_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('breached_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('lifted_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'recall', 'app': 'meridian', 'unique_together': (('partner', 'change_id'),), 'pk_attr': 'id', 'table_description': 'A take-down, followed until one partner confirmed that its copy is gone.'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='Rehearsal',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('partner', fields.OneToOneField('meridian.Partner', source_field='partner_id', db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('article_id', fields.CharField(unique=True, max_length=40)),
                ('revision_number', fields.IntField()),
                ('fetched_number', fields.IntField(default=0)),
                ('begun_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('recalled_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ('passed_at', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'rehearsal', 'app': 'meridian', 'pk_attr': 'id', 'table_description': "A partner's practice with an article that exists for that partner alone; a new one replaces the last."},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='RehearsalChange',
            fields=[
                ('id', fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('partner', fields.ForeignKeyField('meridian.Partner', source_field='partner_id', db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.CASCADE)),
                ('kind', fields.CharEnumField(description='UPSERT: UPSERT\nREMOVE: REMOVE', enum_type=ChangeKind, max_length=8)),
                ('reason', fields.CharEnumField(description='PUBLISHED: PUBLISHED\nUPDATED: UPDATED\nCORRECTED: CORRECTED\nWITHDRAWN: WITHDRAWN\nGONE: GONE\nLEGAL: LEGAL\nMOVED: MOVED\nERASED: ERASED', enum_type=ChangeReason, max_length=12)),
                ('severity', fields.CharField(default='ROUTINE', max_length=8)),
                ('at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('article_id', fields.CharField(max_length=40)),
                ('slug', fields.CharField(max_length=160)),
                ('url', fields.TextField(unique=False)),
                ('revision_number', fields.IntField(null=True)),
                ('content_hash', fields.CharField(null=True, max_length=64)),
                ('explanation', fields.TextField(null=True, unique=False)),
                ('moved_to', fields.TextField(null=True, unique=False)),
                ('acknowledge_by', fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'rehearsal_change', 'app': 'meridian', 'pk_attr': 'id', 'table_description': "What one partner sees in the log and nobody else: its id is of the log's own sequence, so one cursor does."},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Partner',
            name='activated_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Partner',
            name='log_position',
            field=fields.BigIntField(default=0),
        ),
        ops.AddField(
            model_name='Partner',
            name='suspended_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Partner',
            name='version',
            field=fields.IntField(default=1),
        ),
        ops.RunSQL(RULES),
    ]
