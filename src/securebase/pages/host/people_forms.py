"""What a host fills in about people: who comes, which role, and why."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms

from securebase.pages.shared.asking import AskingForm
from securebase.people.accounts.models import Role
from securebase.people.approvals.actions import MOST_SIGNS
from securebase.people.approvals.terms import terms
from securebase.stories.find_subject import NUMBER, Reason
from securebase.stories.keep_people import OFFERED

OPENS = {
    Role.CLINICIAN: "Clinician: welcomes people and opens their records",
    Role.SUPERVISOR: "Supervisor: reads a clinician's work by initials",
    Role.HOST: "Host: runs the practice, as you do",
    Role.LEARNER: "Learner: takes the course, opens no record",
}


class ReasonForm(AskingForm):
    """Why it is asked for."""

    reason = forms.CharField(
        label="Why",
        min_length=terms().least_signs,
        max_length=MOST_SIGNS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One sentence for whoever confirms it. It is kept sealed.",
    )


class RoleForm(ReasonForm):
    """Which role somebody is to hold."""

    field_order: Iterable[str] | None = ("role", "reason")
    role = forms.TypedChoiceField(
        label="Role",
        choices=[(role.value, OPENS[role]) for role in OFFERED],
        coerce=Role,
        widget=forms.RadioSelect,
    )


class InviteForm(RoleForm):
    """Who comes to work here."""

    field_order: Iterable[str] | None = ("name", "email", "role", "reason")
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address")


class EndRoleForm(AskingForm):
    """Which role ends."""

    role = forms.TypedChoiceField(label="Role", coerce=Role, widget=forms.RadioSelect)


class CloseForm(AskingForm):
    """Why an account is closed; a choice, because the trail holds it in the clear."""

    reason = forms.ChoiceField(
        label="Why",
        choices=[
            ("left the practice", "They left the practice"),
            ("not trusted any more", "Somebody else may use the account"),
            ("made by mistake", "It was made by mistake"),
        ],
        widget=forms.RadioSelect,
    )


class SearchForm(AskingForm):
    """Whom a host looks for, and why."""

    called = forms.CharField(
        label="Their exact e-mail address, or the number of the record",
        min_length=NUMBER,
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.TypedChoiceField(
        label="Why you look for them",
        choices=[(one.value, one.value.capitalize()) for one in Reason],
        coerce=Reason,
        widget=forms.RadioSelect,
    )
