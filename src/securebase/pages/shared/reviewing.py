"""Looking at an emergency access afterwards: the same for a clinician and for the host."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from securebase.clinic.care.emergency import (
    can_review,
    emergencies_reviewed_by,
    review_emergency,
)
from securebase.clinic.care.models import Emergency
from securebase.pages.shared.access import SignedInRequest
from securebase.pages.shared.asking import AskingForm, form_page
from securebase.pages.shared.tie_forms import MOST_WORDS


class ReviewForm(AskingForm):
    """What was found when somebody looked at an emergency access."""

    outcome = forms.ChoiceField(
        label="What you found", choices=Emergency.Outcome, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label="In your words",
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kept encrypted with the record. The patient reads what you found, not this.",
    )


def review_page(
    request: SignedInRequest, pk: UUID, *, template: str, back: str
) -> HttpResponse:
    """Show one emergency access and keep what was found, then lead ``back``.

    Who may read an access but not review it is answered as if there were none to review.
    """
    at = timezone.now()
    emergency = get_object_or_404(emergencies_reviewed_by(request.user, at=at), pk=pk)
    form = ReviewForm(request.POST or None)
    if form.is_bound and not can_review(request.user, emergency, at=at):
        raise Http404
    if form.took(
        lambda: review_emergency(
            emergency=emergency, by=request.user, at=at, **form.cleaned_data
        )
    ):
        messages.success(request, "Kept. The patient reads what you found.")
        return redirect(back)
    context = {"emergency": emergency, "late": emergency.review_by < at}
    return form_page(request, template, form, context)
