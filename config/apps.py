from django.contrib.admin.apps import AdminConfig


class WaymarkAdminConfig(AdminConfig):
    default_site = "config.admin.WaymarkSite"
