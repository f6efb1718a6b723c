"""Settings: every mistake at once, each with its key and what would be right; no secret in any of them."""

from __future__ import annotations

import os
from datetime import time, timedelta
from pathlib import Path
from typing import get_args

import pytest

from mailflow.app import create_mailbox, create_mailer, open_app
from mailflow.errors import EnvironmentProblem, SettingsError
from mailflow.mailboxes.folder import FolderMailbox
from mailflow.mailboxes.smtp import SmtpListener, Tls
from mailflow.mailboxes.smtp_limits import Limits
from mailflow.mailers.smtp import SmtpMailer as SmtpSender
from mailflow.rendering import languages
from mailflow.settings import Settings, load_settings
from mailflow.settings.sections import CoachSettings, FolderMailer, IcsCalendar, SmtpMailbox, SmtpMailer
from tests.scene import write_settings

ROOT = Path(__file__).parents[1]

GOOD = """
data = "/var/lib/mailflow"

[service]
email = "homework@mailflow.example"

[web]
url = "https://homework.example/"

[[mailbox]]
kind = "smtp"
recipients = ["notes@mailflow.example"]
trust = "none"

[mailer]
kind = "smtp"
host = "smtp.example"
username = "mailflow"
password_file = "/run/secrets/smtp"

[[coach]]
name = "Anna Berg"
email = "anna@coach.example"
timezone = "Europe/Berlin"

[[coach.calendar]]
kind = "ics"
path = "anna.ics"
"""


@pytest.fixture(autouse=True)
def without_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("MAILFLOW_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def load(tmp_path: Path, text: str = GOOD) -> Settings:
    file = tmp_path / "settings.toml"
    file.write_text(text, "utf-8")
    return load_settings(file)


def changed(*pairs: tuple[str, str]) -> str:
    text = GOOD
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, text)
    return caught.value.problems


def test_what_is_left_out_has_its_default(tmp_path: Path) -> None:
    settings = load(tmp_path)

    (coach,) = settings.coach
    assert (coach.hold, coach.review_lead) == (timedelta(minutes=10), timedelta(hours=2))
    assert (coach.language, coach.date_order) == ("en", "DMY")
    assert coach.calendar[0].every == timedelta(minutes=2)
    assert isinstance(settings.mailbox[0], SmtpMailbox)
    assert isinstance(settings.mailer, SmtpMailer)
    assert settings.mailer.security == "starttls"
    assert settings.web.url == "https://homework.example"
    assert settings.web.proxies == ("127.0.0.1/32", "::1/128"), "nobody on another machine says who asks"


def test_proxies_are_addresses_and_networks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = 'url = "https://homework.example/"\nproxies = ["10.0.0.7", "172.18.0.0/16", "fd00::/8"]'
    text = changed(('url = "https://homework.example/"', named))
    assert load(tmp_path, text).web.proxies == ("10.0.0.7/32", "172.18.0.0/16", "fd00::/8")
    monkeypatch.setenv("MAILFLOW_WEB__PROXIES", '["172.16.0.0/12"]')  # as deploy/compose.yaml gives it
    assert load(tmp_path, text).web.proxies == ("172.16.0.0/12",)
    monkeypatch.setenv("MAILFLOW_WEB__PROXIES", '["*"]')
    (problem,) = problems(tmp_path, text)
    assert problem.startswith("web.proxies[1]: write an IP address or a network")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://Homework.Example/", "https://homework.example"),
        ("HTTPS://homework.example:443", "https://homework.example"),
        ("http://homework.example:80/Sub/", "http://homework.example/Sub"),
        ("https://homework.example:8443", "https://homework.example:8443"),
        ("http://[2001:DB8::1]:8080", "http://[2001:db8::1]:8080"),
    ],
)
def test_address_of_the_pages_is_kept_as_browsers_write_it(tmp_path: Path, text: str, url: str) -> None:
    """They send it with each form: one that is written otherwise would be refused."""
    assert load(tmp_path, changed(("https://homework.example/", text))).web.url == url


@pytest.mark.parametrize(
    "text", ["homework.example", "https://übung.example", "https://me@homework.example", "ftp://x"]
)
def test_address_of_the_pages_that_no_browser_would_send_is_refused(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, changed(("https://homework.example/", text)))

    assert problem.startswith("web.url: write the complete address in ASCII")


@pytest.mark.parametrize("word", ["Notes", "private", "Summary", "For me", "Client", "Coach's notes", "1.", ""])
def test_heading_of_actions_that_means_something_else_already_is_refused(tmp_path: Path, word: str) -> None:
    """What stands under it would go to the client."""
    zone = 'timezone = "Europe/Berlin"'
    (problem,) = problems(tmp_path, changed((zone, f'{zone}\naction_headings = ["Experiments", "{word}"]')))

    assert "action_headings[2]: write a word that has no other meaning in a note" in problem


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ('certificate = "c.pem"', "`certificate` and `key` belong together: give both, or neither"),
        ('key = "k.pem"', "`certificate` and `key` belong together: give both, or neither"),
        ("require_tls = true", "`require_tls` needs a `certificate` and its `key`"),
        ('socket = "lmtp.sock"', "`socket`: mail servers speak LMTP through one: write protocol = 'lmtp'"),
        (
            'socket = "lmtp.sock"\nprotocol = "lmtp"\nport = 24',
            "`socket` stands in place of `host` and `port`: leave those out, or the socket",
        ),
    ],
)
def test_options_of_a_listener_that_do_not_fit_together_are_named(tmp_path: Path, options: str, problem: str) -> None:
    text = changed(('kind = "smtp"\nrecipients', f'kind = "smtp"\n{options}\nrecipients'))

    assert problems(tmp_path, text) == [f"mailbox[1]: {problem}"]


def test_all_options_of_listeners_and_folders_reach_them(tmp_path: Path) -> None:
    options = 'protocol = "lmtp"\nsocket = "lmtp.sock"\ncertificate = "c.pem"\nkey = "k.pem"\nrequire_tls = true'
    options += "\nmax_per_minute = 0"
    text = changed(
        (
            'kind = "smtp"\nrecipients',
            f'kind = "smtp"\n{options}\nrecipients',
        ),
        ("[service]", '[service]\nreturn_address = "bounces+*@mailflow.example"'),
    )
    folder = '[[mailbox]]\nkind = "folder"\npath = "in"\nformat = "maildir"\nunseen = true\n'
    settings = load(tmp_path, text + folder + 'recipients = ["n@mailflow.example"]\ntrust = "none"\n')
    listener, mailbox = (create_mailbox(mailbox, settings) for mailbox in settings.mailbox)

    assert isinstance(listener, SmtpListener)
    assert vars(listener) == vars(
        SmtpListener(
            "notes",
            settings.data / "lmtp.sock",
            ["notes@mailflow.example"],
            Limits(25_000_000, max_per_minute=0),
            return_address="bounces+*@mailflow.example",
            protocol="lmtp",
            tls=Tls(settings.data / "c.pem", settings.data / "k.pem", required=True),
        )
    )
    every = timedelta(seconds=10)
    assert vars(mailbox) == vars(
        FolderMailbox("folder", settings.data / "in", every, layout="maildir", takes_unseen=True)
    )


@pytest.mark.parametrize("address", ["bounces+*@mailflow.example", "*@bounces.example", "bounces@mailflow.example"])
def test_return_address_has_one_star_or_none(tmp_path: Path, address: str) -> None:
    text = changed(("[service]", f'[service]\nreturn_address = "{address}"'))

    assert load(tmp_path, text).service.return_address == address


@pytest.mark.parametrize(
    "address", ["bounces+*", "a*b*@mailflow.example", "bounces@*.example", f"{'b' * 35}*@mailflow.example", ""]
)
def test_return_address_that_no_bounce_would_reach_is_refused(tmp_path: Path, address: str) -> None:
    (problem,) = problems(tmp_path, changed(("[service]", f'[service]\nreturn_address = "{address}"')))

    assert problem.startswith("service.return_address: write ")


CALENDAR = '[[coach.calendar]]\nkind = "ics"\nname = "second"\n'


def with_calendar(options: str) -> str:
    return GOOD + CALENDAR + options


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://calendar.example/private-1/basic.ics", "https://calendar.example/private-1/basic.ics"),
        ("webcal://calendar.example/anna.ics?x=1", "https://calendar.example/anna.ics?x=1"),
        ("WEBCALS://calendar.example:8443/a.ics", "https://calendar.example:8443/a.ics"),
    ],
)
def test_address_of_a_calendar_is_read_as_https(tmp_path: Path, text: str, url: str) -> None:
    calendar = load(tmp_path, with_calendar(f'url = "{text}"')).coach[0].calendar[-1]

    assert isinstance(calendar, IcsCalendar)
    assert calendar.url == url


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ("", "give a `path` or a `url`"),
        ('path = "a.ics"\nurl = "https://c.example/a.ics"', "give a `path` or a `url`"),
        ('url = "http://secret.example/s3cret"', "`url`: write https, or set `private_allowed`"),
        ('url = "ftp://secret.example/s3cret"', "url: write a complete address"),
        ('url = "https://anna:s3cret@c.example/a.ics"', "url: write a complete address without a password"),
    ],
)
def test_address_of_a_calendar_that_is_not_safe_is_refused_and_not_repeated(
    tmp_path: Path, options: str, problem: str
) -> None:
    found = problems(tmp_path, with_calendar(options))

    assert len(found) == 1
    assert problem in found[0]
    assert found[0].startswith("coach[1].calendar[2]")
    assert "s3cret" not in found[0]


def test_calendar_in_the_own_network_may_be_asked_without_encryption(tmp_path: Path) -> None:
    load(tmp_path, with_calendar('url = "http://nas.example/a.ics"\nprivate_allowed = true'))


def test_two_calendars_of_invitations_would_share_them(tmp_path: Path) -> None:
    two = "".join(f'[[coach.calendar]]\nkind = "invitations"\nname = "{name}"\n' for name in ("a", "b"))

    assert problems(tmp_path, GOOD + two) == [
        "coach[1].calendar: one of kind 'invitations' takes them all: leave out the other"
    ]


def test_demo_settings_are_valid() -> None:
    settings = load_settings(ROOT / "config" / "demo.toml")

    assert isinstance(settings.mailer, FolderMailer)
    assert [coach.email for coach in settings.coach] == ["anna@coach.example"]


def test_several_mistakes_are_all_listed_with_their_key_and_what_is_right(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        changed(
            ("Europe/Berlin", "Berlin"),
            ('kind = "ics"', 'kind = "ics"\nevery = 120\ncolour = "red"'),
            ("https://homework.example/", "homework.example"),
            ('trust = "none"', ""),
            ('host = "smtp.example"', 'host = "smtp.example"\nport = 70000'),
            ("anna@coach.example", "anna"),
        ),
    )

    assert len(found) == 7
    for start, says in [
        ("coach[1].timezone: ", "Europe/Berlin"),
        ("coach[1].calendar[1].every: ", "10 minutes"),
        ("coach[1].calendar[1].colour: ", "no such option"),
        ("web.url: ", "https://homework.example"),
        ("mailbox[1].trust: ", "missing"),
        ("mailer.port: ", "65535"),
        ("coach[1].email: ", "anna@coach.example"),
    ]:
        (line,) = [line for line in found if line.startswith(start)]
        assert says in line


def test_error_reads_as_a_list_under_the_name_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        load(tmp_path, changed(("Europe/Berlin", "Berlin"), ("https://", "htp://")))

    head, *lines = str(caught.value).splitlines()
    assert head == f"{tmp_path / 'settings.toml'}: 2 mistakes in the settings"
    assert all(line.startswith("  - ") for line in lines)


@pytest.mark.parametrize(
    ("pairs", "says"),
    [
        ([('kind = "smtp"\nhost', 'kind = "pigeon"\nhost')], "mailer: `kind` must be one of 'smtp', 'folder'"),
        ([('kind = "smtp"\nhost', "host")], "mailer: say which `kind` it is"),
        ([('name = "Anna Berg"', 'name = ""')], "coach[1].name: write at least 1 character(s)"),
        ([('["notes@mailflow.example"]', "[]")], "mailbox[1].recipients: give at least 1"),
        ([('password_file = "/run/secrets/smtp"', "")], "`password_file`"),
        ([('host = "smtp.example"', 'host = "smtp.example"\nsecurity = "none"')], "never sent in the clear"),
        ([('path = "anna.ics"', 'path = "anna.ics"\nrule = [{title = "("}]')], "no regular expression"),
        (
            [('path = "anna.ics"', 'path = "anna.ics"\nrule = [{}]')],
            "give a `title` or `location` pattern, a `category` or an `organizer`",
        ),
        ([('email = "homework@mailflow.example"', 'email = "homework@mailflow.example"\naccent = "teal"')], "accent"),
        ([('data = "/var/lib/mailflow"', "")], "data: this option is missing"),
        ([('host = "smtp.example"', 'host = "smtp.example"\nport = "many"')], "write a whole number (it is 'many')"),
    ],
)
def test_mistake_is_explained(tmp_path: Path, pairs: list[tuple[str, str]], says: str) -> None:
    (problem,) = problems(tmp_path, changed(*pairs))

    assert says in problem


def test_mailbox_and_coach_must_be_there(tmp_path: Path) -> None:
    text = GOOD.partition("[[coach]]")[0]

    assert problems(tmp_path, text) == ["coach: this option is missing"]


def test_address_belongs_to_one_coach(tmp_path: Path) -> None:
    second = '\n[[coach]]\nname = "Ben"\nemail = "ben@coach.example"\ntimezone = "Europe/London"\n'
    again = f'{second}aliases = ["ANNA@coach.example"]\n'

    assert len(load(tmp_path, GOOD + second).coach) == 2
    (problem,) = problems(tmp_path, GOOD + again)
    assert "anna@coach.example stands twice" in problem


def test_clashes_are_listed_beside_the_mistakes_that_would_hide_them(tmp_path: Path) -> None:
    mailbox = '\n[[mailbox]]\nkind = "smtp"\nrecipients = ["other@mailflow.example"]\ntrust = "none"\n'
    second = '\n[[coach]]\nname = "Ben"\nemail = "Anna@coach.example"\ntimezone = "Europe/London"\n'
    calendars = '[[coach.calendar]]\nkind = "ics"\npath = "b.ics"\n' * 2
    broken = changed(("Europe/Berlin", "Berlin"), ('password_file = "/run/secrets/smtp"', ""))
    found = problems(tmp_path, broken + second + calendars + mailbox)

    assert [problem.partition(": ")[0] for problem in found] == [
        "coach[1].timezone",
        "coach[2]",
        "coach[2].calendar",
        "mailbox",
        "mailer.username",
    ]


def test_password_in_a_variable_goes_with_the_username_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILFLOW_MAILER__PASSWORD", "correct horse")
    text = changed(('password_file = "/run/secrets/smtp"', ""))

    assert isinstance(load(tmp_path, text).mailer, SmtpMailer)
    (problem,) = problems(tmp_path, text.replace("Europe/Berlin", "Berlin"))
    assert problem.startswith("coach[1].timezone")


def test_calendars_of_a_coach_have_names_of_their_own(tmp_path: Path) -> None:
    second = '\n[[coach.calendar]]\nkind = "ics"\npath = "other.ics"\n'

    (problem,) = problems(tmp_path, GOOD + second)
    assert "two calendars have the same name" in problem
    assert len(load(tmp_path, f'{GOOD}{second}name = "other"\n').coach[0].calendar) == 2


# --- Durations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "duration"),
    [
        ("15 seconds", timedelta(seconds=15)),
        ("1 second", timedelta(seconds=1)),
        ("90s", timedelta(seconds=90)),
        ("10 minutes", timedelta(minutes=10)),
        ("5 min", timedelta(minutes=5)),
        ("2 Hours", timedelta(hours=2)),
        (" 3d ", timedelta(days=3)),
        ("0 minutes", timedelta(0)),
    ],
)
def test_duration_is_a_number_and_a_unit(tmp_path: Path, text: str, duration: timedelta) -> None:
    settings = load(tmp_path, changed(('name = "Anna Berg"', f'name = "Anna Berg"\nhold = "{text}"')))

    assert settings.coach[0].hold == duration


@pytest.mark.parametrize(
    "text", ["10", '"10"', '"ten minutes"', '"-5 minutes"', '"5 weeks"', '"1.5 hours"', '""', "true"]
)
def test_duration_without_a_unit_is_refused_and_never_guessed(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, changed(('name = "Anna Berg"', f'name = "Anna Berg"\nhold = {text}')))

    assert problem.startswith("coach[1].hold: write a number and a unit, such as '10 minutes'")


@pytest.mark.parametrize("text", ["367 days", "99999999999999 days"])
def test_duration_longer_than_a_year_is_refused(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, changed(('name = "Anna Berg"', f'name = "Anna Berg"\nhold = "{text}"')))

    assert problem.startswith("coach[1].hold: write at most 366 days")


def test_calendar_is_read_no_more_often_than_once_a_second(tmp_path: Path) -> None:
    """Every zero seconds would be for ever."""
    calendar = '[[coach.calendar]]\nkind = "ics"\npath = "a.ics"\nname = "busy"\nevery = "0 seconds"\n'
    (problem,) = problems(tmp_path, GOOD + calendar)

    assert problem.startswith("coach[1].calendar[2].every: write at least one second")


@pytest.mark.parametrize(("text", "says"), [("0 s", "at least one second"), ("61 s", "at most one minute")])
def test_timeout_of_a_mail_server_fits_into_the_lease_of_a_mail(tmp_path: Path, text: str, says: str) -> None:
    mailer = f'[mailer]\nkind = "smtp"\nhost = "mail.example"\ntimeout = "{text}"\n'
    start = GOOD.index("[mailer]")
    end = GOOD.index("\n[", start) + 1
    (problem,) = problems(tmp_path, GOOD[:start] + mailer + GOOD[end:])

    assert problem.startswith(f"mailer.timeout: write {says}")


@pytest.mark.parametrize("option", ["password_command", "token_command"])
def test_password_or_token_may_come_from_a_command(tmp_path: Path, option: str) -> None:
    settings = load(tmp_path, changed(('password_file = "/run/secrets/smtp"', f'{option} = "echo secret"')))

    mailer = create_mailer(settings.mailer, settings)

    assert isinstance(mailer, SmtpSender)
    assert (mailer.password(), mailer.with_token) == ("secret", option == "token_command")


def test_signature_is_of_the_senders_domain(tmp_path: Path) -> None:
    option = 'dkim = {{domain = "{}", selector = "s1", key_file = "dkim.pem"}}\nhost = '
    mailer = load(tmp_path, changed(("host = ", option.format("mailflow.example")))).mailer
    assert isinstance(mailer, SmtpMailer)
    assert mailer.dkim is not None
    (problem,) = problems(tmp_path, changed(("host = ", option.format("flow.example"))))
    assert problem == "mailer.dkim.domain: write the domain of homework@mailflow.example, or one above it"


def test_mailer_has_one_password_and_not_two(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, changed(("password_file =", 'token_command = "echo x"\npassword_file =')))

    assert problem == "mailer: give only one of `password_file`, `token_command`"


@pytest.mark.parametrize(
    ("quiet", "says"),
    [
        ('["21:00", "07:00"]', None),
        ('["21:00"]', "coach[1].quiet"),
        ('["21:00", "21:00"]', "coach[1].quiet: write two different times"),
        ('["9pm", "07:00"]', "coach[1].quiet[1]: write a time of the day, such as '21:00'"),
        ('["21:00", "24:00"]', "coach[1].quiet[2]: write a time of the day"),
    ],
)
def test_quiet_hours_are_two_times_of_the_day(tmp_path: Path, quiet: str, says: str | None) -> None:
    text = changed(('timezone = "Europe/Berlin"', f'timezone = "Europe/Berlin"\nquiet = {quiet}'))

    if says is None:
        assert load(tmp_path, text).coach[0].quiet == (time(21), time(7))
    else:
        assert says in "\n".join(problems(tmp_path, text))


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ('reviews = "daily"', "coach[1].reviews"),
        ('morning = "07:00"', "`morning` is for reviews = 'morning': write that too, or leave it out"),
        ('reviews = "morning"\nmorning = "7"', "coach[1].morning: write a time of the day"),
        ('nudges = ["hourly"]', "coach[1].nudges[1]"),
        ('nudges = ["halfway", "halfway"]', "`nudges`: write each of them once"),
        ('ask_for_notes = "0 minutes"', "coach[1].ask_for_notes: write at least one minute"),
    ],
)
def test_mistake_in_reviews_and_reminders_is_explained(tmp_path: Path, option: str, says: str) -> None:
    (problem,) = problems(tmp_path, changed(('timezone = "Europe/Berlin"', f'timezone = "Europe/Berlin"\n{option}')))
    assert says in problem


def test_reminders_are_off_and_each_session_has_its_review_unless_the_coach_says_otherwise(tmp_path: Path) -> None:
    coach = load(tmp_path).coach[0]
    assert (coach.reviews, coach.nudges, coach.ask_for_notes) == ("each", (), None)
    wanted = 'reviews = "morning"\nmorning = "06:30"\nnudges = ["halfway", "day-before"]\nask_for_notes = "2 hours"'
    text = changed(('timezone = "Europe/Berlin"', f'timezone = "Europe/Berlin"\n{wanted}'))
    coach = load(tmp_path, text).coach[0]
    assert (coach.reviews, coach.morning, coach.nudges) == ("morning", time(6, 30), ("halfway", "day-before"))


# --- The environment ----------------------------------------------------------------------------


def test_variable_overrides_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_DATA", "/srv/mailflow")
    monkeypatch.setenv("MAILFLOW_WEB__PORT", "8081")

    settings = load(tmp_path)

    assert settings.data == Path("/srv/mailflow")
    assert (settings.web.port, settings.web.url) == (8081, "https://homework.example")


def test_mistake_in_a_variable_is_listed_like_one_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_WEB__PORT", "http")

    assert problems(tmp_path, changed(("Europe/Berlin", "Berlin")))[0].startswith("web.port: write a whole number")


def test_variable_that_is_no_json_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_COACH", "{")

    (problem,) = problems(tmp_path, GOOD)
    assert "variable" in problem
    assert "coach" in problem.casefold()


def test_file_that_the_environment_names_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere.toml").write_text(GOOD)
    monkeypatch.setenv("MAILFLOW_CONFIG", str(tmp_path / "elsewhere.toml"))

    assert load_settings().coach[0].name == "Anna Berg"


def test_file_in_the_current_folder_is_found(tmp_path: Path) -> None:
    (tmp_path / "mailflow.toml").write_text(GOOD)

    assert load_settings().coach[0].name == "Anna Berg"


def test_without_a_file_it_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"mailflow\.toml and /etc/mailflow/mailflow\.toml.*--config FILE"):
        load_settings()


def test_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml.*\n.*No such file"):
        load_settings(tmp_path / "nowhere.toml")


def test_file_that_is_no_toml_says_where_it_breaks(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "\ndata = = 1\n")
    assert "no valid TOML" in problem
    assert "line 2" in problem


# --- Secrets ------------------------------------------------------------------------------------


def test_password_from_a_variable_is_used_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_MAILER__PASSWORD", "hunter2")
    settings = load(tmp_path, changed(('password_file = "/run/secrets/smtp"', "")))

    assert isinstance(settings.mailer, SmtpMailer)
    assert settings.mailer.password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in settings.model_dump_json()


@pytest.mark.parametrize(
    "pairs",
    [
        [('password_file = "/run/secrets/smtp"', 'password = "hunter2"\nsecurity = "none"')],
        [('password_file = "/run/secrets/smtp"', 'password = "hunter2"\nport = "x"')],
        [('password_file = "/run/secrets/smtp"', 'passwort = "hunter2"')],
        [('password_file = "/run/secrets/smtp"', 'password = ["hunter2"]')],
        [('password_file = "/run/secrets/smtp"', 'Password = "hunter2"')],
        [('password_file = "/run/secrets/smtp"', 'pwd = "hunter2"')],
        [('password_file = "/run/secrets/smtp"', 'password = "hunter2"'), ('kind = "smtp"\nhost', "host")],
        [('kind = "smtp"\nhost', 'kind = "folder"\npassword = "hunter2"\nhost')],
    ],
)
def test_mistake_beside_a_secret_does_not_show_it(tmp_path: Path, pairs: list[tuple[str, str]]) -> None:
    assert "hunter2" not in "\n".join(problems(tmp_path, changed(*pairs)))


def test_mistake_in_a_variable_does_not_show_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILFLOW_MAILER", '{"kind": "smtp", "password": "hunter2"')

    assert "hunter2" not in "\n".join(problems(tmp_path, GOOD))


def test_relative_path_is_relative_to_the_data_folder(tmp_path: Path) -> None:
    settings = load(tmp_path)

    assert settings.in_data(Path("anna.ics")) == Path("/var/lib/mailflow/anna.ics")
    assert settings.in_data(Path("/elsewhere/anna.ics")) == Path("/elsewhere/anna.ics")


def test_language_is_one_that_there_are_words_for(tmp_path: Path) -> None:
    assert set(get_args(CoachSettings.model_fields["language"].annotation)) == languages()
    (problem,) = problems(tmp_path, changed(('name = "Anna Berg"', 'name = "Anna Berg"\nlanguage = "xx"')))

    assert problem.startswith("coach[1].language: write 'en' or 'de'")


def test_folder_of_templates_that_is_not_there_is_told_and_not_passed_over(tmp_path: Path) -> None:
    file = write_settings(tmp_path, templates='templates = "nowhere"')

    with pytest.raises(EnvironmentProblem, match="nowhere: make it"):
        open_app(load_settings(file), create=True)
