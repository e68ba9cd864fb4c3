"""The difficulty of an uncalibrated item is learned by Elo's update: a mean and a variance say it all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0004_adaptive_measurement"),
        ("content", "0002_published_versions_never_change"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="onlinedifficulty",
            name="log_posterior",
        ),
        migrations.AddField(
            model_name="onlinedifficulty",
            name="mean",
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name="onlinedifficulty",
            name="variance",
            field=models.FloatField(default=1.0),
        ),
        migrations.AddConstraint(
            model_name="onlinedifficulty",
            constraint=models.CheckConstraint(
                condition=models.Q(("variance__gt", 0)), name="an_online_difficulty_is_uncertain"
            ),
        ),
    ]
