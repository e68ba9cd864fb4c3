"""Where the handbook is. A page's address ends with a slash, a picture's with what it is."""

from django.urls import path, re_path

from api.handbook import views

urlpatterns = [
    path("", views.page, name="docs_contents"),
    path("search/", views.search, name="docs_search"),
    re_path(r"^(?P<name>[\w/-]{1,100}\.\w{3,4})$", views.picture, name="docs_picture"),
    path("<path:name>/", views.page, name="docs_page"),
]
