"""The rows that are ticked in a list, before something is done to all of them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.http import HttpRequest


class ChosenRows(admin.ModelAdmin):
    """An admin that does nothing where one of the ticked rows has a key that none can have."""

    def response_action(self, request: HttpRequest, queryset: Any, *more: Any) -> Any:
        for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
            try:
                self.opts.pk.clean(key, None)
            except ValidationError:
                told = f"Nothing was done: “{key[:40]}” is no row of this list. Tick the rows again."
                self.message_user(request, told, messages.ERROR)
                return None
        return super().response_action(request, queryset, *more)
