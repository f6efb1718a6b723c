"""What emails and pages have in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from mailflow.model import Advice, Answer, Due


@dataclass(frozen=True)
class ActionView:
    """One action as its reader sees it.

    `due_on` is the resolved day, also for an action that is due at the next session.
    `url` is the page for it: the client's in homework and client pages, '' elsewhere.
    `agreed_on` is the day of the note; `carried` is true where the note is older than the one that this mail
    or page is about. `news` is 'new' or 'changed' in a mail that updates an earlier one, and 'new' where the answer is
    in a review that follows another. `undelivered`: no mail with it
    has reached the client. `together`: it is the coach who said 'done'; `said` is then what the client answered before.
    `can_settle`: it has the buttons of the review page.
    """

    id: int
    number: int
    text: str
    due: Due
    due_on: date | None
    steps: tuple[str, ...] = ()
    plan: str = ""
    why: str = ""
    url: str = ""
    advice: tuple[Advice, ...] = ()
    answer: Answer | None = None
    reflection: str = ""
    obstacle: str = ""
    usefulness: int | None = None
    agreed_on: date | None = None
    carried: bool = False
    dropped: bool = False
    news: str = ""
    undelivered: bool = False
    together: bool = False
    said: Answer | None = None
    can_settle: bool = False


@dataclass(frozen=True)
class CandidateView:
    """One answer to 'whose session was it?'. `session_at` is None for a client without a recent session."""

    value: str
    client_name: str
    client_email: str
    session_at: datetime | None
    url: str
