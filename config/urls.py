"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from config.health import healthz

urlpatterns = [
    path("", include("cases.urls")),
    path("account/", include("records.accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("cases.api.urls")),
    path("healthz", healthz, name="healthz"),
]

handler429 = "records.accounts.adapters.too_many_tries"  # asked for by allauth; Django has no such handler
handler500 = "config.errors.error_response"
