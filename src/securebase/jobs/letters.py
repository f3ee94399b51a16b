"""Every kind of letter, and who writes it at the moment it is sent."""

from __future__ import annotations

from collections.abc import Mapping

from securebase.jobs import anchor, digest, remind, try_mail
from securebase.people.post.delivery import Write
from securebase.stories import (
    keep_out,
    send_answer,
    send_invitation,
    send_way_in,
    tell_emergency,
    tell_sign_in,
)

WRITERS: Mapping[str, Write] = {
    anchor.KIND: anchor.write_anchor,
    digest.KIND: digest.write_digest,
    keep_out.KIND: keep_out.write_part_ended,
    remind.KIND: remind.write_reminder,
    send_answer.KIND: send_answer.write_answer,
    send_invitation.KIND: send_invitation.write_invitation,
    send_way_in.KIND: send_way_in.write_way_in,
    tell_emergency.KIND: tell_emergency.write_emergency,
    tell_sign_in.GUESSED: tell_sign_in.write_guesses,
    tell_sign_in.KIND: tell_sign_in.write_sign_in_changed,
    try_mail.KIND: try_mail.write_test,
}
