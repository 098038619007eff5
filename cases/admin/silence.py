"""The admin of the thresholds after which a case is silent."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from cases.models import SilenceThreshold
from cases.silence import DEFAULT_DAYS
from cases.vocabulary import Phase
from records.admin import ListAdmin, RecordForm


class ThresholdForm(RecordForm):
    """A threshold. Beside each phase stands after how many days a case is asked after where nothing is set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (phase := self.fields.get("phase")) is not None:
            own = set(SilenceThreshold.objects.visible_to(self.viewer).values_list("phase", flat=True))
            left = [each for each in Phase if each not in own]
            words = {each: f"{each.label.capitalize()} (default: {DEFAULT_DAYS[each]} days)" for each in left}
            phase.choices = [("", "---------"), *words.items()]  # type: ignore[attr-defined]  # a select
        if (days := self.fields.get("days")) is not None:
            days.help_text = "After so many days without a source that speaks of it, a case is listed as silent."
            if self.instance.phase:
                days.help_text += f" The default is {DEFAULT_DAYS[self.instance.phase]}."


@admin.register(SilenceThreshold)
class SilenceThresholdAdmin(ListAdmin):
    form = ThresholdForm
    list_display = ("phase", "days", "usual")
    ordering = ("phase",)
    change_list_template = "admin/silence_thresholds.html"

    @admin.display(description="default, in days")
    def usual(self, threshold: SilenceThreshold) -> int:
        return DEFAULT_DAYS[threshold.phase]

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.filter(phase__icontains=text)

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.viewer = request.user
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("phase",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        asked = request.GET.get("phase", "")
        return {"phase": asked, "days": DEFAULT_DAYS[asked]} if asked in Phase.values else {}

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Show beside what is set also the phases for which the default holds, each with the way to set it."""
        own = set(SilenceThreshold.objects.visible_to(request.user).values_list("phase", flat=True))
        usual = [(each, DEFAULT_DAYS[each]) for each in Phase if each not in own]
        context = {"usual": usual, "title": "After how many days a case is silent"}
        return super().changelist_view(request, context | (extra_context or {}))
