"""How long what is kept, for the host: what is past its time, and what follows."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from securebase.pages.shared.access import Audience, SignedInRequest, for_audience
from securebase.pages.shared.practice_time import in_practice_time
from securebase.pages.shared.step_up import asked_again
from securebase.people.access.words import Action, Category
from securebase.stories.holds import holds, record_term
from securebase.stories.retain import ask_to_let_go, preview


@for_audience(Audience.HOST, impersonal="how long what is kept; records by number only")
@require_safe
@in_practice_time
def retention(request: SignedInRequest) -> HttpResponse:
    """Show the terms, what is past its time, and what follows in which year."""
    context = {
        "term": record_term(),
        "holds": holds().values(),
        "preview": preview(at=timezone.now()),
    }
    return render(request, "host/retention.html", context)


@for_audience(Audience.HOST, Category.IDENTITY, Action.ERASE)
@require_POST
@asked_again
def let_go(request: SignedInRequest) -> HttpResponse:
    """Ask for the erasure of one record past its time."""
    try:
        record = UUID(request.POST.get("record", ""))
        ask_to_let_go(record=record, by=request.user, at=timezone.now())
    except ValueError:
        raise Http404 from None
    except ValidationError as refused:
        messages.warning(request, refused.messages[0])
        return redirect("host_retention")
    messages.success(request, "Asked for. It goes when a second person confirms it.")
    return redirect("host_approvals")
