"""Coaches as the settings name them, clients as the calendar teaches them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from mailflow.model import Coach
from mailflow.store import clients, coaches
from mailflow.store.database import Database
from tests.builders import ANNA, JANE, TOM


def test_coach_is_stored_as_the_settings_say(database: Database) -> None:
    coach = replace(
        ANNA,
        aliases=("anna@other.example",),
        language="de",
        date_order="MDY",
        hold=timedelta(seconds=15),
        review_lead=timedelta(hours=3),
        action_headings=("Experiments",),
        quiet=(time(21), time(7)),
    )
    with database.write() as tx:
        coaches.save_all(tx, [coach])

    with database.read() as tx:
        assert coaches.active(tx) == [coach]
        assert coaches.get(tx, coach.id) == coach


def test_coach_who_left_the_settings_is_inactive_and_comes_back_as_the_same(database: Database) -> None:
    other = Coach(id=2, email="ben@coach.example", name="Ben", timezone="Europe/London")
    with database.write() as tx:
        coaches.save_all(tx, [ANNA, other])
        coaches.save_all(tx, [other])
        assert coaches.active(tx) == [other]
        coaches.save_all(tx, [replace(ANNA, email="ANNA@coach.example", name="Anna B."), other])
        assert coaches.active(tx) == [replace(ANNA, name="Anna B."), other]


def test_client_is_one_whatever_the_case_of_the_address(practice: Database) -> None:
    with practice.write() as tx:
        assert clients.learn(tx, ANNA.id, "JANE@Client.Example", JANE.name) == JANE

    assert practice.count("clients") == 2


def test_name_of_a_client_is_learnt_and_never_forgotten(practice: Database) -> None:
    with practice.write() as tx:
        assert clients.learn(tx, ANNA.id, "new@client.example", "").name == ""
        assert clients.learn(tx, ANNA.id, "new@client.example", "Nia Lund").name == "Nia Lund"
        assert clients.learn(tx, ANNA.id, "new@client.example", "").name == "Nia Lund"
        assert clients.learn(tx, ANNA.id, "new@client.example", "Nia Berg").name == "Nia Berg"


def test_same_address_with_another_coach_is_another_client(practice: Database) -> None:
    with practice.write() as tx:
        coaches.save_all(tx, [ANNA, Coach(id=0, email="ben@coach.example", name="Ben", timezone="Europe/London")])
        other = clients.learn(tx, 2, JANE.email, JANE.name)

    with practice.read() as tx:
        assert other not in clients.of_coach(tx, ANNA.id)
        assert clients.of_coach(tx, ANNA.id) == [JANE, TOM]
        assert clients.get(tx, other.id) == other
