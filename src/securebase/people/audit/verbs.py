"""The verbs of the trail: room.noun.verb, in alphabetical order, each said once.

``WORDS`` gives the sentence the patient reads: "<name> <words> <day and time>".
"""

from enum import StrEnum


class Verb(StrEnum):
    """What can be done to, or seen of, a record."""

    ACCOUNT_INVITE = "accounts.invitation.make"
    ACCOUNT_MAKE = "accounts.account.make"
    ACCOUNT_OPEN = "accounts.invitation.use"
    ACCOUNT_ROLE = "accounts.role.grant"
    CARE_BEGIN = "care.bond.begin"
    CARE_LIST = "care.patients.list"
    CARE_READING = "care.bond.reading"
    CARE_WELCOME = "care.patient.welcome"
    CHECKIN_KEEP = "checkins.draft.keep"
    CHECKIN_MISS = "checkins.checkin.miss"
    CHECKIN_OPEN = "checkins.checkin.open"
    CHECKIN_PLAN = "checkins.rhythm.plan"
    CHECKIN_READ = "checkins.checkin.read"
    CHECKIN_SUBMIT = "checkins.checkin.submit"
    EPISODE_OPEN = "episodes.episode.open"
    EPISODE_PHASE = "episodes.episode.phase"
    GUIDANCE_DECIDE = "guidance.suggestion.decide"
    PRACTICE_SET_UP = "care.practice.set_up"
    RECORD_READ = "care.record.read"
    RESPONSE_IMPORT = "measurement.response.import"
    RESPONSE_RECORD = "measurement.response.record"
    RUPTURE_NOTE = "therapy.rupture.note"
    RUPTURE_REPAIR = "therapy.rupture.repair"
    SESSION_CLOSE = "therapy.session.close"
    SESSION_PLAN = "therapy.session.plan"
    SIGNAL_ACT = "episodes.signal.act"
    SIGNAL_RAISE = "episodes.signal.raise"
    SIGNAL_READ = "episodes.signal.read"


WORDS: dict[Verb, str] = {
    Verb.ACCOUNT_INVITE: "made an invitation",
    Verb.ACCOUNT_MAKE: "made an account",
    Verb.ACCOUNT_OPEN: "opened the account",
    Verb.ACCOUNT_ROLE: "granted a role",
    Verb.CARE_BEGIN: "began working with you",
    Verb.CARE_LIST: "saw your name in a list",
    Verb.CARE_READING: "agreed when check-ins are read",
    Verb.CARE_WELCOME: "made your record",
    Verb.CHECKIN_KEEP: "kept a draft of a check-in",
    Verb.CHECKIN_MISS: "closed a check-in that was not answered",
    Verb.CHECKIN_OPEN: "opened a check-in",
    Verb.CHECKIN_PLAN: "agreed when check-ins come",
    Verb.CHECKIN_READ: "read a check-in",
    Verb.CHECKIN_SUBMIT: "sent a check-in",
    Verb.EPISODE_OPEN: "began a span of care",
    Verb.EPISODE_PHASE: "noted a new phase of care",
    Verb.GUIDANCE_DECIDE: "decided on a suggestion",
    Verb.PRACTICE_SET_UP: "set up the practice",
    Verb.RECORD_READ: "opened your record",
    Verb.RESPONSE_IMPORT: "added earlier scores",
    Verb.RESPONSE_RECORD: "recorded answers",
    Verb.RUPTURE_NOTE: "noted a strain between you",
    Verb.RUPTURE_REPAIR: "noted a repair",
    Verb.SESSION_CLOSE: "noted how a session ended",
    Verb.SESSION_PLAN: "planned a session",
    Verb.SIGNAL_ACT: "acted on a reason to look",
    Verb.SIGNAL_RAISE: "was shown a reason to look",
    Verb.SIGNAL_READ: "read a reason to look",
}
