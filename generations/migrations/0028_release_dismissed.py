from django.db import migrations
from django.db.models import Sum


def release(apps, schema_editor):
    """Give back what is held for orders of which a person said that they were not sent, to the months that hold it."""
    Entry = apps.get_model('generations', 'Entry')
    dismissed = Entry.objects.filter(task__status='cancelled', task__error_code='dismissed')
    held = dismissed.order_by().values('task', 'person', 'month').annotate(total=Sum('reserved')).filter(total__gt=0)
    Entry.objects.bulk_create(
        Entry(
            task_id=row['task'],
            person_id=row['person'],
            kind='release',
            reserved=-round(row['total'], 4),
            spent=0,
            month=row['month'],
        )
        for row in held
    )


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0027_appearance'),
    ]

    operations = [
        migrations.RunPython(release, migrations.RunPython.noop, elidable=True),
    ]
