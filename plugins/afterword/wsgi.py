"""The service put together: which store, which apps, which work in the background.

``uvicorn afterword.wsgi:app`` serves it, with any number of workers; ``afterword intake`` does
the same with less to type. The settings file is AFTERWORD_SETTINGS, or pelicanconf.py.
"""

import logging
import os
import secrets
import string
import sys
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from anyio.to_thread import current_default_thread_limiter
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from afterword import building, entries, upkeep
from afterword.addresses import Addresses
from afterword.admin import Admin, Login, new_password
from afterword.admin.rows import Rows
from afterword.antispam import Policy
from afterword.antispam.akismet import Akismet
from afterword.asgi import App
from afterword.book import Book
from afterword.building import Outcome
from afterword.configuration import Configuration
from afterword.environment import Environment as Variables
from afterword.errors import AfterwordError, EntriesUnknown, SettingsError
from afterword.gate import Gate, JsonFormatter, Traffic, policy
from afterword.health import Health
from afterword.intake import MAX_REQUEST_BYTES, Answers, Intake, Line, Pages, Salted
from afterword.model import Comment
from afterword.moderation import Desk, Press
from afterword.notify import Notifier, Site, Smtp, Subscriptions
from afterword.render import FRAME_PATH, TEMPLATES, Look, Renderer
from afterword.store import Store
from afterword.store.opening import open_store
from afterword.tokens import Signer
from afterword.updating import Updater
from afterword.upkeep import Build, Builder, Expiry, Worker

_ID_LETTERS: Final = string.digits + "abcdefghjkmnpqrstvwxyz"  # none that look alike
_ID_LENGTH: Final = 10
# More threads than this only take turns at the interpreter, and everybody waits longer.
_THREADS: Final = 8


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """A response's id: 50 random bits, short enough for an address."""
    return "".join(secrets.choice(_ID_LETTERS) for _ in range(_ID_LENGTH))


def new_token() -> str:
    """A secret: 256 random bits."""
    return secrets.token_hex(32)


def secret_keys(variables: Variables) -> tuple[str, ...]:
    """What links are signed with; made and kept at first start."""
    if variables.secret_key:
        return tuple(variables.secret_key.split())
    path = variables.folder / "secret.key"
    try:
        variables.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            _make_key(path)
        keys = tuple(path.read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(str(path), f"cannot be used: {error}") from error
    if not keys or any(len(key) < 32 for key in keys):  # noqa: PLR2004  # 128 bits in hex
        raise SettingsError(str(path), "holds no key; remove the file, and a new one is made")
    return keys


def _make_key(path: Path) -> None:
    """Make the file whole, or not at all, whoever else is making it."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(new_token() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        temporary.unlink()


@dataclass(frozen=True)
class Parts:
    """What the service and the command line share: the queue, and how to decide about it."""

    configuration: Configuration
    variables: Variables
    store: Store
    signer: Signer
    desk: Desk
    book: Book

    @classmethod
    def of(
        cls,
        configuration: Configuration,
        variables: Variables,
        output: Callable[[], Path] | None = None,
    ) -> Self:
        """Put them together. ``output`` says where the built site lies at the moment.

        Raises SettingsError and StoreError.
        """
        settings = configuration.settings
        built = variables.built(configuration.output)
        where = output or (lambda: built)
        store = open_store(variables.database_url, variables.folder, clock)
        desk = Desk(
            store=store,
            press=Press(
                configuration.comments, variables.folder / "press.lock", settings.git_commit
            ),
            policy=Policy(
                max_links=settings.max_links,
                moderation_words=configuration.words(settings.moderation_words),
                blocklist=configuration.words(settings.blocklist),
                auto_approve=settings.auto_approve,
            ),
            clock=clock,
            new_id=new_id,
            **_adviser(configuration, variables),
        )
        book = Book(lambda: where() / entries.PATH)
        return cls(configuration, variables, store, Signer(secret_keys(variables)), desk, book)


def _adviser(configuration: Configuration, variables: Variables) -> Mapping[str, Any]:
    """Akismet, where its owner has given a key."""
    if not variables.akismet_key:
        return {}
    return {"adviser": Akismet(variables.akismet_key, configuration.siteurl)}


@dataclass(frozen=True)
class Service:
    """The running service: its routes, and its work in the background."""

    parts: Parts
    routes: Sequence[BaseRoute]
    workers: Sequence[Worker]
    traffic: Traffic
    prefixes: tuple[str, ...]
    content_policy: str
    login: Login

    def guarded(self, app: App) -> Gate:
        """Put the gate before an app that serves these routes, and perhaps others."""
        return Gate(app, self.prefixes, self.content_policy, MAX_REQUEST_BYTES, self.traffic)

    def start(self) -> None:
        """Begin the work in the background, after finishing what was left half done."""
        report = self.parts.desk.reconcile()
        for submission_id, why in report.failed:
            logging.getLogger(__name__).error(
                "cannot be published", extra={"submission": submission_id, "reason": why}
            )
        upkeep.start_all(self.workers)

    def end(self) -> None:
        """End it, and let go of the store."""
        upkeep.end_all(self.workers)
        self.parts.store.close()


def compose(parts: Parts, build: Build | None, output: Callable[[], Path] | None = None) -> Service:
    """Return the service. ``build`` builds the site after changes; None leaves it to others."""
    configuration, variables, store = parts.configuration, parts.variables, parts.store
    settings = configuration.settings
    built = variables.built(configuration.output)
    where = output or (lambda: built)
    addresses = Addresses.of(configuration.siteurl, settings.url)
    salted = Salted(store, new_token)
    look = Look(configuration.zone, configuration.date_format)
    folders = [configuration.theme, TEMPLATES] if configuration.theme else [TEMPLATES]
    plain = Environment(loader=FileSystemLoader(folders), autoescape=True)
    environment = Renderer.over(plain, settings, look, configuration.siteurl, clock()).environment
    environment.trim_blocks = environment.lstrip_blocks = True

    def renderer() -> Renderer:
        return Renderer(
            environment, replace(settings, url=""), look, configuration.siteurl, clock()
        )

    def published(entry: str, comment_id: str) -> Comment | None:
        try:
            return parts.desk.press.read(entry, comment_id)
        except AfterwordError:
            return None

    subscriptions = Subscriptions(store)
    workers = list(_workers(parts, addresses, build))

    def changed() -> None:
        for worker in workers:
            worker.wake()

    pages = Pages(environment, renderer, lambda: where() / FRAME_PATH)
    intake = Intake(
        desk=parts.desk,
        book=parts.book,
        answers=Answers(
            pages, Addresses.path(addresses.submit), settings.reply_mail, published, clock
        ),
        signer=parts.signer,
        addresses=addresses,
        salted=salted,
        subscriptions=subscriptions,
        settings=settings,
        clock=clock,
        line=Line(parts.desk.receive_all),
        pull_token=variables.pull_token,
    )
    login = Login(store, clock, new_token)
    admin = Admin(
        desk=parts.desk,
        login=login,
        rows=Rows(
            store,
            parts.book.find,
            published,
            lambda moment: f"{look.date(moment)}, {look.time(moment)}",
        ),
        signer=parts.signer,
        addresses=addresses,
        environment=environment,
        clock=clock,
        zone=configuration.zone,
        author=configuration.author,
        sitename=configuration.sitename,
        siteurl=configuration.siteurl,
        changed=changed,
        hashed=lambda address: salted.hash(address, clock()),
    )
    traffic = Traffic()
    health = Health(store, parts.book, variables.folder, traffic)
    site = urlsplit(configuration.siteurl)
    origins = [f"{site.scheme}://{site.netloc}"] if site.netloc else []
    prefixes = (Addresses.path(addresses.comments), Addresses.path(addresses.moderate))
    return Service(
        parts=parts,
        routes=[*intake.routes, *admin.routes, *health.routes],
        workers=workers,
        traffic=traffic,
        prefixes=(*prefixes, "/healthz", "/readyz", "/metrics"),
        content_policy=policy(origins),
        login=login,
    )


def _workers(parts: Parts, addresses: Addresses, build: Build | None) -> Sequence[Worker]:
    configuration, variables = parts.configuration, parts.variables
    settings = configuration.settings
    workers = [
        Worker("expiry", Expiry(parts.store, settings, clock), timedelta(hours=1)),
    ]
    if build is not None:
        builder = Builder(parts.store, build, variables.folder / "builder.lock")
        workers.append(Worker("build", builder, timedelta(seconds=2)))
    if variables.smtp_url:
        notifier = Notifier(
            store=parts.store,
            signer=parts.signer,
            addresses=addresses,
            site=Site(
                name=configuration.sitename,
                moderator=variables.mail_to,
                digest=timedelta(hours=settings.digest_hours),
                reply_mail=settings.reply_mail,
            ),
            entry_of=lambda key: _title_and_url(parts.book, key),
            clock=clock,
        )
        mailer = Smtp.from_url(variables.smtp_url, variables.mail_from)
        workers.append(Worker("mail", lambda: notifier.run_once(mailer), timedelta(seconds=5)))
    return workers


def _title_and_url(book: Book, key: str) -> tuple[str, str] | None:
    try:
        listed = book.find(key)
    except EntriesUnknown:
        return None
    return (listed.entry.title, listed.entry.url) if listed else None


def site_build(configuration: Configuration, variables: Variables) -> Build | None:
    """How the service brings the site up to date: by itself, by a command, or not at all.

    A webhook is called after it, or in place of it.
    """
    steps: list[Build] = []
    if not variables.build:
        steps.append(_update(configuration, variables))
    elif variables.build != "no":
        steps.append(lambda _: building.command(variables.build))
    if variables.webhook:
        if urlsplit(variables.webhook).scheme != "https":
            raise SettingsError("AFTERWORD_WEBHOOK", "must be an https address")
        steps.append(lambda _: upkeep.call_webhook(variables.webhook))
    if not steps:
        return None

    def build(entries: Collection[str] | None) -> Outcome:
        outcome = Outcome(ok=True, log="")
        for step in steps:
            outcome = step(entries)
            if not outcome.ok:
                return outcome
        return outcome

    return build


def publish_without_build(parts: Parts) -> Sequence[str]:
    """Put into finished pages what has changed, unless that is left to others.

    Returns why a build is needed for it, if so; the service does that, or whoever builds.
    """
    changes = parts.store.changes()
    others = parts.variables.build or parts.variables.webhook
    if others or changes.made <= changes.built:
        return ()
    entries_of = upkeep.changed_entries(parts.store, changes.built)
    try:
        done = _updater(parts.configuration, parts.variables).update(entries_of, build=False)
    except AfterwordError as error:
        return (str(error),)
    if not done.result.needed:
        parts.store.built(changes.made)
    if "" in done.result.needed:  # this site is always built as a whole
        return ()
    return [f"left to a build: {reason}" for reason in done.result.reasons]


def _updater(configuration: Configuration, variables: Variables) -> Updater:
    output = variables.built(configuration.output)
    said = "somebody else is building or publishing; waiting for the end of it"
    waiting = partial(logging.getLogger(__name__).info, said)
    return Updater(configuration, output, variables.folder / "build", clock, waiting)


def _update(configuration: Configuration, variables: Variables) -> Build:
    """Return what puts responses into finished pages, and builds the site if that is not enough."""
    updater = _updater(configuration, variables)
    log = logging.getLogger(__name__)

    def update(entries: Collection[str] | None) -> Outcome:
        done = updater.update(entries)
        for problem in done.result.problems:
            log.warning("left out or odd", extra={"reason": problem})
        for reason in done.result.reasons:
            log.info("built as a whole", extra={"reason": reason})
        return Outcome(ok=True, log="")

    return update


def prepare(settings_file: Path, environ: Mapping[str, str]) -> None:
    """Make what the first start needs: the database, the key, the moderator's password.

    Raises SettingsError and StoreError, as ``application`` would.
    """
    service = _service(settings_file, environ)
    say_password(service.login, sys.stderr.write)
    service.parts.store.close()


def application(settings_file: Path, environ: Mapping[str, str]) -> App:
    """The service as an ASGI application. Raises SettingsError and StoreError."""
    service = _service(settings_file, environ)
    say_password(service.login, sys.stderr.write)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = _THREADS
        service.start()
        yield
        service.end()

    return service.guarded(Starlette(routes=list(service.routes), lifespan=lifespan))


def _service(settings_file: Path, environ: Mapping[str, str]) -> Service:
    variables = Variables.from_mapping(environ)
    configuration = Configuration.read(settings_file)
    return compose(Parts.of(configuration, variables), site_build(configuration, variables))


def say_password(login: Login, say: Callable[[str], object]) -> None:
    """At first start, make the moderator's password and say it: this once."""
    password = new_password()
    if login.set_first(password):
        say(f"The moderator's password, shown this once: {password}\n")


def log_as_json() -> None:
    """Log one JSON object a line to standard error, in place of uvicorn's own lines."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"


def __getattr__(name: str) -> Any:  # noqa: ANN401  # PEP 562
    """Make ``app`` when a server asks for it, not when this module is imported."""
    if name != "app":
        raise AttributeError(name)
    return _app()


@cache
def _app() -> App:
    """The one of this process: uvicorn asks twice, and two would share nothing but the files."""
    log_as_json()
    return application(Path(os.environ.get("AFTERWORD_SETTINGS", "pelicanconf.py")), os.environ)
