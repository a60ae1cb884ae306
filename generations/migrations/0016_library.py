import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import generations.models.share_link
from django.conf import settings
from django.db import migrations, models


def name_admins(apps, schema_editor):
    apps.get_model('generations', 'User').objects.filter(is_superuser=True).update(role='admin')


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0015_shown_uploads'),
    ]

    operations = [
        migrations.CreateModel(
            name='Collection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('description', models.TextField(blank=True, max_length=500)),
                ('is_private', models.BooleanField(default=False, verbose_name='only for me')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
            ],
            options={
                'ordering': ['-changed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CollectionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.IntegerField()),
                ('added_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SavedView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('query', models.TextField()),
                ('is_shared', models.BooleanField(default=False, verbose_name='for the team')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ShareItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, help_text='Visitors read it on what you share.', max_length=40)),
                ('links_allowed', models.BooleanField(default=True, verbose_name='links for people outside the team')),
                ('link_longest_days', models.PositiveSmallIntegerField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='longest life of a link, in days')),
                ('link_needs_password', models.BooleanField(default=False, verbose_name='every link asks for a password')),
                ('marks_source', models.BooleanField(default=True, verbose_name='made by AI')),
                ('marks_model', models.BooleanField(default=True, verbose_name='the model')),
                ('marks_task', models.BooleanField(default=True, verbose_name="the task's number")),
                ('marks_team', models.BooleanField(default=True, verbose_name="the team's name")),
            ],
        ),
        migrations.RemoveIndex(
            model_name='task',
            name='task_figures',
        ),
        migrations.AddField(
            model_name='sharelink',
            name='downloads',
            field=models.CharField(choices=[('none', 'No downloads'), ('web', 'Web size'), ('original', 'Original size')], default='original', max_length=8),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='is_frozen',
            field=models.BooleanField(default=False, verbose_name='stays as it is now'),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='message',
            field=models.TextField(blank=True, max_length=1000),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='password',
            field=models.CharField(blank=True, max_length=128),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='shows_prompts',
            field=models.BooleanField(default=False, verbose_name='shows prompts and models'),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='title',
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name='task',
            name='is_private',
            field=models.BooleanField(default=False, verbose_name='only for its author'),
        ),
        migrations.AddField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('admin', 'Admin'), ('member', 'Member'), ('viewer', 'Viewer')], default='member', help_text='Admins may do everything, members generate and share, viewers look, like and rate.', max_length=8),
        ),
        migrations.RunPython(name_admins, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('asked', 'Asked for'), ('claimed', 'Sending'), ('withdrawn', 'Not sent after all'), ('accepted', 'Accepted by Modellix'), ('held', 'Sent back to the queue'), ('lost_track', 'Outcome unknown'), ('refused', 'Refused by Modellix'), ('started', 'Being made'), ('silent', 'No answer for long'), ('given_up', 'Stopped watching'), ('finished', 'Finished at Modellix'), ('saved', 'Saved'), ('file_saved', 'File saved'), ('file_failed', 'File not saved yet'), ('file_at_risk', 'File not saved for long'), ('file_lost', 'File lost'), ('failed', 'Failed at Modellix'), ('expired', 'Gone from Modellix'), ('cancelled', 'Cancelled'), ('checked', 'Looked for at Modellix'), ('sent_again', 'Sent again by a person'), ('binned', 'Put into the bin'), ('restored', 'Taken out of the bin'), ('hidden', 'Made private'), ('shown', 'Shown to the team'), ('shared', 'Shared'), ('reshared', 'Link changed'), ('unshared', 'Link revoked'), ('paused', 'Sending paused'), ('resumed', 'Sending resumed')], max_length=16),
        ),
        migrations.AlterField(
            model_name='sharelink',
            name='task',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='share_links', to='generations.task'),
        ),
        migrations.AlterField(
            model_name='sharelink',
            name='token',
            field=models.CharField(default=generations.models.share_link.new_token, max_length=64, unique=True),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['model_slug', 'binned_at', 'is_private', 'author', 'status', 'accepted_at', 'finished_at', 'price_charged'], name='task_figures'),
        ),
        migrations.AddField(
            model_name='collection',
            name='cover',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='generations.output'),
        ),
        migrations.AddField(
            model_name='collection',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collections', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='prompt',
            name='collection',
            field=models.ForeignKey(blank=True, help_text='Where its files go.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='generations.collection'),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='collection',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='share_links', to='generations.collection'),
        ),
        migrations.AddField(
            model_name='collectionitem',
            name='added_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='collectionitem',
            name='collection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='generations.collection'),
        ),
        migrations.AddField(
            model_name='collectionitem',
            name='output',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='generations.output'),
        ),
        migrations.AddField(
            model_name='collection',
            name='outputs',
            field=models.ManyToManyField(related_name='collections', through='generations.CollectionItem', to='generations.output'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='shareitem',
            name='link',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='generations.sharelink'),
        ),
        migrations.AddField(
            model_name='shareitem',
            name='output',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='share_items', to='generations.output'),
        ),
        migrations.AddField(
            model_name='sharelink',
            name='outputs',
            field=models.ManyToManyField(related_name='+', through='generations.ShareItem', to='generations.output'),
        ),
        migrations.AddField(
            model_name='tagging',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tagging',
            name='output',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='generations.output'),
        ),
        migrations.AddField(
            model_name='tagging',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taggings', to='generations.tag'),
        ),
        migrations.AddField(
            model_name='tag',
            name='outputs',
            field=models.ManyToManyField(related_name='tags', through='generations.Tagging', to='generations.output'),
        ),
        migrations.AddIndex(
            model_name='collectionitem',
            index=models.Index(fields=['collection', 'position'], name='item_position'),
        ),
        migrations.AddConstraint(
            model_name='collectionitem',
            constraint=models.UniqueConstraint(fields=('collection', 'output'), name='one_place_in_a_collection'),
        ),
        migrations.AddConstraint(
            model_name='collection',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='one_collection_per_person_and_name'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.UniqueConstraint(fields=('owner', 'name'), name='one_view_per_person_and_name'),
        ),
        migrations.AddConstraint(
            model_name='shareitem',
            constraint=models.UniqueConstraint(fields=('link', 'output'), name='one_place_in_a_link'),
        ),
        migrations.AddConstraint(
            model_name='tagging',
            constraint=models.UniqueConstraint(fields=('tag', 'output'), name='one_tagging_per_tag_and_file'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='one_tag_per_name'),
        ),
    ]
