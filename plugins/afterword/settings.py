"""Every COMMENTS_* setting, declared once: its name, type, default and what it does."""

import dataclasses
import difflib
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from afterword.errors import SettingsError

PREFIX: Final = "COMMENTS_"


def _setting(default: object, help_text: str, *, minimum: int | None = None) -> Any:  # noqa: ANN401  # stands where dataclasses.field does
    return field(default=default, metadata={"help": help_text, "minimum": minimum})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one site. Field ``url`` is COMMENTS_URL in pelicanconf.py, and so on."""

    url: str = _setting(
        "",
        "Where the form posts to, such as /comments/submit. Without it no form is shown.",
    )
    path: str = _setting(
        "comments",
        "The folder of published responses, relative to PATH.",
    )
    close_after_days: int = _setting(
        0,
        "Close a post to new responses this many days after its date; 0 never closes it. "
        "`Comments: open` in a post keeps that one open.",
        minimum=0,
    )
    on_pages: bool = _setting(
        False,
        "Whether pages take responses as posts do. `Comments: open` opens a single page.",
    )
    max_depth: int = _setting(
        10,
        "How many levels of replies are nested; deeper ones stand at the last level and "
        "name whom they answer.",
        minimum=1,
    )
    feed_items: int = _setting(
        50,
        "How many of the newest responses a feed of responses holds; older ones follow in "
        "its archive.",
        minimum=1,
    )
    strict: bool = _setting(
        False,
        "Fail the build when a response cannot be read, instead of leaving it out.",
    )
    reply_mail: bool = _setting(
        False,
        "Offer commenters a mail when somebody replies. They have to confirm it by mail first.",
    )
    auto_approve: bool = _setting(
        False,
        "Publish responses of known commenters at once: those of whom one was approved under "
        "the same name and e-mail, and none refused.",
    )
    max_links: int = _setting(
        2,
        "How many links make a response suspicious.",
        minimum=1,
    )
    moderation_words: str = _setting(
        "",
        "A file of words, one a line, that make a response suspicious; relative to the "
        "settings file.",
    )
    blocklist: str = _setting(
        "",
        "A file of words, one a line, that send a response to the spam folder; relative to "
        "the settings file.",
    )
    flood_limit: int = _setting(
        6,
        "How many responses an address may send within a minute; 0 lets it send any number.",
        minimum=0,
    )
    digest_hours: int = _setting(
        0,
        "How many hours lie between mails to the moderator, who then gets one about all new "
        "responses; 0 sends one for each.",
        minimum=0,
    )
    git_commit: bool = _setting(
        False,
        "Commit each response file to the git repository it lies in when it is published, "
        "changed or removed.",
    )
    spam_days: int = _setting(
        30,
        "Delete spam and trash for good after this many days; 0 keeps it.",
        minimum=0,
    )
    address_days: int = _setting(
        7,
        "How many days the salted hash of a network address is kept beside a response.",
        minimum=1,
    )

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, object]) -> Self:
        """Read the settings out of Pelican's; keys without our prefix are not looked at.

        Raises SettingsError for an unknown COMMENTS_* name or a value of another type.
        """
        declared = {declaration.name: declaration for declaration in declarations()}
        values = {}
        for name, value in mapping.items():
            if not name.startswith(PREFIX):
                continue
            if name not in declared:
                raise SettingsError(name, _unknown(name, declared))
            values[declared[name].field] = declared[name].check(value)
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Declaration:
    """One setting as the documentation shows it."""

    name: str
    field: str
    type: type
    default: object
    help: str
    minimum: int | None

    def check(self, value: object) -> Any:  # noqa: ANN401  # of the type self.type
        """Return ``value`` if the setting can have it; None stands for the default."""
        if value is None:
            return self.default
        # bool is an int to Python, and no number to anybody else.
        if not isinstance(value, self.type) or (self.type is int and isinstance(value, bool)):
            raise SettingsError(self.name, f"must be {_SPOKEN[self.type]}, not {value!r}")
        if self.minimum is not None and typing.cast("int", value) < self.minimum:
            raise SettingsError(self.name, f"must be at least {self.minimum}, not {value!r}")
        return value


_SPOKEN: Final[Mapping[type, str]] = {str: "a text", int: "a whole number", bool: "True or False"}


def declarations() -> Iterator[Declaration]:
    """Yield every setting in the order of its declaration."""
    types = typing.get_type_hints(Settings)
    for each in dataclasses.fields(Settings):
        yield Declaration(
            name=PREFIX + each.name.upper(),
            field=each.name,
            type=types[each.name],
            default=each.default,
            help=each.metadata["help"],
            minimum=each.metadata["minimum"],
        )


def _unknown(name: str, declared: Mapping[str, Declaration]) -> str:
    near = difflib.get_close_matches(name, declared, n=1)
    return f"is no setting; did you mean {near[0]}?" if near else "is no setting"
