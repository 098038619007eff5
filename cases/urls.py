"""The addresses of the pages.

Each resource has three: /people/ ("people"), /people/export.csv ("people-export") and /people/PER-8QX3M2VD/ ("person").
"""

from django.urls import path

from cases.views import PAGES, Codebook, Home, Search

urlpatterns = [
    path("", Home.as_view(), name="home"),
    path("search/", Search.as_view(), name="search"),
    path("codebook/", Codebook.as_view(), name="codebook"),
]
for list_page, export, detail in PAGES:
    resource = list_page.resource
    urlpatterns += [
        path(f"{resource.name}/", list_page.as_view(), name=resource.name),
        path(f"{resource.name}/export.csv", export.as_view(), name=f"{resource.name}-export"),
        path(f"{resource.name}/<slug:ref>/", detail.as_view(), name=resource.singular),
    ]
