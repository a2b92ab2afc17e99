"""Who has agreed to get mail about replies."""

from dataclasses import dataclass

from afterword.store import Store


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Answers by e-mail address; each is asked once, and may change their mind."""

    store: Store

    def confirm(self, email: str) -> None:
        """They have agreed, by a link that only they have got."""
        self.store.keep(_name(email), "on")

    def end(self, email: str) -> None:
        """They want no more of it, and are not asked again."""
        self.store.keep(_name(email), "off")

    def wants(self, email: str) -> bool:
        """Whether they have agreed."""
        return self.store.recall(_name(email)) == "on"

    def may_ask(self, email: str) -> bool:
        """Whether they have neither agreed nor declined."""
        return self.store.recall(_name(email)) is None


def _name(email: str) -> str:
    return f"subscription:{email.casefold()}"
