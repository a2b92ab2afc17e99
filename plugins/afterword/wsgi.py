"""The service put together: which store, which apps, which work in the background.

``uvicorn afterword.wsgi:app`` serves it, with any number of workers; ``afterword intake`` does
the same with less to type. The settings file is AFTERWORD_SETTINGS, or pelicanconf.py.
"""

import logging
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from anyio.to_thread import current_default_thread_limiter
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from afterword import upkeep
from afterword.addresses import Addresses
from afterword.admin import Admin, Login, new_password
from afterword.admin.rows import Rows
from afterword.asgi import App
from afterword.book import Book
from afterword.configuration import Configuration
from afterword.environment import Environment as Variables
from afterword.errors import AfterwordError, EntriesUnknown
from afterword.gate import Gate, JsonFormatter, Traffic, policy
from afterword.health import Health
from afterword.intake import MAX_REQUEST_BYTES, Answers, Intake, Line, Pages, Salted
from afterword.keys import new_token
from afterword.model import Comment
from afterword.notify import Notifier, Site, Smtp, Subscriptions
from afterword.office import Office, clock
from afterword.render import FRAME_PATH, TEMPLATES, Look, Renderer
from afterword.renewal import site_build
from afterword.upkeep import Build, Builder, Expiry, Worker

# More threads than this only take turns at the interpreter, and everybody waits longer.
_THREADS: Final = 8


@dataclass(frozen=True)
class Service:
    """The running service: its routes, and its work in the background."""

    office: Office
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
        report = self.office.desk.reconcile()
        for submission_id, why in report.failed:
            logging.getLogger(__name__).error(
                "cannot be published", extra={"submission": submission_id, "reason": why}
            )
        upkeep.start_all(self.workers)

    def end(self) -> None:
        """End it, and let go of the store."""
        upkeep.end_all(self.workers)
        self.office.store.close()


def compose(
    office: Office, build: Build | None, output: Callable[[], Path] | None = None
) -> Service:
    """Return the service. ``build`` builds the site after changes; None leaves it to others."""
    configuration, variables, store = office.configuration, office.variables, office.store
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
            return office.desk.press.read(entry, comment_id)
        except AfterwordError:
            return None

    subscriptions = Subscriptions(store)
    workers = list(_workers(office, addresses, build))

    def changed() -> None:
        for worker in workers:
            worker.wake()

    pages = Pages(environment, renderer, lambda: where() / FRAME_PATH)
    intake = Intake(
        desk=office.desk,
        book=office.book,
        answers=Answers(
            pages, Addresses.path(addresses.submit), settings.reply_mail, published, clock
        ),
        signer=office.signer,
        addresses=addresses,
        salted=salted,
        subscriptions=subscriptions,
        settings=settings,
        clock=clock,
        line=Line(office.desk.receive_all),
        pull_token=variables.pull_token,
    )
    login = Login(store, clock, new_token)
    admin = Admin(
        desk=office.desk,
        login=login,
        rows=Rows(
            store,
            office.book.find,
            published,
            lambda moment: f"{look.date(moment)}, {look.time(moment)}",
        ),
        signer=office.signer,
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
    health = Health(store, office.book, variables.folder, traffic)
    site = urlsplit(configuration.siteurl)
    origins = [f"{site.scheme}://{site.netloc}"] if site.netloc else []
    prefixes = (Addresses.path(addresses.comments), Addresses.path(addresses.moderate))
    return Service(
        office=office,
        routes=[*intake.routes, *admin.routes, *health.routes],
        workers=workers,
        traffic=traffic,
        prefixes=(*prefixes, "/healthz", "/readyz", "/metrics"),
        content_policy=policy(origins),
        login=login,
    )


def _workers(office: Office, addresses: Addresses, build: Build | None) -> Sequence[Worker]:
    configuration, variables = office.configuration, office.variables
    settings = configuration.settings
    workers = [
        Worker("expiry", Expiry(office.store, settings, clock), timedelta(hours=1)),
    ]
    if build is not None:
        builder = Builder(office.store, build, variables.folder / "builder.lock")
        workers.append(Worker("build", builder, timedelta(seconds=2)))
    if variables.smtp_url:
        notifier = Notifier(
            store=office.store,
            signer=office.signer,
            addresses=addresses,
            site=Site(
                name=configuration.sitename,
                moderator=variables.mail_to,
                digest=timedelta(hours=settings.digest_hours),
                reply_mail=settings.reply_mail,
            ),
            entry_of=lambda key: _title_and_url(office.book, key),
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


def prepare(settings_file: Path, environ: Mapping[str, str]) -> None:
    """Make what the first start needs: the database, the key, the moderator's password.

    Raises SettingsError and StoreError, as ``application`` would.
    """
    service = _service(settings_file, environ)
    say_password(service.login, sys.stderr.write)
    service.office.store.close()


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
    return compose(Office.of(configuration, variables), site_build(configuration, variables))


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
