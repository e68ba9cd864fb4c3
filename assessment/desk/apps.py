from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """The framework's admin, on our site."""

    default_site = "assessment.desk.site.DeskSite"
