"""Addresses of the host pages."""

from django.urls import URLPattern, path

from securebase.pages.host import (
    approvals,
    backups,
    concerns,
    emergencies,
    evidence,
    health,
    keys,
    people,
    retention,
    start,
    subject,
    supervision,
)
from securebase.pages.shared.access import Audience, for_audience
from securebase.pages.shared.style import style

urlpatterns: list[URLPattern] = [
    path("", start.start, name="host_start"),
    path("anchors/", concerns.anchors, name="host_anchors"),
    path("approvals/", approvals.approvals, name="host_approvals"),
    path("approvals/<uuid:pk>/", approvals.approval, name="host_approval"),
    path("backups/", backups.backups, name="host_backups"),
    path("concerns/", concerns.concerns, name="host_concerns"),
    path("concerns/<uuid:pk>/", concerns.concern, name="host_concern"),
    path("emergencies/", emergencies.emergencies, name="host_emergencies"),
    path("emergencies/<uuid:pk>/", emergencies.emergency, name="host_emergency"),
    path("evidence/", evidence.evidence, name="host_evidence"),
    path("health/", health.health, name="host_health"),
    path("keys/", keys.keys, name="host_keys"),
    path("keys/renew", keys.renew, name="host_keys_renew"),
    path("keys/sheet", keys.sheet, name="host_keys_sheet"),
    path("keys/try", keys.trial, name="host_keys_trial"),
    path("people/", people.people, name="host_people"),
    path("people/new", people.invite, name="host_people_invite"),
    path("people/<uuid:pk>/", people.person, name="host_person"),
    path("people/<uuid:pk>/<slug:slug>", people.act, name="host_person_act"),
    path("retention/", retention.retention, name="host_retention"),
    path("retention/ask", retention.let_go, name="host_retention_let_go"),
    path("subjects/", subject.search, name="host_subjects"),
    path("subjects/found/", subject.subject, name="host_subject"),
    path("subjects/found/copy", subject.copy, name="host_subject_copy"),
    path("subjects/found/erase", subject.erase, name="host_subject_erase"),
    path("subjects/found/let-in", subject.let_in, name="host_subject_let_in"),
    path("supervision/", supervision.supervision, name="host_supervision"),
    path("supervision/<uuid:pk>/end", supervision.end, name="host_supervision_end"),
    path(
        "style/", for_audience(Audience.HOST, impersonal="the style guide")(style), name="style"
    ),
]
