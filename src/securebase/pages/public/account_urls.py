"""Addresses of one's own account; those of the library come after them."""

from django.urls import URLPattern, path

from securebase.pages.public import account, by_mail, closed, kept

urlpatterns: list[URLPattern] = [
    path("", account.account, name="account_home"),
    path("sessions/", account.sessions, name="account_sessions"),
    path("sessions/end/", account.end, name="account_sessions_end"),
    path("kept/", kept.kept, name="account_kept"),
    path("kept/drop/", kept.drop, name="account_kept_drop"),
    path("link/", by_mail.link, name="account_link"),
    path("link/<str:token>/", by_mail.open_link, name="account_link_open"),
    path("password/reset/", by_mail.reset),
    path("password/new/<str:token>/", by_mail.new_passphrase, name="account_passphrase"),
    # The library's own ways of doing the same, which are not counted and not single-use.
    path("password/reset/done/", closed.closed),
    path("password/reset/key/<path:rest>", closed.closed),
    path("login/code/confirm/", closed.closed),
    path("password/set/", closed.closed),
]
