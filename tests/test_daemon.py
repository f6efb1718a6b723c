"""The daemon as a program of its own: what is told 250 is kept, whatever happens to the process afterwards."""

from __future__ import annotations

import contextlib
import os
import signal
import smtplib
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailflow.app import open_app
from mailflow.daemon import TICK_SECONDS, Ticker, Worker, run
from mailflow.errors import MailflowError
from mailflow.settings import load_settings
from mailflow.store.database import open_database
from tests import dovecot
from tests.ports import free_port
from tests.running import Running, running, todays_note, write_calendar
from tests.scene import ANNA, CARLA, JANE, TOM, Event, calendar, write_settings
from tests.waiting import PATIENCE, until

# --- The whole chain -----------------------------------------------------------------------------


def test_it_takes_a_mail_by_smtp_answers_it_and_ends_on_sigterm(tmp_path: Path) -> None:
    write_calendar(tmp_path)
    with running(tmp_path, hold="0 seconds") as service:
        service.wait_for("daemon.ready")
        with urllib.request.urlopen(f"{service.url}/healthz", timeout=PATIENCE) as answer:
            assert answer.read() == b"ok\n"
        service.submit(todays_note())
        service.wait_for("mail.sent", kind="receipt")
        service.wait_for("mail.sent", kind="homework")
        assert service.sent() == [ANNA, JANE]
        assert service.stop() == 0
    assert (tmp_path / "stderr").read_text() == ""


@pytest.mark.needs("dovecot", "openssl")
def test_it_takes_a_mail_from_an_imap_account_answers_it_and_moves_it(tmp_path: Path) -> None:
    write_calendar(tmp_path)
    (tmp_path / "data" / "imap-password").write_text(f"{dovecot.PASSWORD}\n")
    with dovecot.running_dovecot(tls=True) as server:
        account = IMAP_MAILBOX.format(port=server.tls_port, ca_file=server.ca_file)
        server.append("notes", todays_note("written before the first start"), arrived_at=LONG_AGO)
        with running(tmp_path, hold="0 seconds", more=account) as service:
            service.wait_for("mailbox.told", left_alone=1)
            mail = todays_note()
            server.append("notes", mail)
            until(lambda: service.sent() == [ANNA, JANE])
            until(lambda: server.count("notes", "Mailflow/Processed") == 1)
            assert server.mails("notes", "Mailflow/Processed") == [mail]
            stranger = todays_note(sender=JANE)
            server.append("notes", stranger)
            until(lambda: server.count("notes", "Mailflow/Needs attention") == 1)
            assert server.mails("notes", "Mailflow/Needs attention") == [stranger]
            assert server.count("notes") == 1
            assert service.sent() == [ANNA, JANE]
            assert "asked" in status_of(tmp_path)
            assert ", 1 older mails left alone" in status_of(tmp_path)
            started = time.monotonic()
            assert service.stop() == 0
            assert time.monotonic() - started < 3
    assert (tmp_path / "stderr").read_text() == ""


LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
IMAP_MAILBOX = """
[[mailbox]]
kind = "imap"
host = "localhost"
port = {port}
ca_file = "{ca_file}"
username = "notes"
password_file = "imap-password"
recipients = ["imap@mailflow.example"]
trust = "none"
"""


def status_of(folder: Path) -> str:
    command = [sys.executable, "-m", "mailflow", "status", "--config", str(folder / "mailflow.toml")]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False).stdout


def test_ctrl_c_ends_it_in_order_too(tmp_path: Path) -> None:
    with running(tmp_path) as service:
        service.wait_for("daemon.ready")
        assert service.stop(signal.SIGINT) == 0


def test_a_mail_that_was_told_250_before_sigterm_is_processed_after_the_next_start(tmp_path: Path) -> None:
    write_calendar(tmp_path)
    with running(tmp_path) as service:
        service.wait_for("daemon.ready")
        for number in range(5):
            service.submit(todays_note("nothing agreed", subject=f"note {number}"))
        assert service.stop() == 0
    assert answers_after_restart(tmp_path) == 5


def test_a_mail_that_was_told_250_before_kill_9_is_processed_exactly_once(tmp_path: Path) -> None:
    """Five mails, killed right after the last 250: whichever the daemon had begun is finished, none is done twice."""
    write_calendar(tmp_path)
    with running(tmp_path) as service:
        service.wait_for("daemon.ready")
        for number in range(5):
            service.submit(todays_note("nothing agreed", subject=f"note {number}"))
        assert service.stop(signal.SIGKILL) == -signal.SIGKILL
    end_leases(tmp_path)
    assert answers_after_restart(tmp_path) == 5


def end_leases(folder: Path) -> None:
    """As if the five minutes of the killed daemon's leases were over."""
    database = open_database(folder / "data" / "mailflow.db")
    with database.write() as tx:
        tx.run("UPDATE inbound_emails SET due_at = 1 WHERE status = 'received'")
        tx.run("UPDATE outbound_emails SET due_at = 1 WHERE state = 'waiting'")
    database.close()


def answers_after_restart(folder: Path) -> int:
    """How many answers there are when nothing waits any more; each must have been made once."""
    with running(folder) as service:
        service.wait_for("daemon.ready")
        service.submit(todays_note("nothing agreed", subject="the last one"))
        database = open_database(folder / "data" / "mailflow.db")
        try:
            while database.count("notes") < 6 or len(service.sent()) < 6:
                service.wait_for("mail.sent")
            with database.read() as tx:
                assert tx.value("SELECT count(*) FROM outbound_emails WHERE kind = 'no_actions'") == 6
            assert database.count("inbound_emails") == database.count("notes") == 6
        finally:
            database.close()
        assert service.stop() == 0
        return len(service.sent()) - 1


# --- What the machine does to it -----------------------------------------------------------------


def run_and_fail(folder: Path, *prefix: str, **settings: object) -> subprocess.CompletedProcess[str]:
    config = write_settings(folder, **{"web_port": free_port(), "smtp_port": free_port()} | settings)
    command = [*prefix, sys.executable, "-m", "mailflow", "run", "--config", str(config)]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)


@pytest.mark.parametrize("door", ["web_port", "smtp_port"])
def test_a_port_in_use_is_exit_code_4_and_a_sentence(tmp_path: Path, door: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run_and_fail(tmp_path, **{door: port})
    assert ended.returncode == 4
    assert f"127.0.0.1:{port}" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "another" in ended.stderr


def test_a_data_folder_that_is_a_file_is_exit_code_4(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    ended = run_and_fail(tmp_path)
    assert ended.returncode == 4
    assert str(tmp_path / "data") in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_data_folder_of_a_read_only_file_system_is_exit_code_4(tmp_path: Path) -> None:
    with mounted(tmp_path / "data", "ro"):
        ended = run_and_fail(tmp_path)
    assert_names_a_folder_to_make_writable(ended)


def test_a_data_folder_that_only_others_may_write_is_exit_code_4(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o555)
    obey = ("setpriv", "--bounding-set=-dac_override") if os.geteuid() == 0 else ()  # root needs no permission
    assert_names_a_folder_to_make_writable(run_and_fail(tmp_path, *obey))


def assert_names_a_folder_to_make_writable(ended: subprocess.CompletedProcess[str]) -> None:
    assert ended.returncode == 4
    assert "Make it writable" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_on_a_full_disk_the_sender_is_told_to_come_back_and_nothing_is_lost(tmp_path: Path) -> None:
    with mounted(tmp_path / "data", "size=2m"):
        write_calendar(tmp_path)
        with running(tmp_path) as service:
            service.wait_for("daemon.ready")
            ballast = tmp_path / "data" / "ballast"
            with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
                while file.write(b"x" * 4096):
                    pass
            with pytest.raises(smtplib.SMTPDataError) as refused:
                service.submit(todays_note("nothing agreed\n" + "x" * 200_000))
            assert refused.value.smtp_code == 451
            ballast.unlink()
            service.submit(todays_note("nothing agreed\n"))
            service.wait_for("mail.sent", kind="no_actions")
            assert service.stop() == 0


@contextlib.contextmanager
def mounted(folder: Path, option: str) -> Iterator[None]:
    """A small file system of its own in this folder."""
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    mount = ["mount", "-t", "tmpfs", "-o", option, "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_broken_calendar_stops_nothing_and_status_says_so(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "calendar.ics").write_text("no calendar at all")
    with running(tmp_path) as service:
        service.wait_for("daemon.ready")
        service.submit(todays_note())
        service.wait_for("mail.sent", kind="question")
        command = [sys.executable, "-m", "mailflow", "status", "--config", str(tmp_path / "mailflow.toml")]
        status = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        assert status.returncode == 1
        assert "can't be understood" in status.stdout
        assert service.stop() == 0


# --- Calendars -----------------------------------------------------------------------------------


def test_calendar_whose_server_is_silent_keeps_no_other_waiting_and_stops_nobody(tmp_path: Path) -> None:
    write_calendar(tmp_path)
    of_carla = Event("tom", datetime.now(UTC) + timedelta(days=1), TOM, organizer=CARLA)
    (tmp_path / "data" / "second.ics").write_text(calendar(of_carla), encoding="utf-8", newline="")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"http://127.0.0.1:{silent.getsockname()[1]}/a.ics"
        slow = f'kind = "ics"\nname = "slow"\nurl = "{address}"\nprivate_allowed = true\ntimeout = "60 seconds"\n'
        second = '[[coach.calendar]]\nkind = "ics"\nname = "second"\npath = "second.ics"\n'
        # Calendars that are due at once are read by their number: the slow one is before the second.
        with running(tmp_path, more=f"[[coach.calendar]]\n{slow}{second}") as service:
            connected, _ = silent.accept()
            with connected:
                service.wait_for("session.saved", session=3)
                assert connected.recv(1000).startswith(b"GET /a.ics"), "and it is still being asked"
                assert service.stop() == 0


# --- Workers -------------------------------------------------------------------------------------


def test_a_failing_step_starves_no_other_worker() -> None:
    stop, worked = threading.Event(), threading.Event()

    def fail() -> bool:
        raise RuntimeError("always")

    def work() -> bool:
        worked.set()
        return False

    with Worker("failing", fail, stop).running(), Worker("working", work, stop).running():
        assert worked.wait(PATIENCE)
        worked.clear()
    assert stop.is_set()


def test_a_worker_repeats_its_step_while_there_is_work_and_again_when_it_is_woken() -> None:
    stop, idle = threading.Event(), threading.Event()
    left = [3]

    def work() -> bool:
        if left[0] == 0:
            idle.set()
            return False
        left[0] -= 1
        return True

    worker = Worker("counting", work, stop)
    with worker.running():
        assert idle.wait(PATIENCE)
        assert left == [0]
        idle.clear()
        left[0] = 2
        worker.wake()
        assert idle.wait(PATIENCE)
        assert left == [0]


def test_a_worker_that_was_stopped_before_it_began_ends() -> None:
    stop = threading.Event()
    stop.set()
    with Worker("late", lambda: True, stop).running():
        pass
    assert all(thread.name != "late" for thread in threading.enumerate())


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_worker_that_dies_ends_the_daemon_with_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever supervises the daemon starts it again after a failure only (deploy/mailflow.service)."""

    class Doom(BaseException):
        pass

    def die(*_: object) -> bool:
        raise Doom

    monkeypatch.setattr("mailflow.daemon.deliver_next", die)
    monkeypatch.setattr("mailflow.daemon.signal.signal", lambda *_: None)
    settings = load_settings(write_settings(tmp_path, web_port=free_port(), smtp_port=free_port()))
    app = open_app(settings, create=True)
    try:
        with pytest.raises(MailflowError, match="nothing is lost"):
            run(app)
    finally:
        app.close()


def test_clock_set_back_by_an_hour_does_not_stop_the_ticks() -> None:
    ticker = Ticker([lambda: None])
    for job in ticker._timetable.jobs:
        assert job.next_run is not None
        job.next_run += timedelta(hours=1)  # what `schedule` sees when the local clock jumps back
    assert ticker.waits_seconds > 3000

    ticker.tick()

    assert ticker.waits_seconds <= TICK_SECONDS


def test_log_that_can_not_be_written_stops_no_worker_and_refuses_no_mail(tmp_path: Path) -> None:
    """A full disk under the log, or a log reader that went away: every write of a line fails."""
    write_calendar(tmp_path)
    web, smtp = free_port(), free_port()
    url = f"http://127.0.0.1:{web}"
    config = write_settings(tmp_path, web_port=web, smtp_port=smtp, url=url, hold="0 seconds")
    command = [sys.executable, "-m", "mailflow", "run", "--config", str(config)]
    with (
        Path("/dev/full").open("wb") as full,
        (tmp_path / "stderr").open("wb") as stderr,
        subprocess.Popen(command, stdout=full, stderr=stderr, text=True) as process,
    ):
        service = Running(process, smtp, url, tmp_path / "data")
        try:
            until(lambda: is_listening(web))
            service.submit(todays_note())
            service.submit(todays_note("Client: Jane Doe\n\nActions:\n- Call the dentist\n"))
            until(lambda: service.sent() == [ANNA, ANNA, JANE, JANE])
            service.stop()
        finally:
            process.kill()
    assert "Exception in thread" not in (tmp_path / "stderr").read_text()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
