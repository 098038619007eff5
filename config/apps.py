from importlib import import_module

from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import import_string


class WaymarkAdminConfig(AdminConfig):
    default_site = "config.admin.WaymarkSite"

    def ready(self) -> None:
        super().ready()
        # By name: it needs models, and this file is read before they are loaded.
        import_string("records.accounts.sign_in_log.connect_signals")()
        import_module("config.checks")
