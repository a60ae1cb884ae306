import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0030_sealed_second_steps'),
    ]

    operations = [
        migrations.AddField(
            model_name='team',
            name='approval_above',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=10, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='US dollars above which an admin has to agree'),
        ),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('asked', 'Asked for'), ('claimed', 'Sending'), ('withdrawn', 'Not sent after all'), ('accepted', 'Accepted by Modellix'), ('held', 'Sent back to the queue'), ('lost_track', 'Outcome unknown'), ('refused', 'Refused by Modellix'), ('started', 'Being made'), ('silent', 'No answer for long'), ('given_up', 'Stopped watching'), ('finished', 'Finished at Modellix'), ('saved', 'Saved'), ('file_saved', 'File saved'), ('file_failed', 'File not saved yet'), ('file_at_risk', 'File not saved for long'), ('file_lost', 'File lost'), ('failed', 'Failed at Modellix'), ('expired', 'Gone from Modellix'), ('cancelled', 'Cancelled'), ('checked', 'Looked for at Modellix'), ('sent_again', 'Sent again by a person'), ('binned', 'Put into the bin'), ('restored', 'Taken out of the bin'), ('hidden', 'Made private'), ('shown', 'Shown to the team'), ('shared', 'Shared'), ('reshared', 'Link changed'), ('unshared', 'Link revoked'), ('asked_approval', 'Waits for an admin to agree'), ('approved', 'Approved'), ('denied', 'Not approved'), ('asked_more', 'Asked for more budget'), ('webhook', 'Webhook changed'), ('paused', 'Sending paused'), ('resumed', 'Sending resumed')], max_length=16),
        ),
        migrations.AlterField(
            model_name='task',
            name='hold',
            field=models.CharField(blank=True, choices=[('', 'Its turn has not come'), ('undo', 'It can still be undone'), ('rate', 'Modellix allows so many requests a minute'), ('running', 'Modellix allows so many at once'), ('paused', 'Sending is paused'), ('unreachable', 'Modellix cannot be reached'), ('route', 'Trying the other address form'), ('inputs', 'Its files are not at Modellix yet'), ('approval', 'An admin has to agree')], default='', max_length=12),
        ),
    ]
