"""The addresses of the pages.

Each resource has three: /people/ ("people"), /people/export.csv ("people-export") and /people/PER-8QX3M2VD/ ("person").
Below the last one, the team finds the history of a record ("person-history").
"""

from django.urls import path

from cases.views import PAGES, CapturedFile, Codebook, Home, Search
from sources.models import Record
from sources.pages import HistoryPage

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("search/", Search.as_view(), name="search"),
    path("codebook/", Codebook.as_view(), name="codebook"),
    path("sources/<slug:source>/captures/<slug:ref>/", CapturedFile.as_view(), name="capture"),
]
for list_page, export, detail in PAGES:
    resource = list_page.resource
    urlpatterns += [
        path(f"{resource.name}/", list_page.as_view(), name=resource.name),
        path(f"{resource.name}/export.csv", export.as_view(), name=f"{resource.name}-export"),
        path(f"{resource.name}/<slug:ref>/", detail.as_view(), name=resource.singular),
    ]
    if issubclass(resource.model, Record):
        history = HistoryPage.as_view(resource=resource)
        urlpatterns.append(path(f"{resource.name}/<slug:ref>/history/", history, name=f"{resource.singular}-history"))
