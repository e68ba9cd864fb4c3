"""Addresses of LTI 1.3. Platforms have them stored: they stay."""

from django.urls import path

from api.lti.choosing import choose
from api.lti.launch import launch
from api.lti.login import login
from api.lti.registration import config, jwks, registration

urlpatterns = [
    path("login", login),
    path("launch", launch),
    path("choose", choose),
    path("jwks", jwks),
    path("config", config),
    path("register", registration),
]
