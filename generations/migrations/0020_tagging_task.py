import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def tell(apps, schema_editor):
    output, tagging = apps.get_model("generations", "Output"), apps.get_model("generations", "Tagging")
    tagging.objects.update(task=Subquery(output.objects.filter(pk=OuterRef("output")).values("task")[:1]))


class Migration(migrations.Migration):
    dependencies = [("generations", "0019_task_words")]
    atomic = False  # PostgreSQL alters no table that has changes waiting for their check

    operations = [
        migrations.AddField(
            model_name="tagging",
            name="task",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="taggings", to="generations.task"
            ),
        ),
        migrations.RunPython(tell, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            model_name="tagging",
            name="task",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="taggings", to="generations.task"
            ),
        ),
        migrations.AddIndex(
            model_name="tagging", index=models.Index(fields=["tag", "task"], name="tagging_task")
        ),
    ]
