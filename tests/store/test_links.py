"""Links: one for each thing and person, the same in every mail, closed for good when revoked."""

from __future__ import annotations

import pytest

from mailflow.model import LinkPurpose
from mailflow.store import links
from mailflow.store.database import Database
from tests.builders import DAY, JANE, NOW, TOM


def test_same_thing_for_the_same_person_is_the_same_link_and_lives_on(database: Database) -> None:
    with database.write() as tx:
        first = links.ensure(tx, NOW, LinkPurpose.ACTION, 7, JANE.id)
        later = links.ensure(tx, NOW + DAY, LinkPurpose.ACTION, 7, JANE.id)

    assert later.id == first.id
    assert (first.expires_at, later.expires_at) == (NOW + 180 * DAY, NOW + 181 * DAY)


@pytest.mark.parametrize(
    ("purpose", "subject_id", "client_id"),
    [(LinkPurpose.HOMEWORK, 7, JANE.id), (LinkPurpose.ACTION, 8, JANE.id), (LinkPurpose.ACTION, 7, TOM.id)],
)
def test_another_purpose_or_thing_or_person_has_another_link(
    database: Database, purpose: LinkPurpose, subject_id: int, client_id: int
) -> None:
    with database.write() as tx:
        first = links.ensure(tx, NOW, LinkPurpose.ACTION, 7, JANE.id)
        other = links.ensure(tx, NOW, purpose, subject_id, client_id)

    assert other.id != first.id


@pytest.mark.parametrize("purpose", LinkPurpose)
def test_every_purpose_has_a_lifetime(database: Database, purpose: LinkPurpose) -> None:
    with database.write() as tx:
        expires_at = links.ensure(tx, NOW, purpose, 1, 0).expires_at

    assert expires_at is not None
    assert expires_at > NOW


def test_link_is_found_by_its_id_and_by_what_it_opens(database: Database) -> None:
    with database.write() as tx:
        link = links.ensure(tx, NOW, LinkPurpose.REVIEW, 3, 0)

    with database.read() as tx:
        assert links.find(tx, link.id) == link
        assert links.of(tx, LinkPurpose.REVIEW, 3, 0) == link
        assert links.find(tx, b"\0" * 16) is None
        assert links.of(tx, LinkPurpose.REVIEW, 4, 0) is None


def test_revoking_closes_every_persons_link_to_the_thing_and_no_other(database: Database) -> None:
    with database.write() as tx:
        for client in (JANE, TOM):
            links.ensure(tx, NOW, LinkPurpose.HOMEWORK, 1, client.id)
        other = links.ensure(tx, NOW, LinkPurpose.HOMEWORK, 2, JANE.id)
        links.revoke(tx, LinkPurpose.HOMEWORK, 1, NOW + DAY)
        links.revoke(tx, LinkPurpose.HOMEWORK, 1, NOW + 2 * DAY)

    with database.read() as tx:
        closed = [links.of(tx, LinkPurpose.HOMEWORK, 1, client.id) for client in (JANE, TOM)]
        assert [link and link.revoked_at for link in closed] == [NOW + DAY, NOW + DAY]
        assert links.find(tx, other.id) == other


def test_link_that_is_given_again_after_it_was_revoked_opens_with_a_new_token_only(database: Database) -> None:
    """A note given to Jane, then to Tom, then to Jane after all: her homework must not be full of dead links."""
    with database.write() as tx:
        first = links.ensure(tx, NOW, LinkPurpose.HOMEWORK, 1, JANE.id)
        links.revoke(tx, LinkPurpose.HOMEWORK, 1, NOW)
        again = links.ensure(tx, NOW + DAY, LinkPurpose.HOMEWORK, 1, JANE.id)
        third = links.ensure(tx, NOW + DAY, LinkPurpose.HOMEWORK, 1, JANE.id)

    assert again == third
    assert again.revoked_at is None
    assert (again.id, again.version) != (first.id, first.version)


def test_ids_cannot_be_guessed_from_each_other(database: Database) -> None:
    with database.write() as tx:
        ids = [links.ensure(tx, NOW, LinkPurpose.ACTION, number, JANE.id).id for number in range(100)]

    assert {len(link_id) for link_id in ids} == {16}
    assert len({link_id[:8] for link_id in ids}) == len({link_id[8:] for link_id in ids}) == 100
