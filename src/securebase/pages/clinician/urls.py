"""Addresses of the clinician pages: ids only, never a name."""

from django.urls import URLPattern, path

from securebase.pages.clinician import (
    checkins,
    frame,
    history,
    library,
    partners,
    people,
    person,
    rhythm,
    sessions,
    signals,
    suggestions,
    today,
)

urlpatterns: list[URLPattern] = [
    path("", today.today, name="desk_today"),
    path("people/", people.people, name="desk_people"),
    path("people/new", people.invite, name="desk_new"),
    path("people/<uuid:pk>/", person.person, name="desk_person"),
    path("people/<uuid:pk>/check-ins", rhythm.plan, name="desk_rhythm"),
    path("people/<uuid:pk>/frame", frame.frame, name="desk_frame"),
    path("people/<uuid:pk>/phase", frame.phase, name="desk_phase"),
    path("people/<uuid:pk>/history", history.upload, name="desk_history"),
    path("people/<uuid:pk>/sessions", sessions.plan, name="desk_sessions"),
    path("people/<uuid:pk>/partners", partners.partners, name="desk_partners"),
    path("partners/<uuid:pk>/invite", partners.invite, name="desk_partner_invite"),
    path("people/<uuid:pk>/ruptures", sessions.rupture, name="desk_ruptures"),
    path("sessions/<uuid:pk>/close", sessions.close, name="desk_session_close"),
    path("ruptures/<uuid:pk>/repair", sessions.repair, name="desk_rupture_repair"),
    path("check-ins/<uuid:pk>/", checkins.checkin, name="desk_checkin"),
    path("signals/<uuid:pk>/", signals.why, name="desk_signal"),
    path("signals/<uuid:pk>/seen", signals.seen, name="desk_signal_seen"),
    path("signals/<uuid:pk>/later", signals.later, name="desk_signal_later"),
    path("signals/<uuid:pk>/disagree", signals.disagree, name="desk_signal_disagree"),
    path("signals/<uuid:pk>/close", signals.close, name="desk_signal_close"),
    path("signals/<uuid:pk>/reopen", signals.reopen, name="desk_signal_reopen"),
    path("suggestions/<uuid:pk>/", suggestions.decision, name="desk_suggestion"),
    path("library/", library.library, name="desk_library"),
    path("library/<slug:slug>/", library.instrument, name="desk_instrument"),
]
