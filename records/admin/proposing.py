"""A mixin for the admin of records: what would open something to more readers becomes a proposal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from records.current_act import current_act
from records.models import Comment, Proposal, Record, clearance
from records.review import (
    ReviewRefused,
    close_submission,
    comments_for,
    let_parts_follow,
    proposals_for,
    proposing,
    submit,
)
from records.typed import give_back, too_long
from records.vocabulary import ProposalState, Review

LONGEST_COMMENT = 4000


def page_of(proposal: Proposal) -> str:
    """Return the address of the page on which a proposal is read and decided."""
    return reverse("admin:records_proposal_change", args=(proposal.ref,))


def forget_success(request: HttpRequest) -> None:
    """Take back what was said about writes that were rolled back, but for what to look at once more."""
    warnings = [told.message for told in messages.get_messages(request) if told.level == messages.WARNING]
    for words in warnings:
        messages.warning(request, words)


class Proposes(admin.ModelAdmin):
    """A form that is sent, or a row that is removed, is written at once or becomes a proposal, as a whole."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        record = self.get_object(request, unquote(object_id)) if object_id else None
        if record is not None and "comment" in request.POST:
            return comment(request, record.owning().ref)
        return self._proposed(request, record, super().changeform_view, object_id, form_url, extra_context)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        record = self.get_object(request, unquote(object_id))
        return self._proposed(request, record, super().delete_view, object_id, extra_context)

    def _proposed(self, request: HttpRequest, record: Record | None, view: Callable[..., Any], *given: Any) -> Any:
        with proposing(record) as sent:
            response = view(request, *given)
        if sent.proposal is None:
            return response
        forget_success(request)
        return self._sent(request, sent.proposal)

    def _sent(self, request: HttpRequest, proposal: Proposal) -> HttpResponse:
        """Say where it went; who proposes need not be of those who may read what waits."""
        is_seen = proposals_for(request.user, pk=proposal.pk).exists()
        messages.success(request, f"Sent to a second person as {proposal.ref}. Nothing is changed until they approve.")
        if is_seen:
            return HttpResponseRedirect(page_of(proposal))
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if "review" in form.changed_data:
            self._move_review(request, form.instance, form.initial.get("review"))

    def _move_review(self, request: HttpRequest, record: Any, was: str | None) -> None:
        """Let a proposal follow where the review state was moved by hand."""
        if record.review == Review.IN_REVIEW:
            if refusal := self._submit(request, record):
                record.review = was if was in Review else Review.DRAFT
                record.save()
                messages.error(request, f"Saved, and not sent for review: {refusal}")
        elif was == Review.IN_REVIEW:
            close_submission(record, request.user)

    def _submit(self, request: HttpRequest, record: Any) -> str:
        """Send a record for review; return why it cannot be, or ""."""
        doing = current_act()
        try:
            proposal = submit(record, request.user, doing.why if doing else "")
        except ReviewRefused as refusal:
            return str(refusal)
        messages.success(request, f"{record.ref} waits for a second person as {proposal.ref}.")
        return ""

    def render_change_form(self, request: Any, context: Any, *args: Any, **kwargs: Any) -> Any:
        record = kwargs.get("obj")
        if record is not None and request.method == "POST":
            record = self.get_object(request, str(record.pk))  # what a refused form has written into it is not stored
        if record is not None:
            owner = record.owning()
            waiting = proposals_for(request.user, about=owner.ref, state=ProposalState.OPEN)
            context["waiting"] = [(proposal, page_of(proposal)) for proposal in waiting]
            context["comments"] = comments_on(owner.ref, request.user)
            context["may_comment"] = may_comment(request.user)
        return super().render_change_form(request, context, *args, **kwargs)


def comments_on(ref: str, user: Any) -> Any:
    """Return what was said about a record, and about the proposals for it, as far as `user` may read it."""
    proposals = Proposal.objects.visible_to(user).filter(about=ref).values_list("ref", flat=True)
    return comments_for(user, about__in=[ref, *proposals]).select_related("by")


def comment(request: Any, about: str) -> HttpResponse:
    """Keep what a member of the team says about a record or a proposal that they see, and lead back to its page."""
    text = request.POST.get("text", "").replace("\0", "").strip()
    if not may_comment(request.user):
        raise PermissionDenied
    if len(text) > LONGEST_COMMENT:
        return give_back(request, too_long("comment", text, LONGEST_COMMENT), status=400)
    if not text:
        messages.error(request, "Nothing was kept: the comment is empty.")
    else:
        Comment.objects.create(about=about, by=request.user, text=text)
        messages.success(request, "Your comment is kept.")
    return HttpResponseRedirect(f"{request.path}#comments")


def may_comment(user: Any) -> bool:
    cleared = clearance(user)
    return cleared.team or cleared.everything


def listed(lines: list[str]) -> Any:
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((line,) for line in lines)))


class MovesMany(admin.ModelAdmin):
    """What can be done to many records at once: to send them for review, and to take them back."""

    actions: Any = ("submit_for_review", "let_parts_follow", "withhold", "withdraw")

    def has_submit_permission(self, request: HttpRequest) -> bool:
        may_change = request.user.has_perm(f"{self.opts.app_label}.change_{self.opts.model_name}")
        return may_change and request.user.has_perm("records.submit_records")

    @admin.action(description="Submit for review", permissions=["submit"])
    def submit_for_review(self, request: HttpRequest, records: Any) -> None:
        doing = current_act()
        self._each(request, records, lambda record: submit(record, request.user, doing.why if doing else "").ref)

    @admin.action(description="Let parts that are the team’s follow their record", permissions=["change"])
    def let_parts_follow(self, request: HttpRequest, records: Any) -> None:
        self._each(request, records, lambda record: self._follow(request, record))

    def _follow(self, request: HttpRequest, record: Any) -> str:
        with proposing(record) as sent:
            number = let_parts_follow(record, request.user)
        told = "1 part" if number == 1 else f"{number} parts"
        return f"{told}, once a second person approves {sent.proposal.ref}" if sent.proposal else told

    @admin.action(description="Withhold", permissions=["change"])
    def withhold(self, request: HttpRequest, records: Any) -> None:
        self._each(request, records, lambda record: self._move(request, record, Review.WITHHELD))

    @admin.action(description="Withdraw", permissions=["change"])
    def withdraw(self, request: HttpRequest, records: Any) -> None:
        self._each(request, records, lambda record: self._move(request, record, Review.WITHDRAWN))

    def _move(self, request: HttpRequest, record: Any, review: Review) -> str:
        was = record.review
        if review == was or (review == Review.WITHHELD and was != Review.PUBLISHED):
            raise ReviewRefused(f"{record.ref} is {record.get_review_display()}.")
        record.review = review
        record.save()
        if was == Review.IN_REVIEW:
            close_submission(record, request.user)
        return review.label

    def _each(self, request: HttpRequest, records: Any, do: Callable[[Any], str]) -> None:
        """Do it to each of them, and say what was done and what not."""
        done, refused, met = [], [], set()
        for record in records:
            met.add(str(record.pk))
            try:
                done.append(f"{record.ref}: {do(record)}")
            except ReviewRefused as refusal:
                refused.append(str(refusal))
        chosen = met if request.POST.get("select_across") == "1" else set(request.POST.getlist(ACTION_CHECKBOX_NAME))
        if missed := len(chosen - met):  # hidden, gone or invented: one and the same to whoever asks
            refused.append(f"{missed} {'row is' if missed == 1 else 'rows are'} not in this list, or not any more.")
        if done:
            messages.success(request, listed(done))
        if refused:
            rows = "row" if len(chosen) == 1 else "rows"
            left = f"Left alone: {len(chosen) - len(done)} of the {len(chosen)} {rows} chosen."
            messages.warning(request, listed([left, *(f"Not done: {words}" for words in refused)]))
