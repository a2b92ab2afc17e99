"""Where the service's pages are: all of them beside the address that the form posts to."""

from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlencode, urljoin, urlsplit

from afterword.errors import SettingsError

_USUAL_PORTS: Final = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute addresses of the service. ``submit`` is where the form posts to."""

    submit: str

    @classmethod
    def of(cls, siteurl: str, comments_url: str) -> Self:
        """Read them out of SITEURL and COMMENTS_URL. Raises SettingsError where that fails."""
        if not comments_url:
            raise SettingsError("COMMENTS_URL", "is not set: the form has no address to post to")
        try:
            submit = urljoin(siteurl.rstrip("/") + "/", comments_url)
            parts = urlsplit(submit)
            sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
        except ValueError:
            submit, sound = f"{siteurl} {comments_url}", False
        if not sound:
            raise SettingsError("SITEURL", f"with COMMENTS_URL gives no web address: {submit!r}")
        if parts.path.count("/") < 2:  # noqa: PLR2004  # as in /comments/submit
            raise SettingsError("COMMENTS_URL", "needs a folder, as in /comments/submit")
        return cls(submit)

    @property
    def origin(self) -> str:
        """Scheme, host and port, as a browser sends them in the Origin header."""
        parts = urlsplit(self.submit)
        host = parts.netloc.rpartition("@")[2].lower()
        return f"{parts.scheme}://{host.removesuffix(_USUAL_PORTS[parts.scheme])}"

    @property
    def comments(self) -> str:
        """The folder of the public pages, with a slash at its end."""
        return urljoin(self.submit, ".")

    @property
    def moderate(self) -> str:
        """The folder of the moderator's pages, with a slash at its end."""
        return urljoin(self.comments, "../moderate/")

    def new(self, entry: str, replyto: str = "") -> str:
        """The form for an entry, or for a reply to one of its responses."""
        return f"{self.comments}new?{urlencode({'entry': entry, 'replyto': replyto})}"

    def status(self, token: str) -> str:
        """What became of a response."""
        return f"{self.comments}status/{token}"

    def subscribe(self, token: str) -> str:
        """Where somebody agrees to get mail about replies."""
        return f"{self.comments}subscribe/{token}"

    def unsubscribe(self, token: str) -> str:
        """Where that ends, by one POST (RFC 8058)."""
        return f"{self.comments}unsubscribe/{token}"

    def act(self, token: str) -> str:
        """Where a moderator decides by a link from a mail."""
        return f"{self.moderate}act/{token}"

    @staticmethod
    def path(address: str) -> str:
        """The path of one of these addresses, for routing."""
        return urlsplit(address).path
