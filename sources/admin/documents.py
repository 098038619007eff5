"""The admin of source documents and their kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import path, reverse

from records.admin.dates import by_date, date_column, newest_first
from records.admin.records import Link, ListTable, RecordAdmin, TermAdmin
from records.models import SimilarRecord
from records.vocabulary import Vocabulary
from sources.admin.captures import tell_of
from sources.admin.new_source import NewSource, SourceDocumentForm
from sources.copies.making import taken_in
from sources.models import Capture, SourceDocument, SourceKind
from sources.similar_sources import similar_sources
from sources.vocabulary import Derivation, Reliability

#: What a new document is taken for until somebody says otherwise.
USUAL_KIND = "news_report"


@admin.register(SourceDocument)
class SourceDocumentAdmin(RecordAdmin):
    """A document. Its text is private: it is taken in when the document is entered, and read by its team alone."""

    section = "Evidence"
    list_display = (
        "ref",
        "title",
        "outlet",
        date_column("published"),
        "kind",
        "language",
        "derivation",
        "level",
        "review",
    )
    list_filter = (
        "level",
        "review",
        by_date("published"),
        "kind",
        "derivation",
        "reliability",
    )
    form = SourceDocumentForm
    ordering = (*newest_first("published"), "-pk")
    related = ("kind",)
    autocomplete_fields = ("derived_from",)
    readonly_fields = ("text_attached", "sha256")
    meanings: ClassVar[dict[str, type[Vocabulary]]] = RecordAdmin.meanings | {
        "derivation": Derivation,
        "reliability": Reliability,
    }
    errors_at = {"source_is_not_its_own_origin": "derived_from", "source_slice_is_not_empty": "end"}
    fieldsets = (
        (None, {"fields": ("title", ("outlet", "author"), "url", ("kind", "language", "published"), "note")}),
        ("Descent", {"fields": ("derivation", "derived_from")}),
        ("Reliability", {"fields": ("reliability", "reliability_reason")}),
        ("Who may read it", {"fields": ("level", "review", "team", "readers")}),
        (
            "Where it was found",
            {
                "classes": ("collapse",),
                "fields": ("file", ("ordinal", "post"), ("start", "end"), "sha256", "text_attached"),
            },
        ),
    )
    #: What other apps know about a document: functions of the document and the reader that return a Table.
    more_tables: ClassVar[list[Callable[[Any, Any], ListTable]]] = []
    #: Pages of a document that other apps have: the end of the address, that of the name, and the view.
    more_pages: ClassVar[list[tuple[str, str, Callable[[Any, str], Any]]]] = []
    #: The ways to these: functions of the document and the reader that return links.
    more_links: ClassVar[list[Callable[[Any, Any], list[Link]]]] = []

    #: Further buttons of the form of a new document: the name, the words, and a function of the document and the reader
    #: that returns where it leads once the document is saved, "" for nowhere.
    after_saving: ClassVar[list[tuple[str, str, Callable[[Any, Any], str]]]] = []

    def get_urls(self) -> list[Any]:
        """Take in the pages of other apps, which register themselves before addresses are made."""
        more = []
        for end, name, view in self.more_pages:
            asked = self.admin_site.admin_view(view)
            more.append(path(f"<slug:ref>/{end}/", asked, name=f"sources_sourcedocument_{name}"))
        return [*more, *super().get_urls()]

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        record = kwargs.get("obj")
        context["more_links"] = (
            [link for links in self.more_links for link in links(record, request.user)] if record else []
        )
        if request.method == "POST" and request.FILES:
            messages.warning(request, "The file is not kept with a form that is shown again: choose it once more.")
        context["further_buttons"] = [] if record else [(name, words) for name, words, _ in self.after_saving]
        return super().render_change_form(request, context, *args, **kwargs)

    def response_add(self, request: Any, obj: Any, post_url_continue: Any = None) -> Any:
        """Name the file of a new document, once nothing stands against it any more: it is kept, or all is undone."""
        if hasattr(request, "new_files"):
            capture = Capture(source=obj, media_type=request.media_type, taken_by=request.user)
            capture.level = capture.usual_level()
            request.new_files.name_in(capture)
            capture.save()
            tell_of(request, capture)
        for name, _, leads_to in self.after_saving:
            if name in request.POST and (address := leads_to(obj, request.user)):
                return HttpResponseRedirect(address)
        return super().response_add(request, obj, post_url_continue)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        box = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "text" and box is not None:
            box.help_text = "Only its team reads it, in numbered passages; it is never exported."
        return box

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Most documents are reports of the news."""
        box = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "kind":
            box.initial = USUAL_KIND
        return box

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).defer("text", "text_key")

    def get_fieldsets(self, request: Any, obj: Any = None) -> Any:
        pasted: Any = ("Its text, and a file of it", {"fields": ("text", "upload")})
        first, *more = super().get_fieldsets(request, obj)
        if obj:
            lacks_text = obj.text_is_read_by(request.user) and not obj.text
            pasted = ("Its text, which it has none of yet", {"fields": ("text",)})
            return [first, pasted, *more] if lacks_text else [first, *more]
        return [first, pasted, *more]

    def get_form(self, request: Any, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs | ({} if obj else {"form": NewSource}))

    @contextmanager
    def before_act(self, request: Any) -> Iterator[None]:
        """Put a file that is to be captured, and its copy, into the store before the act: see CaptureAdmin."""
        is_new = request.resolver_match.url_name == "sources_sourcedocument_add" and "upload" in request.FILES
        form = None
        if is_new and self.admin_site.has_permission(request) and self.has_add_permission(request):
            form = self.get_form(request)(request.POST, request.FILES, instance=SourceDocument())
        if form is None or not form.is_valid() or not form.media_type:
            yield
            return
        with taken_in(form.cleaned_data["upload"].chunks(), form.media_type) as new_files:
            request.new_files, request.media_type = new_files, form.media_type
            yield

    def find(self, rows: Any, text: str, user: Any) -> Any:
        return rows.search(text)

    def similar(self, request: Any, form: Any, formsets: Any) -> list[SimilarRecord]:
        names = {*form.changed_data, *(("text",) if "upload" in form.changed_data else ())}  # or its file was sent
        changed = {name: form.cleaned_data[name] for name in ("url", "text") if name in names}
        address, text = changed.get("url", ""), changed.get("text", "")
        return similar_sources(form.instance, request.user, address=address, text=text)

    @admin.display(description="text attached", boolean=True)
    def text_attached(self, document: SourceDocument) -> bool:
        return bool(document.text)

    def tables(self, record: Any, user: Any) -> list[ListTable]:
        copies = SourceDocument.objects.visible_to(user).filter(derived_from=record)
        rows = [[Link(copy.ref, self.address(copy)), copy.title, copy.get_derivation_display()] for copy in copies]
        descent = ListTable("Documents that descend from this one", ["Source", "Title", "Derivation"], rows)
        return [self.captures(record, user), descent, *(table(record, user) for table in self.more_tables)]

    def captures(self, record: Any, user: Any) -> ListTable:
        """Return the captured files, and below them the way to add one."""
        table = ListTable("Captured files", ["File", "Kind", "Captured", "SHA-256"])
        for each in Capture.objects.visible_to(user).filter(source=record):
            link, kind = Link(each.ref, self.address(each)), each.get_media_type_display()
            table.rows.append([link, kind, f"{each.taken_at:%Y-%m-%d}", each.sha256])
        if user.has_perm("sources.add_capture"):
            address = f"{reverse('admin:sources_capture_add')}?source={record.ref}"
            table.links.append(Link("Add a captured file", address))
        return table


@admin.register(SourceKind)
class SourceKindAdmin(TermAdmin):
    pass
