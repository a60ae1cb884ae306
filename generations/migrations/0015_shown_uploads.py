from django.db import migrations, models


def show(apps, schema_editor):
    """What is in an order, or in a preset for the team, has been seen."""
    Task, Preset, Upload = (apps.get_model("generations", name) for name in ("Task", "Preset", "Upload"))
    holders = [Task.objects.exclude(inputs={}).values_list("inputs", flat=True)]
    holders += [Preset.objects.filter(is_shared=True).values_list("values", flat=True)]
    for held in holders:
        for values in held.iterator():
            given = [each for value in values.values() for each in (value if isinstance(value, list) else [value])]
            Upload.objects.filter(pk__in=[pk for pk in given if isinstance(pk, int)]).update(is_shown=True)


class Migration(migrations.Migration):

    dependencies = [
        ("generations", "0014_frame_rate"),
    ]

    operations = [
        migrations.AddField(
            model_name="upload",
            name="is_shown",
            field=models.BooleanField(default=False, verbose_name="seen by the team"),
        ),
        migrations.RunPython(show, migrations.RunPython.noop),
    ]
