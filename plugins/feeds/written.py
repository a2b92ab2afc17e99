"""An item in a format, in the pieces that documents are put together from."""

from typing import NamedTuple


class Written(NamedTuple):
    """What an item says of its responses, which changes without it, and what is around that."""

    before: str
    replies: str
    after: str
