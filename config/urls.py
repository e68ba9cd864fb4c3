"""Every address: the desk, the help, images, the API, and the learner's app for the rest.

Probes are answered by ``config.middleware``.
"""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path, re_path

from config import frontend, media

urlpatterns = [
    path("admin/", admin.site.urls),
    path("docs/", include("api.handbook.urls")),
    path("favicon.ico", frontend.no_icon),
    path("media/<str:name>", media.image, name="media"),
    # A route of the app has no dot; a missing file is a 404, not a page.
    re_path(r"^(?!(?:api|admin|docs|lti|media|static|assets)(?:/|$))[^.]*$", frontend.index, name="frontend"),
]
if find_spec("api.rest") and find_spec("api.rest.urls"):
    urlpatterns.insert(1, path("api/v1/", include("api.rest.urls")))
if find_spec("api.lti") and find_spec("api.lti.urls"):
    urlpatterns.insert(1, path("lti/", include("api.lti.urls")))
