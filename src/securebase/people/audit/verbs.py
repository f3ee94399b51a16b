"""The verbs of the trail: room.noun.verb, in alphabetical order, each said once.

``WORDS`` gives the sentence the patient reads: "<name> <words> <day and time>".
"""

from enum import StrEnum


class Verb(StrEnum):
    """What can be done to, or seen of, a record."""

    ACCOUNT_CLOSE = "accounts.account.close"
    ACCOUNT_FACTOR_ADD = "accounts.factor.add"
    ACCOUNT_FACTOR_REMOVE = "accounts.factor.remove"
    ACCOUNT_FIND = "accounts.person.find"
    ACCOUNT_FORM_REFUSE = "accounts.form.refuse"
    ACCOUNT_GUESSES_SLOWED = "accounts.guesses.slow"
    ACCOUNT_INVITE = "accounts.invitation.make"
    ACCOUNT_LINK_REFUSE = "accounts.link.refuse"
    ACCOUNT_MAKE = "accounts.account.make"
    ACCOUNT_OPEN = "accounts.invitation.use"
    ACCOUNT_PASSPHRASE = "accounts.passphrase.choose"  # noqa: S105
    ACCOUNT_RENEW = "accounts.factor.renew"
    ACCOUNT_ROLE = "accounts.role.grant"
    ACCOUNT_ROLE_END = "accounts.role.end"
    ACCOUNT_VISIT_BEGIN = "accounts.visit.begin"
    ACCOUNT_VISIT_END = "accounts.visit.end"
    ACCOUNT_WAYS = "accounts.ways.choose"
    AGENDA_BRING = "therapy.agenda.bring"
    AGENDA_TICK = "therapy.agenda.tick"
    APPROVAL_ASK = "approvals.act.ask"
    APPROVAL_CONFIRM = "approvals.act.confirm"
    APPROVAL_WITHDRAW = "approvals.act.withdraw"
    AUDIT_EXPORT = "audit.trail.export"
    AUDIT_READ = "audit.trail.read"
    BACKUP_DRILL = "vault.backup.drill"
    BACKUP_MAKE = "vault.backup.make"
    BACKUP_RESTORE = "vault.backup.restore"
    BRIDGE_CALL_OFF = "bridge.plan.call_off"
    BRIDGE_WRITE = "bridge.plan.write"
    CARE_BEGIN = "care.bond.begin"
    CARE_END = "care.bond.end"
    CARE_JOIN = "care.bond.join"
    CARE_LANGUAGE = "care.patient.language"
    CARE_LIST = "care.patients.list"
    CARE_READING = "care.bond.reading"
    CARE_WELCOME = "care.patient.welcome"
    CHECKIN_HAND_OVER = "checkins.checkin.hand_over"
    CHECKIN_KEEP = "checkins.draft.keep"
    CHECKIN_MISS = "checkins.checkin.miss"
    CHECKIN_OPEN = "checkins.checkin.open"
    CHECKIN_PLAN = "checkins.rhythm.plan"
    CHECKIN_READ = "checkins.checkin.read"
    CHECKIN_SUBMIT = "checkins.checkin.submit"
    COHORT_EXPORT = "stories.cohort.export"
    CONCERN_ANSWER = "audit.concern.answer"
    CONCERN_RAISE = "audit.concern.raise"
    CONCERN_READ = "audit.concern.read"
    CONSENT_GRANT = "consent.entry.grant"
    CONSENT_LIST = "consent.people.list"
    CONSENT_READ = "consent.shared.read"
    CONSENT_WITHDRAW = "consent.entry.withdraw"
    COURSE_CHOOSE = "said.course.choose"
    COURSE_NOTE = "said.course.note"
    COVER_BEGIN = "care.cover.begin"
    COVER_END = "care.cover.end"
    EMERGENCY_LEAVE = "care.emergency.leave"
    EMERGENCY_MISS = "care.emergency.miss"
    EMERGENCY_OPEN = "care.emergency.open"
    EMERGENCY_READ = "care.emergency.read"
    EMERGENCY_REVIEW = "care.emergency.review"
    EXCLUSION_LIFT = "care.exclusion.lift"
    EXCLUSION_SHUT = "care.exclusion.shut"
    EPISODE_OPEN = "episodes.episode.open"
    EPISODE_PHASE = "episodes.episode.phase"
    FEELING_DROP = "said.feeling.drop"
    FEELING_NAME = "said.feeling.name"
    FORMULATION_AGREE = "formulation.version.agree"
    FORMULATION_TAKE_BACK = "formulation.version.take_back"
    FORMULATION_WRITE = "formulation.version.write"
    GOAL_CLOSE = "formulation.goal.close"
    GOAL_RATE = "formulation.goal.rate"
    GOAL_SET = "formulation.goal.set"
    GUIDANCE_DECIDE = "guidance.suggestion.decide"
    GUIDANCE_WISH = "guidance.wishes.choose"
    KEYS_ERASE = "vault.keys.erase"
    KEYS_ROTATE = "vault.keys.rotate"
    KEYS_SHEET = "vault.sheet.show"
    KEYS_TRY = "vault.sheet.try"
    KIT_COPY = "practice.kit.copy"
    KIT_KEEP = "practice.kit.keep"
    KIT_REMOVE = "practice.kit.remove"
    MESSAGE_ANSWER = "said.message.answer"
    MESSAGE_READ = "said.message.read"
    MESSAGE_SEND = "said.message.send"
    MOMENTS_CHOOSE = "practice.moments.choose"
    NOTE_ADD = "notes.note.add"
    NOTE_BEGIN = "notes.draft.begin"
    NOTE_DROP = "notes.draft.drop"
    NOTE_KEEP = "notes.draft.keep"
    NOTE_SIGN = "notes.note.sign"
    NOTE_TAKE_OVER = "notes.draft.take_over"
    NOTE_TOGETHER = "notes.draft.together"
    PARTNER_INVITE = "consent.partner.invite"
    PARTNER_PROPOSE = "consent.partner.propose"
    POST_REMINDERS = "post.reminders.choose"
    PRACTICE_DO = "practice.doing.keep"
    PRACTICE_READ = "practice.help.read"
    PRACTICE_RETURN = "practice.exercise.return"
    PRACTICE_SET_UP = "care.practice.set_up"
    PRACTICE_SHARE = "practice.help.share"
    PROCESS_DROP = "notes.process.drop"
    PROCESS_HIDE = "notes.process.hide"
    PROCESS_KEEP = "notes.process.keep"
    PROCESS_READ = "notes.process.read"
    PROCESS_SHOW = "notes.process.show"
    PROMISE_KEEP = "notes.promise.keep"
    PROMISE_MAKE = "notes.promise.make"
    PROMISE_RELEASE = "notes.promise.release"
    READINESS_PROCEED = "guidance.readiness.proceed"
    READINESS_VIEW = "guidance.readiness.view"
    RECORD_ERASE = "care.record.erase"
    RECORD_EXPORT = "care.record.export"
    RECORD_READ = "care.record.read"
    RECORD_REFUSE = "care.record.refuse"
    RESPONSE_IMPORT = "measurement.response.import"
    RESPONSE_RECORD = "measurement.response.record"
    RUPTURE_LOG = "therapy.rupture.log"
    RUPTURE_NOTE = "therapy.rupture.note"
    RUPTURE_REPAIR = "therapy.rupture.repair"
    RUPTURE_SPEAK = "therapy.rupture.speak"
    SAFETY_READ = "safety.plan.read"
    SAFETY_REVIEW = "safety.plan.review"
    SAFETY_WRITE = "safety.plan.write"
    SAID_BRING = "said.draft.bring"
    SAID_DONE = "said.brought.done"
    SAID_KEEP = "said.draft.keep"
    SAID_TAKE_BACK = "said.brought.take_back"
    SAID_THROW_AWAY = "said.draft.throw_away"
    SESSION_AGREE = "therapy.session.agree"
    SESSION_CLOSE = "therapy.session.close"
    SESSION_PLAN = "therapy.session.plan"
    SIGNAL_ACT = "episodes.signal.act"
    SIGNAL_RAISE = "episodes.signal.raise"
    SIGNAL_READ = "episodes.signal.read"
    SKILL_NOTE = "therapy.skill.note"
    SUPERVISION_BEGIN = "care.supervision.begin"
    SUPERVISION_END = "care.supervision.end"
    SUPERVISION_LIST = "care.supervision.list"
    SUPERVISION_READ = "care.supervision.read"
    SUPPORTER_ASK = "consent.supporter.ask"
    SUPPORTER_REMOVE = "consent.supporter.remove"
    SUPPORT_LIST = "consent.support.list"
    SUPPORT_READ = "consent.support.read"
    TALK_MARK = "guidance.talk.mark"
    TALK_NOTE = "guidance.talk.note"
    TARGET_END = "measurement.target.end"
    TARGET_NAME = "measurement.target.name"
    WORDING_ATTACH = "measurement.wording.attach"
    WORDING_WITHDRAW = "measurement.wording.withdraw"


WORDS: dict[Verb, str] = {
    Verb.ACCOUNT_CLOSE: "closed an account",
    Verb.ACCOUNT_FACTOR_ADD: "added a passkey, an app or codes to sign in with",
    Verb.ACCOUNT_FACTOR_REMOVE: "removed a passkey or an app to sign in with",
    Verb.ACCOUNT_FIND: "looked for you by your address",
    Verb.ACCOUNT_FORM_REFUSE: "sent a form that no page here sends",
    Verb.ACCOUNT_GUESSES_SLOWED: "slowed down guesses at a sign-in",
    Verb.ACCOUNT_INVITE: "made an invitation",
    Verb.ACCOUNT_LINK_REFUSE: "tried a link that opens nothing",
    Verb.ACCOUNT_MAKE: "made an account",
    Verb.ACCOUNT_OPEN: "opened the account",
    Verb.ACCOUNT_PASSPHRASE: "chose a new passphrase",
    Verb.ACCOUNT_RENEW: "asked for a new second factor",
    Verb.ACCOUNT_ROLE: "granted a role",
    Verb.ACCOUNT_ROLE_END: "ended a role",
    Verb.ACCOUNT_VISIT_BEGIN: "signed in",
    Verb.ACCOUNT_VISIT_END: "ended sign-ins on other devices",
    Verb.ACCOUNT_WAYS: "chose how to sign in",
    Verb.AGENDA_BRING: "noted something for the next session",
    Verb.AGENDA_TICK: "ticked off something for the next session",
    Verb.APPROVAL_ASK: "asked for something that needs two people",
    Verb.APPROVAL_CONFIRM: "confirmed what a colleague asked for",
    Verb.APPROVAL_WITHDRAW: "took back what was asked for",
    Verb.AUDIT_EXPORT: "saved a copy of who has seen what",
    Verb.AUDIT_READ: "looked at who has seen your record",
    Verb.BACKUP_DRILL: "tried whether a backup can be restored",
    Verb.BACKUP_MAKE: "made a backup",
    Verb.BACKUP_RESTORE: "restored a backup",
    Verb.BRIDGE_CALL_OFF: "called off a plan for a break",
    Verb.BRIDGE_WRITE: "wrote a plan for a break or an ending",
    Verb.CARE_BEGIN: "began working with you",
    Verb.CARE_END: "ended the part of a colleague in your care",
    Verb.CARE_JOIN: "asked a colleague to work with you too",
    Verb.CARE_LANGUAGE: "chose the language of your pages and mails",
    Verb.CARE_LIST: "saw your name in a list",
    Verb.CARE_READING: "agreed when check-ins are read",
    Verb.CARE_WELCOME: "made your record",
    Verb.CHECKIN_HAND_OVER: "handed you a device for one form",
    Verb.CHECKIN_KEEP: "kept a draft of a check-in",
    Verb.CHECKIN_MISS: "closed a check-in that was not answered",
    Verb.CHECKIN_OPEN: "opened a check-in",
    Verb.CHECKIN_PLAN: "agreed when check-ins come",
    Verb.CHECKIN_READ: "read a check-in",
    Verb.CHECKIN_SUBMIT: "sent a check-in",
    Verb.COHORT_EXPORT: "exported figures of everybody together",
    Verb.CONCERN_ANSWER: "answered what you asked",
    Verb.CONCERN_RAISE: "asked about a line here",
    Verb.CONCERN_READ: "read what you asked",
    Verb.CONSENT_GRANT: "began to share something",
    Verb.CONSENT_LIST: "saw your name among people who share with them",
    Verb.CONSENT_READ: "looked at what you share",
    Verb.CONSENT_WITHDRAW: "stopped sharing something",
    Verb.COURSE_CHOOSE: "chose what to see of the course",
    Verb.COURSE_NOTE: "wrote beside the course",
    Verb.COVER_BEGIN: "asked a colleague to stand in",
    Verb.COVER_END: "ended the time of a colleague standing in",
    Verb.EMERGENCY_LEAVE: "closed your record after an emergency",
    Verb.EMERGENCY_MISS: "looked for a record in an emergency and found none",
    Verb.EMERGENCY_OPEN: "opened your record in an emergency",
    Verb.EMERGENCY_READ: "read your record in an emergency",
    Verb.EMERGENCY_REVIEW: "checked why your record was opened in an emergency",
    Verb.EXCLUSION_LIFT: "let somebody be asked into your care again",
    Verb.EXCLUSION_SHUT: "kept somebody out of your record",
    Verb.EPISODE_OPEN: "began a span of care",
    Verb.EPISODE_PHASE: "noted a new phase of care",
    Verb.FEELING_DROP: "took back a feeling that was named",
    Verb.FEELING_NAME: "named a feeling",
    Verb.FORMULATION_AGREE: "agreed to share what you wrote together",
    Verb.FORMULATION_TAKE_BACK: "stopped sharing what you wrote together",
    Verb.FORMULATION_WRITE: "wrote down how your pattern is understood",
    Verb.GOAL_CLOSE: "closed a goal",
    Verb.GOAL_RATE: "rated how far a goal is",
    Verb.GOAL_SET: "set a goal",
    Verb.GUIDANCE_DECIDE: "decided on a suggestion",
    Verb.GUIDANCE_WISH: "chose how guidance works for them",
    Verb.KEYS_ERASE: "erased what was written about you",
    Verb.KEYS_ROTATE: "made new keys",
    Verb.KEYS_SHEET: "made a recovery sheet",
    Verb.KEYS_TRY: "tried the recovery sheet",
    Verb.KIT_COPY: "took a copy of your kit onto a device",
    Verb.KIT_KEEP: "kept something in your kit",
    Verb.KIT_REMOVE: "took something out of your kit",
    Verb.MESSAGE_ANSWER: "answered what you sent",
    Verb.MESSAGE_READ: "read what you sent",
    Verb.MESSAGE_SEND: "sent words",
    Verb.MOMENTS_CHOOSE: "chose what is shown at chosen times",
    Verb.NOTE_ADD: "added to a note",
    Verb.NOTE_BEGIN: "began a note",
    Verb.NOTE_DROP: "threw away a note that was not signed",
    Verb.NOTE_KEEP: "wrote in a note",
    Verb.NOTE_SIGN: "signed a note",
    Verb.NOTE_TAKE_OVER: "took over a note that was left unfinished",
    Verb.NOTE_TOGETHER: "chose whether colleagues write in a note too",
    Verb.PARTNER_INVITE: "invited a partner to your care team",
    Verb.PARTNER_PROPOSE: "proposed a partner for your care team",
    Verb.POST_REMINDERS: "chose whether reminders come by mail",
    Verb.PRACTICE_DO: "did an exercise",
    Verb.PRACTICE_READ: "looked at which exercises help you",
    Verb.PRACTICE_RETURN: "wanted an exercise back",
    Verb.PRACTICE_SET_UP: "set up the practice",
    Verb.PRACTICE_SHARE: "chose whether it is shared what helps",
    Verb.PROCESS_DROP: "threw away a note of their own",
    Verb.PROCESS_HIDE: "stopped showing a note of their own to their supervisor",
    Verb.PROCESS_KEEP: "wrote a note for themselves",
    Verb.PROCESS_READ: "read a note of your therapist's own, under your initials",
    Verb.PROCESS_SHOW: "showed a note of their own to their supervisor",
    Verb.PROMISE_KEEP: "kept a promise",
    Verb.PROMISE_MAKE: "promised you something",
    Verb.PROMISE_RELEASE: "noted that a promise is not needed any more",
    Verb.READINESS_PROCEED: "decided to begin trauma work, with a reason",
    Verb.READINESS_VIEW: "noted how ready the work is for the next step",
    Verb.RECORD_ERASE: "erased your record",
    Verb.RECORD_EXPORT: "made a copy of your record",
    Verb.RECORD_READ: "opened your record",
    Verb.RECORD_REFUSE: "asked for your record",
    Verb.RESPONSE_IMPORT: "added earlier scores",
    Verb.RESPONSE_RECORD: "recorded answers",
    Verb.RUPTURE_LOG: "wrote about a strain between you",
    Verb.RUPTURE_NOTE: "noted a strain between you",
    Verb.RUPTURE_REPAIR: "noted a repair",
    Verb.RUPTURE_SPEAK: "noted that you spoke of a strain",
    Verb.SAFETY_READ: "opened your safety plan",
    Verb.SAFETY_REVIEW: "looked over the safety plan",
    Verb.SAFETY_WRITE: "wrote the safety plan",
    Verb.SAID_BRING: "chose words for a session",
    Verb.SAID_DONE: "noted that words for a session were talked about",
    Verb.SAID_KEEP: "kept a draft",
    Verb.SAID_TAKE_BACK: "took back words for a session",
    Verb.SAID_THROW_AWAY: "threw a draft away",
    Verb.SESSION_AGREE: "agreed how often you meet",
    Verb.SESSION_CLOSE: "noted how a session ended",
    Verb.SESSION_PLAN: "planned a session",
    Verb.SIGNAL_ACT: "acted on a reason to look",
    Verb.SIGNAL_RAISE: "was shown a reason to look",
    Verb.SIGNAL_READ: "read a reason to look",
    Verb.SKILL_NOTE: "noted a skill you tried",
    Verb.SUPERVISION_BEGIN: "agreed on supervision",
    Verb.SUPERVISION_END: "ended a supervision",
    Verb.SUPERVISION_LIST: "saw your initials in a list",
    Verb.SUPERVISION_READ: "read about the work with you, under your initials",
    Verb.SUPPORTER_ASK: "asked somebody close to be there",
    Verb.SUPPORTER_REMOVE: "took somebody off the people close by",
    Verb.SUPPORT_LIST: "saw the name you gave them for you",
    Verb.SUPPORT_READ: "looked at what you share with people close to you",
    Verb.TALK_MARK: "put a question on the list for supervision",
    Verb.TALK_NOTE: "noted what came of supervision",
    Verb.TARGET_END: "noted that questions about a person end",
    Verb.TARGET_NAME: "noted a person your answers are about",
    Verb.WORDING_ATTACH: "attached the words of an instrument",
    Verb.WORDING_WITHDRAW: "withdrew the words of an instrument",
}
