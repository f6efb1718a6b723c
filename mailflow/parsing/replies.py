"""Short replies to mailflow's own mails: what the coach decides, and what the client did.

Strict on purpose: what is not wholly understood is no answer, and a person reads it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from mailflow.model import Answer
from mailflow.parsing.prose_words import SENT_FROM, SIGN_OFFS
from mailflow.parsing.words import phrases

LONGEST_DECISION = 40
LONGEST_REPLY = 20_000


class CoachDecision(StrEnum):
    """The first line of a coach's reply to a receipt or a question."""

    STOP = "stop"
    SEND = "send"


_STOP = phrases(
    """
    stop|hold|hold it|wait|don't send|do not send|dont send|stopp|halt|halten|warte|warten|nicht senden|nicht schicken
    arrête|arrêter|attends|attendre|ne pas envoyer|para|parar|espera|esperar|no enviar|ferma|fermare|aspetta|aspettare
    non inviare|wacht|wachten|niet versturen|espere|não enviar
    """
)
_SEND = phrases(
    """
    send|send now|send it|send it now|go|go ahead|senden|jetzt senden|schicken|jetzt schicken|abschicken
    envoyer|envoie|envoyer maintenant|enviar|envía|enviar ahora|invia|invia ora|inviare|versturen|verstuur|nu versturen
    envie|enviar agora
    """
)
_ALL_DONE = phrases(
    """
    all done|all of them done|both done|done both|done all|everything done|alles erledigt|alle erledigt|beide erledigt
    tout fait|todo hecho|tutto fatto|alles gedaan|tudo feito
    """
)
# The longest first: 'not done' begins with no other, 'done' ends it.
_ANSWERS: tuple[tuple[Answer, frozenset[str]], ...] = (
    (
        Answer.NOT_DONE,
        phrases(
            """
            not done|didn't do it|did not do it|didn't|did not|haven't|haven't done it|not yet|no
            nicht erledigt|nicht gemacht|nicht geschafft|noch nicht|pas fait|pas encore|no hecho|no lo hice|non fatto
            niet gedaan|nog niet|não feito|não fiz
            """
        ),
    ),
    (
        Answer.PARTLY,
        phrases(
            """
            partly|partially|partly done|half|half done|some of it|teilweise|zum teil|halb|en partie|en parte|in parte
            deels|gedeeltelijk|em parte|parcialmente
            """
        ),
    ),
    (
        Answer.DONE,
        phrases(
            """
            done|did it|i did it|did this|finished|completed|complete|yes|erledigt|gemacht|geschafft|fertig|ja
            fait|c'est fait|terminé|hecho|lo hice|terminado|fatto|finito|gedaan|klaar|feito|fiz
            """
        ),
    ),
)
_NUMBER_FIRST = re.compile(
    r"(?:action |#|no\.? ?|nr\.? ?)?(\d{1,2})\s*(?:[:.)–-]|\s)\s*(.*)", re.IGNORECASE | re.DOTALL
)
_NUMBER_LAST = re.compile(r"(.*?)\s+(?:action |#)?(\d{1,2})\s*(?:[:.,;–-](?!\d)\s*(.*))?", re.IGNORECASE | re.DOTALL)
_AFTER_WORD = re.compile(r"(?:[\s,.:;!–-]|$)")
_AFTER_PHRASE = re.compile(r"\s*(?:[^\w\s]|$)")
_SHORT = frozenset({"yes", "no", "ja", "half"})
"""Said of an action only where a number stands beside them: 'Yes, see you on Tuesday' is no answer."""
_OPEN = _SHORT | {"didn't", "did not", "haven't"}
"""What follows may turn them round: 'No problem, did it', 'Didn't think that I could, but did'."""
_STATUS = "|".join(re.escape(phrase) for _, known in _ANSWERS for phrase in sorted(known, key=len, reverse=True))
_ANOTHER = re.compile(
    rf"(?<!\w)\d{{1,2}}\W{{0,3}}(?:{_STATUS})(?!\w)|(?<!\w)(?:{_STATUS})\W{{1,3}}\d{{1,2}}(?!\w)"
    r"|^(?:\w+ )?#?\d{1,2}\W*$|\?",
    re.IGNORECASE,
)
"""In the words behind an answer: another one, or a question."""
_SPLIT = re.compile(r"\s*[,;]\s*(?=(?:#?\d{1,2}\b|\w+(?: \w+)? #?\d{1,2}\b))")


def read_decision(text: str) -> CoachDecision | int | None:
    """What the first line of a coach's reply decides: a word, or the number of an answer; None where it decides
    nothing."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    words = first.lower().strip(" .!*_>").replace("’", "'")
    if len(words) > LONGEST_DECISION:
        return None
    if re.fullmatch(r"#?\d{1,2}\)?", words):
        return int(words.strip("#)"))
    if words in _STOP:
        return CoachDecision.STOP
    return CoachDecision.SEND if words in _SEND else None


@dataclass(frozen=True)
class ClientAnswer:
    """What a client wrote about one action. `number` is the mail's, None where none is said, 0 where all are meant."""

    number: int | None
    answer: Answer
    text: str


def read_answers(text: str, name: str = "") -> tuple[ClientAnswer, ...]:
    """The answers of a client's reply; () where a part of it is something else, for a person to read.

    'done', 'done 2', '2: did it, learnt a lot', '1 done, 2 not done', one a line or behind each other. Further lines
    without a number go on with the one before; below a blank line they are something else, unless they are the
    client's `name`.
    """
    if len(text) > LONGEST_REPLY:
        return ()
    answers: list[ClientAnswer] = []
    below_blank = False
    for line in _written(text, name):
        if not line:
            below_blank = True
            continue
        found = [_answer(piece) for piece in _SPLIT.split(line)]
        if all(found):
            answers += [answer for answer in found if answer]
        elif (whole := _answer(line)) is not None:
            answers.append(whole)
        elif answers and answers[-1].number != 0 and not below_blank:
            last = answers[-1]
            answers[-1] = ClientAnswer(last.number, last.answer, f"{last.text}\n{line}".strip())
        else:
            return ()
        below_blank = False
    numbers = [answer.number for answer in answers]
    is_clear = len(set(numbers)) == len(numbers) and not any(_ANOTHER.search(answer.text) for answer in answers)
    return tuple(answers) if is_clear else ()


def _written(text: str, name: str) -> list[str]:
    """The lines up to the farewell, or the name below."""
    lines: list[str] = []
    for line in (" ".join(line.split()) for line in text.split("\n")):
        bare = line.lower().rstrip(" ,.!")
        if bare == "--" or bare in SIGN_OFFS or bare.startswith(SENT_FROM):
            break
        lines.append(line)
    known = set(name.lower().split())
    while lines and known.issuperset(lines[-1].lower().strip(" ,.!-–").split()):
        lines.pop()
    return lines


def _answer(piece: str) -> ClientAnswer | None:
    piece = piece.strip(" *_-•").replace("’", "'")
    if piece.lower().rstrip(" .!") in _ALL_DONE:
        return ClientAnswer(0, Answer.DONE, "")
    if numbered := _NUMBER_FIRST.fullmatch(piece):
        status = _status(numbered[2])
        return None if status is None else ClientAnswer(int(numbered[1]), *status)
    if numbered := _NUMBER_LAST.fullmatch(piece):
        status = _status(numbered[1])
        if status is not None and not status[1]:
            return ClientAnswer(int(numbered[2]), status[0], (numbered[3] or "").strip())
    status = _status(piece, alone=True)
    return None if status is None else ClientAnswer(None, *status)


def _status(words: str, *, alone: bool = False) -> tuple[Answer, str] | None:
    """(the answer that the words begin with, the rest). `alone`: no number says that it is one.

    'Not done because …' is what it says; 'Done half of it' is not.
    """
    lower = words.lower()
    for answer, known in _ANSWERS:
        for phrase in sorted(known - _SHORT if alone else known, key=len, reverse=True):
            ends = _AFTER_PHRASE if alone or answer is Answer.DONE or phrase in _OPEN else _AFTER_WORD
            if lower.startswith(phrase) and ends.match(lower, len(phrase)):
                return answer, words[len(phrase) :].lstrip(" ,.:;!–-").strip()
    return None
