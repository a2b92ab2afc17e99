"""What moderators and readers can do with submissions: the one door to the store.

``decisions`` says what may happen, without touching anything; ``Press`` keeps the response
files; ``Desk`` does it all in the right order. The web pages, the command line and the links in
mails call nothing else. ``Transfer`` takes in what was decided elsewhere.
"""

from afterword.moderation.decisions import Hand, Outcome, Result, Seen
from afterword.moderation.desk import Arrival, Desk, Received, Report
from afterword.moderation.press import Press
from afterword.moderation.transfer import Transfer

__all__ = [
    "Arrival",
    "Desk",
    "Hand",
    "Outcome",
    "Press",
    "Received",
    "Report",
    "Result",
    "Seen",
    "Transfer",
]
