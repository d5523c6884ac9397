"""The two pointers of an article, in a migration of their own: Tortoise drops them silently from the first."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('meridian', '0001_tables')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Article',
            name='draft',
            field=fields.ForeignKeyField('meridian.Revision', source_field='draft_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AddField(
            model_name='Article',
            name='live',
            field=fields.ForeignKeyField('meridian.Revision', source_field='live_id', null=True, db_index=True, db_constraint=True, to_field='id', related_name=False, on_delete=OnDelete.RESTRICT),
        ),
        ops.AlterModelOptions(
            name='GateReport',
            options={'table': 'gate_report', 'app': 'meridian', 'pk_attr': 'revision_id', 'table_description': 'What the publish gate said of a revision, at save and again every night.'},
        ),
        ops.AlterModelOptions(
            name='Rendering',
            options={'table': 'rendering', 'app': 'meridian', 'pk_attr': 'revision_id', 'table_description': 'What is derived from a revision at save; made anew when the renderer changes, so that the revision need not.'},
        ),
    ]
