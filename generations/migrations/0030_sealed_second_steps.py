from django.db import migrations

from generations.sealed import FIELDS, seal, unseal


def seal_all(apps, schema_editor):
    change(apps, seal)


def unseal_all(apps, schema_editor):
    change(apps, unseal)


def change(apps, verb):
    for row in apps.get_model('mfa', 'Authenticator').objects.exclude(type='webauthn'):
        row.data |= {name: verb(row.data[name]) for name in FIELDS if name in row.data}
        row.save(update_fields=['data'])


class Migration(migrations.Migration):

    dependencies = [
        ('generations', '0029_webhook_history'),
        ('mfa', '0003_authenticator_type_uniq'),
    ]

    operations = [
        migrations.RunPython(seal_all, unseal_all, elidable=True),
    ]
