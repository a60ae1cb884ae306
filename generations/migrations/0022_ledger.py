import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Count, Q
from django.utils import timezone

BATCH = 2000


def fill(apps, schema_editor):
    """One line for each order that holds money back or cost some, as it is now."""
    Entry = apps.get_model('generations', 'Entry')
    tasks = apps.get_model('generations', 'Task').objects.order_by('pk')
    batch = []
    for task in tasks.annotate(doubts=Count('attempts', filter=Q(attempts__outcome='unknown'))).iterator(BATCH):
        highest, is_spent = task.price_maximum or 0, task.spent == 'yes'
        held = task.doubts
        if task.spent == '' or (task.spent == 'unknown' and task.provider_task_id):
            held += 1
        elif task.spent == 'unknown':
            held = max(held, 1)
        is_estimate = is_spent and task.price_charged is None
        cost = (highest if is_estimate else task.price_charged) if is_spent else 0
        if held * highest or cost:
            batch.append(
                Entry(
                    task=task,
                    person_id=task.author_id,
                    kind='charge' if cost else 'reserve',
                    reserved=held * highest,
                    spent=cost,
                    is_estimate=is_estimate,
                    month=timezone.localdate(task.created_at, timezone.get_default_timezone()).replace(day=1),
                )
            )
        if len(batch) == BATCH:
            Entry.objects.bulk_create(batch)
            batch.clear()
    Entry.objects.bulk_create(batch)


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0021_opinions_task'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='budget',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='monthly budget in US dollars'),
        ),
        migrations.AddField(
            model_name='user',
            name='budget',
            field=models.DecimalField(blank=True, decimal_places=2, help_text='Empty: no limit.', max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='monthly budget in US dollars'),
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reserve', 'Held back'), ('charge', 'Charged'), ('release', 'Released'), ('adjust', 'Corrected')], max_length=8)),
                ('reserved', models.DecimalField(decimal_places=4, max_digits=14)),
                ('spent', models.DecimalField(decimal_places=4, max_digits=14)),
                ('is_estimate', models.BooleanField(default=False)),
                ('month', models.DateField()),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='generations.task')),
            ],
            options={
                'verbose_name_plural': 'entries',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['month', 'person', 'reserved', 'spent'], name='entry_budget')],
            },
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('asked', 'Asked for'), ('claimed', 'Sending'), ('withdrawn', 'Not sent after all'), ('accepted', 'Accepted by Modellix'), ('held', 'Sent back to the queue'), ('lost_track', 'Outcome unknown'), ('refused', 'Refused by Modellix'), ('started', 'Being made'), ('silent', 'No answer for long'), ('given_up', 'Stopped watching'), ('finished', 'Finished at Modellix'), ('saved', 'Saved'), ('file_saved', 'File saved'), ('file_failed', 'File not saved yet'), ('file_at_risk', 'File not saved for long'), ('file_lost', 'File lost'), ('failed', 'Failed at Modellix'), ('expired', 'Gone from Modellix'), ('cancelled', 'Cancelled'), ('checked', 'Looked for at Modellix'), ('sent_again', 'Sent again by a person'), ('binned', 'Put into the bin'), ('restored', 'Taken out of the bin'), ('hidden', 'Made private'), ('shown', 'Shown to the team'), ('shared', 'Shared'), ('reshared', 'Link changed'), ('unshared', 'Link revoked'), ('asked_more', 'Asked for more budget'), ('paused', 'Sending paused'), ('resumed', 'Sending resumed')], max_length=16),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
