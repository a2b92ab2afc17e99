"""Mail: to the moderator about what waits, to commenters about replies, if they have agreed.

Decisions are the only source: a letter is made from the history's rows, after them, so that
mail trouble never delays an answer, and nothing is forgotten or sent twice.
"""

from afterword.notify.letters import Site
from afterword.notify.notifier import Notifier
from afterword.notify.smtp import Smtp
from afterword.notify.subscriptions import Subscriptions

__all__ = ["Notifier", "Site", "Smtp", "Subscriptions"]
