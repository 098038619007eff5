"""The addresses of the API."""

from django.urls import path, re_path

from cases.api.request_bodies import WRITABLE_RESOURCES
from cases.codebook import RESOURCES
from records.api.docs import Api, DocsView, RootView, SchemaView
from records.api.history import history_routes
from records.api.views import NothingHere, routes
from records.api.writing import writing_routes
from records.models import Record

app_name = "api"
api = Api(RESOURCES, WRITABLE_RESOURCES)

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
    # Addresses without the last slash are left to SlashMiddleware, which adds it.
    re_path(r"^(?P<rest>(?s:.*))/$", NothingHere.as_view(), name="nothing"),
]
