import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0007_media_promises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="kinds",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                db_default=[],
                default=list,
                editable=False,
                help_text="The kinds of its interactions, as the current version says; as the draft, where there is none.",
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="tags",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                db_default=[],
                default=list,
                help_text="Words of your own to find it by. They are no part of its wording and make no version.",
                size=20,
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who published it; empty where a program did.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="written_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the draft was saved last; empty in old rows.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="lessonversion",
            name="published_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who published it; empty where a program did.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lessonversion",
            name="written_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="When the draft was saved last; empty in old rows.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="lessonversion",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who saved the draft last; empty where a program did.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="itemversion",
            name="written_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="Who saved the draft last; empty where a program did.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=django.contrib.postgres.indexes.GinIndex(fields=["tags"], name="items_by_tag"),
        ),
    ]
