"""The addresses of the pages.

Each resource has three: /people/ ("people"), /people/export.csv ("people-export") and /people/PER-8QX3M2VD/ ("person").
Below the last one, the team finds the history of a record ("person-history").
"""

from django.urls import path

from cases.duties.deadlines_page import DeadlinesPage
from cases.views import PAGES, CapturedFile, Codebook, Home, SealedFile, Search
from cases.views.board import Board
from cases.views.dossier.pages import DossierDocument, DossierPage
from cases.views.silence import SilencePage
from cases.watching.feeds import ChangesFeed, DeadlinesFeed
from cases.watching.pages import DigestPage, Watching
from records.lists.pages import HistoryPage
from records.models import Record

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("search/", Search.as_view(), name="search"),
    path("board/", Board.as_view(), name="board"),
    path("codebook/", Codebook.as_view(), name="codebook"),
    path("people/<slug:ref>/dossier/", DossierPage.as_view(), name="dossier"),
    path("people/<slug:ref>/dossier.docx", DossierDocument.as_view(), name="dossier-document"),
    path("deadlines/", DeadlinesPage.as_view(), name="deadlines"),
    path("silence/", SilencePage.as_view(), name="silence"),
    path("watching/", Watching.as_view(), name="watching"),
    path("watching/digest/", DigestPage.as_view(), name="digest"),
    path("feeds/<slug:secret>/deadlines.ics", DeadlinesFeed.as_view(), name="deadlines-feed"),
    path("feeds/<slug:secret>/changes.atom", ChangesFeed.as_view(), name="changes-feed"),
    path("sources/<slug:source>/captures/<slug:ref>/", CapturedFile.as_view(), name="capture"),
    path("sources/<slug:source>/captures/<slug:ref>/sealed/", SealedFile.as_view(), name="sealed_capture"),
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
