"""Formulas are tried at places that follow from a key of the version: each version that has been published gets one."""

import secrets

from django.db import migrations, models

TABLE = "content_itemversion"


def give_keys(apps, schema_editor):
    """Give a random key to each formula of each version that is no draft; where there is one it stays.

    The guard of published versions steps aside for this alone: what learners saw does not change.
    """
    versions = apps.get_model("content", "ItemVersion").objects.exclude(status="draft")
    # A table with checks that wait for the end of the transaction cannot be altered.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER published_versions_never_change")
    for pk in list(versions.values_list("pk", flat=True)):
        version = versions.get(pk=pk)
        keys = keys_of(version.document, version.probing)
        if keys != version.probing:
            versions.filter(pk=pk).update(probing=keys)
    schema_editor.execute(f"ALTER TABLE {TABLE} ENABLE TRIGGER published_versions_never_change")


def keys_of(document, known):
    """Return a key for each formula of a document."""
    interactions = document.get("interactions", {})
    formulas = [name for name, entry in interactions.items() if entry.get("kind") == "expression"]
    return {name: known.get(name) or secrets.token_hex() for name in formulas}


class Migration(migrations.Migration):
    dependencies = [("content", "0002_published_versions_never_change")]

    operations = [
        migrations.AddField(
            model_name="itemversion",
            name="probing",
            field=models.JSONField(
                blank=True,
                default=dict,
                editable=False,
                help_text="By interaction: the secret key from which follow the places where formulas are tried.",
            ),
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
