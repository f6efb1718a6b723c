"""What emails and pages speak of, gathered from the store: always as it stands at this moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from mailflow.flows.pages import Pages
from mailflow.flows.plan import why_undeliverable
from mailflow.model import Action, Client, Coach, DueKind, Note, OutboundEmail, OutboundState, Session
from mailflow.rules.advice import Reviewed, review_advice
from mailflow.rules.clarity import on_itself
from mailflow.rules.matching import RECENT, REMEMBERED
from mailflow.store import actions, attempts, clients, coaches, notes, outbox, reviews, sessions, settling
from mailflow.store.database import Transaction
from mailflow.views.emails import HomeworkView, ReviewView
from mailflow.views.parts import ActionView, CandidateView


@dataclass(frozen=True)
class Situation:
    """A note with everybody concerned. `next_session` is the client's first after the note was written."""

    coach: Coach
    client: Client | None
    note: Note
    session: Session | None
    next_session: Session | None
    zone: ZoneInfo

    @property
    def client_name(self) -> str:
        return "" if self.client is None else name_of(self.client)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def session_at(self, session: Session | None) -> datetime | None:
        return None if session is None else self.local(session.starts_at)


def situation_of(tx: Transaction, note: Note) -> Situation:
    coach = coaches.get(tx, note.coach_id)
    client = None if note.client_id is None else clients.get(tx, note.client_id)
    return Situation(
        coach=coach,
        client=client,
        note=note,
        session=None if note.session_id is None else sessions.get(tx, note.session_id),
        next_session=None if client is None else sessions.next_of_client(tx, client.id, note.written_at),
        zone=ZoneInfo(coach.timezone),
    )


def name_of(client: Client) -> str:
    return client.name or client.email


def action_views(
    tx: Transaction,
    listed: Sequence[Action],
    zone: ZoneInfo,
    *,
    next_session: Session | None = None,
    url: Callable[[Action], str] = lambda _: "",
    carried: bool = False,
    undelivered: Collection[int] = (),
    first: int = 1,
) -> tuple[ActionView, ...]:
    """The actions with the last answer to each, numbered from `first`."""
    reflections = actions.latest_reflections(tx, [action.id for action in listed])
    views = []
    for number, action in enumerate(listed, start=first):
        reflection = reflections.get(action.id)
        views.append(
            ActionView(
                id=action.id,
                number=number,
                text=action.text,
                due=action.due,
                due_on=_due_on(action, next_session, zone),
                steps=action.steps,
                plan=action.plan,
                why=action.why,
                url=url(action),
                advice=on_itself(action),
                answer=action.answer,
                reflection=reflection.text if reflection else "",
                obstacle=reflection.obstacle if reflection else "",
                usefulness=reflection.usefulness if reflection else None,
                agreed_on=action.created_at.astimezone(zone).date(),
                carried=carried,
                dropped=action.dropped_at is not None,
                undelivered=action.answer is None and action.id in undelivered,
                together=action.together_at is not None,
                said=reflection.answer if reflection and action.together_at is not None else None,
            )
        )
    return tuple(views)


def _due_on(action: Action, next_session: Session | None, zone: ZoneInfo) -> date | None:
    if action.due.kind is DueKind.NEXT_SESSION and next_session is not None:
        return next_session.starts_at.astimezone(zone).date()
    return action.due.on


def listed_actions(tx: Transaction, note: Note) -> list[Action]:
    """The actions that the note has by now, in its order."""
    return [action for action in actions.of_note(tx, note.id) if action.dropped_at is None]


def homework_view(tx: Transaction, note: Note, client_id: int, pages: Pages) -> HomeworkView:
    """What the client may know of a note: its actions, what is open of older ones, the shared summary."""
    listed = listed_actions(tx, note)
    situation = situation_of(tx, note)
    show = partial(action_views, tx, zone=situation.zone, next_session=situation.next_session, url=pages.action)
    return HomeworkView(
        coach_name=situation.coach.name,
        client_name=situation.client_name,
        session_at=situation.session_at(situation.session),
        next_session_at=situation.session_at(situation.next_session),
        summary=note.summary,
        actions=show(listed),
        carried=show(actions.still_open(tx, client_id, before_note=note), carried=True, first=len(listed) + 1),
        all_url=pages.homework(note.id, client_id),
    )


def as_update(tx: Transaction, view: HomeworkView, previous: OutboundEmail) -> HomeworkView:
    """The homework as what changed since the one that the client has."""
    frozen = attempts.frozen(tx, previous.id)
    known = () if frozen is None else frozen.actions
    removed = [action for action_id in known if (action := actions.find(tx, action_id)) and action.dropped_at]
    return replace(
        view,
        actions=tuple(replace(action, news=_news(tx, action, known, previous)) for action in view.actions),
        is_update=True,
        removed=tuple(action.text for action in removed),
    )


def _news(tx: Transaction, view: ActionView, known: Sequence[int], previous: OutboundEmail) -> str:
    if view.id not in known:
        return "new"
    changed_at, sent_at = actions.get(tx, view.id).changed_at, previous.sent_at
    return "changed" if changed_at and sent_at and changed_at >= sent_at else ""


def perhaps_with(tx: Transaction, note: Note) -> str:
    """Whom the note's homework may have reached although it is not theirs: an attempt ended without an answer."""
    lost = [row.client_id for row in outbox.homework_of_note(tx, note.id) if row.perhaps_sent]
    others = [client_id for client_id in lost if client_id is not None and client_id != note.client_id]
    return ", ".join(name_of(clients.get(tx, client_id)) for client_id in others)


def why_stopped(client: Client | None, homework: OutboundEmail | None) -> str:
    """With which words mail to the client came back, where the homework is held for it."""
    if client is None or homework is None or homework.state is not OutboundState.HELD:
        return ""
    return client.undeliverable if homework.reason == why_undeliverable(client) else ""


def candidate_value(client_id: int, session_id: int | None) -> str:
    return f"client-{client_id}" if session_id is None else f"session-{session_id}-{client_id}"


@dataclass(frozen=True)
class Candidate:
    """A possible answer to 'whose session was it?'. `value` names it in links and forms: the client with the session,
    which may have become somebody else's since the page was looked at."""

    client: Client
    session: Session | None

    @property
    def value(self) -> str:
        return candidate_value(self.client.id, None if self.session is None else self.session.id)


def candidates_of(tx: Transaction, note: Note) -> list[Candidate]:
    """Recent sessions, each client's latest remembered one, the latest first; then the clients who had none."""
    remembered = sessions.began_between(tx, note.coach_id, note.written_at - REMEMBERED, note.written_at)
    latest = {session.client_id: session.id for session in remembered}
    known = {client.id: client for client in clients.of_coach(tx, note.coach_id)}
    likely = [
        Candidate(known[session.client_id], session)
        for session in reversed(remembered)
        if latest[session.client_id] == session.id or note.written_at - session.starts_at <= RECENT
    ]
    return likely + [Candidate(client, None) for client in known.values() if client.id not in latest]


def candidate_views(candidates: Sequence[Candidate], zone: ZoneInfo, url: str) -> tuple[CandidateView, ...]:
    return tuple(
        CandidateView(
            value=candidate.value,
            client_name=name_of(candidate.client),
            client_email=candidate.client.email,
            session_at=None if candidate.session is None else candidate.session.starts_at.astimezone(zone),
            url=f"{url}?do=choose&candidate={candidate.value}",
        )
        for candidate in candidates
    )


def review_view(
    tx: Transaction, session: Session, url: str, *, first: int = 1, on_page: bool = False
) -> ReviewView | None:
    """What there is to review before this session; None where there is nothing, as before a first one.

    Of a group it is everybody's, one after the other. Actions are numbered from `first`. The page also has what was
    dropped on it, which can be brought back there.
    """
    found: list[ReviewView] = []
    for one in sessions.together(tx, session):
        view = _client_review(tx, one, url, first, on_page=on_page)
        if view is not None:
            found.append(view)
            first += len(view.agreed) + len(view.carried)
    return replace(found[0], others=tuple(found[1:])) if found else None


def since_last_review(tx: Transaction, view: ReviewView, session: Session, email: OutboundEmail) -> ReviewView:
    """The review as what is new since the coach had one before this session, which moved on; else as it is."""
    last = reviews.last_of_session(tx, session.id, but=email.id)
    if last is None or last.client_id != session.client_id:
        return view
    zone = view.session_at.tzinfo
    marked = tuple(_mark_news(tx, one, last.made_at) for one in view.everybody)
    return replace(
        marked[0],
        others=marked[1:],
        moved_from=last.starts_at.astimezone(zone),
        reviewed_at=last.reviewed_at.astimezone(zone),
    )


def _mark_news(tx: Transaction, view: ReviewView, since: datetime) -> ReviewView:
    listed = (*view.agreed, *view.carried)
    reflections = actions.latest_reflections(tx, [action.id for action in listed])
    new = {action_id for action_id, reflection in reflections.items() if reflection.saved_at >= since}
    new |= {action.id for action in listed if actions.get(tx, action.id).created_at >= since}

    def marked(some: tuple[ActionView, ...]) -> tuple[ActionView, ...]:
        return tuple(replace(action, news="new" if action.id in new else "") for action in some)

    return replace(view, agreed=marked(view.agreed), carried=marked(view.carried))


def _client_review(tx: Transaction, session: Session, url: str, first: int, *, on_page: bool) -> ReviewView | None:
    coach = coaches.get(tx, session.coach_id)
    client = clients.get(tx, session.client_id)
    zone = ZoneInfo(coach.timezone)
    note = notes.latest_of_client(tx, client.id, session.starts_at)
    if note is None:
        return None
    previous = sessions.previous_of_client(tx, client.id, session.starts_at)
    since = note.written_at if previous is None else previous.starts_at
    is_new = note.written_at >= since
    recent = notes.of_client_between(tx, client.id, since, session.starts_at)
    listed_by_notes = [action for one in recent for action in actions.of_note(tx, one.id)]
    agreed = [a for a in listed_by_notes if a.dropped_at is None or (on_page and a.settled_in == session.id)]
    promised = tuple(promise for one in recent for promise in one.coach_actions)
    seen = {action.id for action in agreed}
    known = actions.answered_since(tx, client.id, since) + actions.still_open(tx, client.id, before_note=None)
    older = [action for action in known if action.id not in seen]
    if on_page:
        older = _on_page(tx, session, older, seen)
    if not agreed and not older and not promised and recent:
        return None
    listed = (*agreed, *older)
    lost = actions.undelivered(tx, [action.id for action in listed])
    show = partial(action_views, tx, zone=zone, next_session=session, undelivered=lost)
    return ReviewView(
        coach_name=coach.name,
        client_name=name_of(client),
        session_at=session.starts_at.astimezone(zone),
        agreed_on=note.written_at.astimezone(zone).date() if is_new else None,
        agreed=show(agreed, first=first),
        carried=show(older, carried=True, first=first + len(agreed)),
        coach_actions=promised,
        no_note=not recent,
        advice=review_advice(
            [Reviewed(action.answer, _times(tx, action, client, previous)) for action in _telling(listed, agreed)],
            delivered=len(lost) < len(listed),
            first=not notes.had_actions_before(tx, client.id, since),
        ),
        url=url,
        session_id=session.id,
    )


def _on_page(tx: Transaction, session: Session, older: list[Action], seen: Collection[int]) -> list[Action]:
    """With what was dropped there, without what was agreed in the session itself, and in an order that no button
    changes."""
    dropped = [action for action in settling.dropped_in(tx, session.id) if action.id not in seen]
    before = [a for a in (*older, *dropped) if notes.get(tx, a.note_id).written_at < session.starts_at]
    return sorted(before, key=lambda action: (action.created_at, action.note_id, action.position))


def _telling(listed: Sequence[Action], agreed: Sequence[Action]) -> list[Action]:
    """What the advice is about: not what was dropped, nor what was settled together in the session before."""
    there = [action for action in listed if action.dropped_at is None]
    return [action for action in there if action.together_at is None or action in agreed] or there


def _times(tx: Transaction, action: Action, client: Client, previous: Session | None) -> int:
    """Before how many sessions the action was open, the coming one with them; 3 stands for more."""
    if previous is None or action.created_at >= previous.starts_at:
        return 1
    before_that = sessions.previous_of_client(tx, client.id, previous.starts_at)
    return 2 if before_that is None or action.created_at >= before_that.starts_at else 3
