from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('meridian', '0004_editors')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Member',
            name='version',
            field=fields.IntField(default=1),
        ),
    ]
