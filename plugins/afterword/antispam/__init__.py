"""Antispam: a submission is judged by a list of small rules, each of which says why.

It decides between waiting and the spam folder, and never drops anything.
"""

from afterword.antispam.bayes import lessons, words
from afterword.antispam.evidence import Circumstances, Evidence, Policy
from afterword.antispam.verdict import judge

__all__ = ["Circumstances", "Evidence", "Policy", "judge", "lessons", "words"]
