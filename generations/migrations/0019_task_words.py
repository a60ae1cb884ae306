import django.db.models.deletion
from django.db import migrations, models

from generations.words import indexed

BATCH = 2000
SQLITE = (
    """CREATE VIRTUAL TABLE generations_search USING fts5(words, content='generations_taskwords',
    content_rowid='task_id', tokenize='ascii', detail=none, columnsize=0, prefix='1 2 3 4')""",
    """CREATE TRIGGER generations_search_insert AFTER INSERT ON generations_taskwords BEGIN
    INSERT INTO generations_search(rowid, words) VALUES (new.task_id, new.words); END""",
    """CREATE TRIGGER generations_search_delete AFTER DELETE ON generations_taskwords BEGIN
    INSERT INTO generations_search(generations_search, rowid, words) VALUES ('delete', old.task_id, old.words); END""",
    """CREATE TRIGGER generations_search_update AFTER UPDATE ON generations_taskwords BEGIN
    INSERT INTO generations_search(generations_search, rowid, words) VALUES ('delete', old.task_id, old.words);
    INSERT INTO generations_search(rowid, words) VALUES (new.task_id, new.words); END""",
)
POSTGRES = (
    """ALTER TABLE generations_taskwords ADD COLUMN vector tsvector
    GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED""",
    "CREATE INDEX task_words ON generations_taskwords USING gin (vector)",
)


def make_index(apps, schema_editor):
    """Before the words are there: afterwards PostgreSQL would not change the table in the same transaction."""
    for sql in SQLITE if schema_editor.connection.vendor == 'sqlite' else POSTGRES:
        schema_editor.execute(sql, params=None)


def drop_index(apps, schema_editor):
    """PostgreSQL's goes with the table."""
    if schema_editor.connection.vendor == 'sqlite':
        schema_editor.execute('DROP TABLE generations_search', params=None)


def fill(apps, schema_editor):
    tasks = apps.get_model('generations', 'Task').objects.order_by('pk')
    TaskWords = apps.get_model('generations', 'TaskWords')
    rows = tasks.values_list('pk', 'prompt__text', 'model_name', 'model_slug').iterator(chunk_size=BATCH)
    batch = []
    for pk, *texts in rows:
        batch.append(TaskWords(task_id=pk, words=' '.join(indexed(' '.join(texts)))))
        if len(batch) == BATCH:
            TaskWords.objects.bulk_create(batch)
            batch.clear()
    TaskWords.objects.bulk_create(batch)


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0018_deleted_collections'),
    ]

    operations = [
        migrations.CreateModel(
            name='TaskWords',
            fields=[
                ('task', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='words', serialize=False, to='generations.task')),
                ('words', models.TextField()),
            ],
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
