from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "api"
    verbose_name = "API"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the table of counts before workers are forked, so that they share it."""
        from api import counters  # noqa: F401
