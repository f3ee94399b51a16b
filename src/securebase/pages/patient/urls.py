"""Addresses of the patient pages."""

from django.urls import URLPattern, path

from securebase.pages.patient import (
    checkin,
    home,
    question,
    record,
    record_copy,
    reminders,
    sent,
    sharing,
    sharing_begin,
    steady,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="me_home"),
    path("check-in/", checkin.before, name="me_checkin"),
    path("check-in/<uuid:pk>/<int:number>/", question.question, name="me_question"),
    path("check-in/<uuid:pk>/<int:number>/keep/", question.keep, name="me_keep"),
    path("check-in/<uuid:pk>/kept/", checkin.kept, name="me_kept"),
    path("check-in/<uuid:pk>/review/", checkin.review, name="me_review"),
    path("check-in/<uuid:pk>/send/", checkin.send, name="me_send"),
    path("check-in/<uuid:pk>/sent/", sent.sent, name="me_sent"),
    path("record/", record.record, name="me_record"),
    path("record/copy/", record_copy.copy, name="me_copy"),
    path("record/seen/", record.seen, name="me_seen"),
    path("record/seen/<int:number>/", record.unknown, name="me_unknown"),
    path("reminders/", reminders.reminders, name="me_reminders"),
    path("sharing/", sharing.overview, name="me_sharing"),
    path("sharing/new/", sharing_begin.begin, name="me_sharing_begin"),
    path(
        "sharing/new/alcohol-and-drugs/",
        sharing_begin.begin,
        {"substance": True},
        name="me_sharing_begin_sud",
    ),
    path("sharing/person/", sharing.propose, name="me_sharing_propose"),
    path("sharing/history/", sharing.history, name="me_sharing_history"),
    path("sharing/<uuid:pk>/", sharing.one, name="me_sharing_one"),
    path("sharing/<uuid:pk>/less/", sharing.less, name="me_sharing_less"),
    path("sharing/<uuid:pk>/stop/", sharing.stop, name="me_sharing_stop"),
    path("sharing/with/<uuid:pk>/stop/", sharing.stop_all, name="me_sharing_stop_all"),
    path("steady/", steady.exercises, name="me_steady"),
    path("steady/<slug:slug>/", steady.exercise, name="me_exercise"),
]
