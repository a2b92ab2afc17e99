"""Every AFTERWORD_* variable of the environment, declared once: what no settings file may hold.

Settings files are in git and visible in templates; passwords and keys stand here.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Self

from afterword.errors import SettingsError

PREFIX: Final = "AFTERWORD_"
# These belong to the tests and to the command line.
_NOT_OURS: Final = frozenset({"AFTERWORD_CORPORA", "AFTERWORD_SETTINGS"})


def _variable(default: str, help_text: str) -> Any:  # noqa: ANN401  # stands where dataclasses.field does
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The variables of one service. Field ``var`` is AFTERWORD_VAR, and so on."""

    var: str = _variable("var", "The folder of everything private: database, key, locks.")
    database_url: str = _variable(
        "",
        "`postgresql://user:password@host/name` keeps the queue there; empty keeps it in "
        "SQLite in the folder `AFTERWORD_VAR`.",
    )
    secret_key: str = _variable(
        "",
        "What links are signed with, at least 32 characters; several, the newest last, "
        "separated by spaces. Empty takes `secret.key` in `AFTERWORD_VAR`, made at first start.",
    )
    smtp_url: str = _variable(
        "",
        "`smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…:465` sends "
        "mail; empty sends none.",
    )
    mail_from: str = _variable("", "The address that mail comes from; needed with SMTP.")
    mail_to: str = _variable("", "The moderator's address; empty mails no moderator.")
    output: str = _variable(
        "", "Where the built site lies, if not where OUTPUT_PATH in the settings says."
    )
    build: str = _variable(
        "",
        "The command that builds the site after a change; empty builds with Pelican, `no` "
        "leaves it to others.",
    )
    webhook: str = _variable(
        "", "An https address that gets a POST after each change of the published responses."
    )
    pull_token: str = _variable(
        "", "The password, at least 32 characters, with which `afterword pull` may fetch."
    )
    akismet_key: str = _variable("", "A key of Akismet, which is asked about each response then.")

    @classmethod
    def from_mapping(cls, environ: Mapping[str, str]) -> Self:
        """Read them. Raises SettingsError for unknown AFTERWORD_* names and impossible values."""
        declared = {declaration.name: declaration.field for declaration in declarations()}
        for name in environ:
            if name.startswith(PREFIX) and name not in declared and name not in _NOT_OURS:
                if name.startswith(f"{PREFIX}TEST_"):
                    continue
                raise SettingsError(name, "is no variable that is known here")
        values = {declared[name]: environ[name] for name in declared if environ.get(name)}
        return cls(**values)

    def __post_init__(self) -> None:
        for name, value in (("SECRET_KEY", self.secret_key), ("PULL_TOKEN", self.pull_token)):
            if value and min(map(len, value.split()), default=0) < 32:  # noqa: PLR2004  # 128 bits in hex
                raise SettingsError(PREFIX + name, "is too short: at least 32 characters")
        if self.smtp_url and not self.mail_from:
            raise SettingsError(f"{PREFIX}MAIL_FROM", "is needed with AFTERWORD_SMTP_URL")

    @property
    def folder(self) -> Path:
        """The folder of everything private."""
        return Path(self.var)

    def built(self, configured: Path) -> Path:
        """Where the built site lies, if the settings say that it is ``configured``."""
        return Path(self.output) if self.output else configured


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable as the documentation shows it."""

    name: str
    field: str
    default: str
    help: str


def declarations() -> Iterator[Variable]:
    """Yield every variable in the order of its declaration."""
    for each in dataclasses.fields(Environment):
        name = PREFIX + each.name.upper()
        yield Variable(name, each.name, str(each.default), each.metadata["help"])
