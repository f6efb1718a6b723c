"""What is known of a calendar's objects: whether they changed, and when to look again."""

from __future__ import annotations

from mailflow.store import calendar_objects
from mailflow.store.calendar_objects import StoredObject
from mailflow.store.database import Database
from tests.builders import DAY, NOW


def test_versions_are_the_latest(practice: Database) -> None:
    with practice.write() as tx:
        assert calendar_objects.save(tx, 1, StoredObject("/a.ics", "1", "a", None)) is None
        assert calendar_objects.save(tx, 1, StoredObject("/a.ics", "2", "a", None)) is None
        calendar_objects.save(tx, 1, StoredObject("/b.ics", "1", "b", None))
        assert calendar_objects.versions(tx, 1) == {"/a.ics": "2", "/b.ics": "1"}


def test_another_uid_under_the_same_key_says_which_was_there(practice: Database) -> None:
    with practice.write() as tx:
        calendar_objects.save(tx, 1, StoredObject("/a.ics", "1", "a", None))
        assert calendar_objects.save(tx, 1, StoredObject("/a.ics", "2", "other", None)) == "a"


def test_stale_are_those_whose_time_has_come(practice: Database) -> None:
    with practice.write() as tx:
        for key, again_at in {"now": NOW, "later": NOW + DAY, "never": None}.items():
            calendar_objects.save(tx, 1, StoredObject(key, "1", key, again_at))
        assert calendar_objects.stale(tx, 1, NOW) == {"now"}
        calendar_objects.save(tx, 1, StoredObject("now", "1", "now", NOW + DAY))
        assert calendar_objects.stale(tx, 1, NOW) == frozenset()


def test_what_is_forgotten_says_its_uid_and_whether_another_object_has_it(practice: Database) -> None:
    with practice.write() as tx:
        for key in ("/old.ics", "/new.ics"):
            calendar_objects.save(tx, 1, StoredObject(key, "1", "a", None))
        assert calendar_objects.forget(tx, 1, ["/old.ics", "/unknown.ics"]) == ["a"]
        assert calendar_objects.has_uid(tx, 1, "a")
        calendar_objects.forget(tx, 1, ["/new.ics"])
        assert not calendar_objects.has_uid(tx, 1, "a")
