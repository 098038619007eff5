"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("", include("cases.urls")),
    path("account/", include("config.account.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("cases.api")),
    path("healthz", healthz, name="healthz"),
]

handler429 = "config.account.adapters.too_many"  # asked for by allauth; Django has no such handler
handler429 = "config.account.adapters.too_many"  # asked for by allauth; Django has no such handler
handler500 = "config.faults.answer"
