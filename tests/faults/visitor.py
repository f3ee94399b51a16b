"""A person's browser, as small as can be: cookies, form tokens, and trying again."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from urllib.parse import urlencode

TRY_AGAIN_AFTER = 0.05
GIVE_UP_AFTER = 90.0
TOKEN = "csrftoken"
"""Name of the cookie whose value a form sends back."""
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    location: str
    body: str

    @property
    def acknowledged(self) -> bool:
        """Whether the server said that it has it."""
        return 200 <= self.status < 400


class Visitor:
    """One browser: it repeats a request that got no answer, exactly as it was."""

    def __init__(self, host: str, port: int) -> None:
        self._where = (host, port)
        self._cookies: dict[str, str] = {}
        self.repeated = 0
        """Requests sent again because no answer came."""
        self.broken = 0
        """Answers that said the fault is the server's."""

    def sign_in(self, email: str, password: str) -> None:
        """Sign in with a password as on the page."""
        self.get("/account/login/")
        form = {"login": email, "password": password}
        answer = self.post("/account/login/", form)
        if answer.status != 302:
            raise RuntimeError(f"Sign-in of {email} got {answer.status}:\n{answer.body[:1500]}")

    @property
    def cookies(self) -> str:
        """What it would send back, as the header has it."""
        return "; ".join(f"{key}={value}" for key, value in self._cookies.items())

    def another_tab(self) -> Visitor:
        """Return a browser that is signed in the same way, for use at the same time."""
        tab = Visitor(*self._where)
        tab._cookies = dict(self._cookies)
        return tab

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._until_answered("GET", path, "")

    def post(self, path: str, form: dict[str, str]) -> Answer:
        """Send a form."""
        sent = urlencode({**form, "csrfmiddlewaretoken": self._cookies.get(TOKEN, "")})
        return self._until_answered("POST", path, sent)

    def post_as(self, kind: str, path: str, body: bytes) -> Answer:
        """Send something of another kind than a form's words: a file, or JSON."""
        return self._until_answered("POST", path, body, kind)

    def hold(self, cookie: str, value: str) -> None:
        """Hold a cookie, as that of a sign-in made elsewhere."""
        self._cookies[cookie] = value

    def _until_answered(
        self, method: str, path: str, body: str | bytes, kind: str = FORM
    ) -> Answer:
        until = time.monotonic() + GIVE_UP_AFTER
        while True:
            try:
                answer = self._once(method, path, body, kind)
            except (OSError, HTTPException):
                self.repeated += 1
            else:
                if answer.status < 500:
                    return answer
                self.broken += 1
            if time.monotonic() > until:
                raise RuntimeError(f"{method} {path} got no answer in {GIVE_UP_AFTER:.0f} s")
            threading.Event().wait(TRY_AGAIN_AFTER)

    def _once(self, method: str, path: str, body: str | bytes, kind: str = FORM) -> Answer:
        connection = HTTPConnection(*self._where, timeout=30)
        headers = {"Cookie": self.cookies}
        if method == "POST":
            headers |= {"Content-Type": kind, "X-CSRFToken": self._cookies.get(TOKEN, "")}
        try:
            connection.request(method, path, body or None, headers)
            reply = connection.getresponse()
            text = reply.read().decode()
            for header in reply.headers.get_all("Set-Cookie", []):
                self._cookies |= {k: m.value for k, m in SimpleCookie(header).items()}
        finally:
            connection.close()
        return Answer(reply.status, reply.headers.get("Location", ""), text)
