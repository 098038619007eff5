"""The addresses of the read API."""

from django.urls import path, re_path

from cases.codebook import RESOURCES
from sources.api import NothingHere, routes
from sources.api_docs import DocsView, RootView, SchemaView

app_name = "api"

urlpatterns = [
    path("", RootView.as_view(), name="root"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    *(route for resource in RESOURCES for route in routes(resource)),
    # Addresses without the last slash are left to CommonMiddleware, which adds it.
    re_path(r"^(?P<rest>.*)/$", NothingHere.as_view(), name="nothing"),
]
