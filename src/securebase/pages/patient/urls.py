"""Addresses of the patient pages."""

from django.urls import URLPattern, path

from securebase.pages.patient import checkin, home, question, sent, steady

urlpatterns: list[URLPattern] = [
    path("", home.home, name="me_home"),
    path("check-in/", checkin.before, name="me_checkin"),
    path("check-in/<uuid:pk>/<int:number>/", question.question, name="me_question"),
    path("check-in/<uuid:pk>/<int:number>/keep/", question.keep, name="me_keep"),
    path("check-in/<uuid:pk>/kept/", checkin.kept, name="me_kept"),
    path("check-in/<uuid:pk>/review/", checkin.review, name="me_review"),
    path("check-in/<uuid:pk>/send/", checkin.send, name="me_send"),
    path("check-in/<uuid:pk>/sent/", sent.sent, name="me_sent"),
    path("steady/", steady.exercises, name="me_steady"),
    path("steady/<slug:slug>/", steady.exercise, name="me_exercise"),
]
