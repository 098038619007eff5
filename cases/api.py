"""The addresses of the API."""

from django.urls import path, re_path

from cases.codebook import RESOURCES
from cases.submitting import ENTRIES
from sources.api import NothingHere, routes
from sources.api_docs import Api, DocsView, RootView, SchemaView
from sources.api_history import history_routes
from sources.api_writing import writing_routes
from sources.models import Record

app_name = "api"
api = Api(RESOURCES, ENTRIES)

urlpatterns = [
    path("", RootView.as_view(api=api), name="root"),
    path("schema/", SchemaView.as_view(api=api), name="schema"),
    path("docs/", DocsView.as_view(api=api), name="docs"),
    *(
        route
        for resource in RESOURCES
        for route in (writing_routes(api.entries[resource]) if resource in api.entries else routes(resource))
    ),
    *(route for resource in RESOURCES if issubclass(resource.model, Record) for route in history_routes(resource)),
    # Addresses without the last slash are left to CommonMiddleware, which adds it.
    re_path(r"^(?P<rest>.*)/$", NothingHere.as_view(), name="nothing"),
]
