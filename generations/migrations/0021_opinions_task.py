import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

OPINIONS = {"favourite": "favourites", "rating": "ratings"}


def tell(apps, schema_editor):
    task = apps.get_model("generations", "Output").objects.filter(pk=OuterRef("output")).values("task")
    for name in OPINIONS:
        apps.get_model("generations", name).objects.update(task=Subquery(task[:1]))


def task(related_name, **options):
    return models.ForeignKey(
        "generations.task", django.db.models.deletion.CASCADE, related_name=related_name, **options
    )


class Migration(migrations.Migration):
    dependencies = [("generations", "0020_tagging_task")]
    atomic = False  # PostgreSQL alters no table that has changes waiting for their check

    operations = [
        *(migrations.AddField(name, "task", task(related, null=True)) for name, related in OPINIONS.items()),
        migrations.RunPython(tell, migrations.RunPython.noop, elidable=True),
        *(migrations.AlterField(name, "task", task(related)) for name, related in OPINIONS.items()),
        migrations.AddIndex("favourite", models.Index(fields=["person", "task"], name="favourite_task")),
        migrations.AddIndex("rating", models.Index(fields=["stars", "task"], name="rating_task")),
    ]
