"""Did a person write this mail just now? Bounces, auto-replies, lists and invitations, by header and by subject.

The headers of RFC 3464, RFC 3834 and RFC 2369 alone catch four of five real bounces; daemon senders and subjects
catch the rest. `X-Auto-Response-Suppress` is no sign: Outlook sets it on mail that people write.
"""

from __future__ import annotations

import re

from mailflow.model import Automatic, Email

DAEMONS = frozenset({"mailer-daemon", "postmaster", "maildaemon", "mail-daemon", "mdaemon", "bounce", "bounces"})
LIST_HEADERS = ("list-id", "list-post", "list-help", "list-unsubscribe")
REPLY_HEADERS = ("x-autoreply", "x-autorespond", "x-autoresponder")
BOUNCE_SUBJECTS = re.compile(
    r"(?:undeliver(?:ed|able)\b|undelivered mail|mail delivery (?:failed|failure|status|subsystem|system)\b"
    r"|delivery status notification|delivery (?:failure|has failed)|(?:mail |delivery )?failure notice|returned mail:"
    r"|message (?:undeliverable|delivery (?:failure|failed))|mail could not be delivered"
    r"|non[- ]?delivery (?:report|notification)"
    r"|warning: (?:could not send|message)|unzustellbar|nicht zustellbar|zustellung fehlgeschlagen|non remis\b"
    r"|échec de (?:la )?remise|no se puede entregar|error de entrega|mancato recapito|impossibile recapitare"
    r"|niet bezorgd|onbestelbaar|não foi possível entregar|falha na entrega)",
    re.IGNORECASE,
)
REPLY_SUBJECTS = re.compile(
    r"(?:(?:re|aw|antwort): ?)?(?:auto(?:matic|mated)?[- ]?(?:reply|response)\b|auto: "
    r"|out of (?:the )?office(?:$|:| auto| re)|vacation (?:reply|response)"
    r"|abwesenheits(?:notiz|benachrichtigung|meldung|assistent)|automatische (?:antwort|rückantwort)"
    r"|réponse automatique|absence du bureau|respuesta automática|fuera de la oficina|risposta automatica"
    r"|fuori sede|automatisch antwoord|afwezig(?:heid)?sbericht|resposta automática)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>")
_KEYWORD = re.compile(r"[\s;(].*", re.DOTALL)
CALENDAR_METHOD = re.compile(r"method\s*=\s*\"?(request|cancel|reply|counter|publish|add|refresh)", re.IGNORECASE)


def automatic_kind(email: Email, *, from_coach: bool = False) -> Automatic | None:
    """Why nobody wrote this mail to mailflow just now; None for a person's mail.

    A coach may write 'Auto: Jane' or 'Returned mail: …' above a note, and the notes address may be a mailing list's:
    `from_coach` takes the word of other headers only.
    """
    # RFC 3834 5: a keyword, then perhaps parameters or comments.
    submitted = _KEYWORD.sub("", email.header("auto-submitted").strip().lower())
    sender = email.from_[0].email.partition("@")[0].casefold() if email.from_ else ""
    if _is_report(email, "delivery-status") or email.header("x-failed-recipients"):
        return Automatic.BOUNCE
    if _is_auto_reply(email, submitted) or (not from_coach and REPLY_SUBJECTS.match(email.subject)):
        return Automatic.AUTO_REPLY
    if email.header("return-path") == "<>":
        return Automatic.BOUNCE
    if not from_coach and (sender in DAEMONS or BOUNCE_SUBJECTS.match(email.subject)):
        return Automatic.BOUNCE
    precedence = email.header("precedence").lower()
    if precedence in ("bulk", "junk") or (not from_coach and _is_list(email, precedence)):
        return Automatic.LIST
    if submitted not in ("", "no"):
        return Automatic.AUTO_REPLY
    return Automatic.INVITATION if _is_invitation(email) else None


def _is_report(email: Email, kind: str) -> bool:
    """A report of RFC 6522; one that does not say of what is a bounce more often than not."""
    if email.content_type != "multipart/report":
        return False
    said = email.header("content-type").lower()
    return kind in said or (kind == "delivery-status" and "report-type" not in said)


def _is_auto_reply(email: Email, submitted: str) -> bool:
    """A read receipt counts as one: a program wrote it in answer to a mail."""
    return (
        submitted in ("auto-replied", "auto-notified")
        or any(email.header(name) for name in REPLY_HEADERS)
        or email.header("precedence").lower() == "auto_reply"
        or email.content_type == "multipart/report"
    )


def _is_list(email: Email, precedence: str) -> bool:
    return precedence == "list" or any(email.header(name) for name in LIST_HEADERS)


def _is_invitation(email: Email) -> bool:
    """An invitation with nothing typed. One with text beside it may be a note, and is read as one."""
    calendars = [value for name, value in email.headers if name == "content-type" and "text/calendar" in value.lower()]
    typed = (email.text or "").strip() or _TAG.sub("", email.html or "").strip()
    return not typed and any(CALENDAR_METHOD.search(value) for value in calendars)
