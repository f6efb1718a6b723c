"""Errors, sorted by what the caller can do about them.

Every message is a sentence for a person: what happened, what was kept, what to do.
"""

from __future__ import annotations


class MailflowError(Exception):
    """Something mailflow can explain. The text is meant to be shown as it is."""


class SettingsError(MailflowError):
    """The settings can't be used. `problems` holds one line for each mistake, all of them at once."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = problems
        lines = "\n".join(f"  - {problem}" for problem in problems)
        count = "1 mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        super().__init__(f"{source}: {count} in the settings\n{lines}")


class EnvironmentProblem(MailflowError):
    """The machine is the cause, not the mail: a full disk, a port in use, a read-only folder. Keep and retry."""


class TemporaryError(MailflowError):
    """The other side could not do it now. Keep and retry later."""


class UnknownOutcomeError(TemporaryError):
    """It may be done all the same: the other side went away before it said so. Keep, and retry with the same bytes."""


class PermanentError(MailflowError):
    """It will not work however often it is tried. Stop and tell."""


class TemplateProblem(MailflowError):
    """A template can't be rendered; mostly one of the operator's own. It can once the file is mended."""


class AccountError(MailflowError):
    """The account itself is refused (password, sender): pause the account, not the message."""


class StaleLeaseError(MailflowError):
    """Somebody else holds the row by now: what this worker did must not be recorded as done."""
