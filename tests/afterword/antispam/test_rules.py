"""Each rule, and what they make of a response together."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afterword.antispam import Circumstances, Evidence, Policy, judge, lessons, words
from afterword.antispam import rules as all_rules
from afterword.antispam.rules import RULES, SPAM
from afterword.model import Status
from afterword.store import Facts, Tally
from afterword.submission import Reason, Submission
from tests.afterword.store.samples import sample

FAIR = Evidence(
    sample(1, body="I have thought about this for a week, and you are right."),
    Circumstances(honeypot="", form_age=timedelta(minutes=2)),
    Policy(),
    Facts(),
    Tally(0, 0, {}),
)


def found(evidence: Evidence) -> list[str]:
    return [reason.rule for reason in judge(evidence).reasons]


def with_body(body: str) -> Evidence:
    return replace(FAIR, submission=replace(FAIR.submission, body=body))


def test_a_fair_response_waits_and_nothing_is_said_against_it() -> None:
    verdict = judge(FAIR)
    assert (verdict.status, verdict.score, verdict.reasons) == (Status.PENDING, 0, ())


@pytest.mark.parametrize(
    ("evidence", "rule"),
    [
        (replace(FAIR, circumstances=Circumstances("x", timedelta(1))), "honeypot"),
        (replace(FAIR, circumstances=Circumstances("", None)), "form-age"),
        (replace(FAIR, circumstances=Circumstances("", timedelta(seconds=1))), "form-age"),
        (with_body("https://a.example www.b.example"), "links"),
        (with_body("[url=x]y[/url] <a href=x>"), "links"),
        (replace(FAIR, policy=Policy(moderation_words=("WEEK",))), "moderation-word"),
        (replace(FAIR, policy=Policy(moderation_words=("dave@",))), "moderation-word"),
        (replace(FAIR, policy=Policy(blocklist=("example.org",))), "blocklist"),
        (replace(FAIR, facts=Facts(same_text=1)), "repeated-text"),
        (replace(FAIR, facts=Facts(from_address=9)), "flood"),
        (replace(FAIR, facts=Facts(approved=2)), "known-commenter"),
        (replace(FAIR, facts=Facts(approved=2, refused=1)), "refused-before"),
    ],
)
def test_each_rule_says_why(evidence: Evidence, rule: str) -> None:
    assert found(evidence) == [rule]
    (reason,) = judge(evidence).reasons
    assert reason.why
    assert len(reason.why) < 140


@pytest.mark.parametrize(
    "rule", [r for r in RULES if r not in {all_rules.blocklist, all_rules.learnt}]
)
def test_no_rule_alone_sends_anything_to_the_spam_folder(rule: all_rules.Rule) -> None:
    worst = replace(
        with_body("http://x.example/ " * 3000),
        circumstances=Circumstances("x", None),
        policy=Policy(moderation_words=("x",)),
        facts=Facts(refused=99, same_text=99, same_text_here=99, from_address=99),
    )
    assert sum(reason.points for reason in rule(worst)) < SPAM


def test_several_ill_signs_together_do() -> None:
    evidence = replace(with_body("http://x.example/ " * 9), circumstances=Circumstances("x", None))
    assert judge(evidence).status is Status.SPAM


@pytest.mark.parametrize(
    "disguise", ["CASINO", "ca\u200bsi\u00adno", "\uff43asino", "megacasino777", "Casino."]
)
def test_a_listed_word_is_found_in_disguise_and_inside_others(disguise: str) -> None:
    blocked = replace(with_body(f"Visit {disguise} now"), policy=Policy(blocklist=("casino",)))
    assert judge(blocked).status is Status.SPAM


def test_listed_words_are_text_and_not_patterns() -> None:
    evidence = replace(with_body("aaa"), policy=Policy(blocklist=(".*", "a+", " ", "")))
    assert judge(evidence).status is Status.PENDING


def test_a_long_list_is_searched(corpora_words: tuple[str, ...]) -> None:
    quiet = replace(FAIR, policy=Policy(blocklist=corpora_words))
    assert judge(quiet).status is Status.PENDING
    loud = replace(
        with_body(f"so {corpora_words[-1]} it is"), policy=Policy(blocklist=corpora_words)
    )
    assert judge(loud).status is Status.SPAM


@pytest.fixture
def corpora_words() -> tuple[str, ...]:
    """A list as long as those that people share."""
    choice = random.Random(1)  # noqa: S311  # a test repeats itself
    return tuple("".join(choice.choices("bcdfgxyz", k=9)) for _ in range(50_000))


@given(st.lists(st.floats(0, 9)), st.text())
def test_further_ill_reasons_never_help(points: list[float], body: str) -> None:
    order = [Status.APPROVED, Status.PENDING, Status.SPAM]
    trusting = replace(with_body(body), policy=Policy(auto_approve=True), facts=Facts(approved=1))
    before = judge(trusting).status
    after = judge(trusting, [Reason("further", each, "x") for each in points]).status
    assert order.index(after) >= order.index(before)


@given(st.text(), st.text(), st.one_of(st.none(), st.text()), st.text())
def test_any_text_is_judged_and_always_the_same(
    body: str, author: str, website: str | None, agent: str
) -> None:
    each = replace(FAIR.submission, body=body, author=author, website=website)
    evidence = replace(FAIR, submission=each, circumstances=Circumstances(agent, None, agent))
    assert judge(evidence) == judge(evidence)
    assert len(words(each)) <= 300


def test_the_e_mail_address_is_not_among_the_words() -> None:
    one = replace(FAIR.submission, body="Write to dave@example.org, please.")
    assert words(one) == words(
        replace(one, body="Write to eve@example.net, please.", email="x@y.z")
    )


@pytest.mark.parametrize(
    ("before", "after", "taught"),
    [
        (None, Status.APPROVED, (1, 0)),
        (None, Status.SPAM, (0, 1)),
        (None, Status.TRASH, None),
        (None, Status.PENDING, None),
        (Status.APPROVED, Status.SPAM, (-1, 1)),
        (Status.SPAM, Status.PENDING, (0, -1)),
        (Status.SPAM, Status.SPAM, None),
        (Status.TRASH, Status.APPROVED, (1, 0)),
    ],
)
def test_decisions_teach_and_take_back(
    before: Status | None, after: Status, taught: tuple[int, int] | None
) -> None:
    lesson = lessons(frozenset({1}), before, after)
    assert (lesson and (lesson.ham, lesson.spam)) == taught


HAM = (
    "I read {0} twice and still think {1} matters more than {2}.",
    "Thank you for writing about {0}; my own {1} was much the same.",
    "You say {0}, but what about {1}? In my office {2} decided it.",
    "{0} reminds me of {1}, though nobody there would admit {2}.",
    "Small correction: {0} was not about {1}, it was about {2}.",
)
SPAM_TEXTS = (
    "Buy {3} cheap online {4} best price http://{5}.example/",
    "Great post! Visit my site for {3} and {4}: http://{5}.example/",
    "{3} without prescription, {4} discount, fast shipping {5}",
    "Earn money from home with {4}, click http://{5}.example/{3}",
    "Hot {3} casino bonus {4} free spins {5}",
)
TOPICS = ("networks", "meetings", "interviews", "salary", "mentors", "trust", "deadlines")
WARES = ("pills", "watches", "loans", "slots", "backlinks", "traffic", "crypto", "viagra")


def texts(number: int, seed: int, templates: Sequence[str]) -> list[Submission]:
    choice = random.Random(seed)  # noqa: S311  # a test repeats itself
    made = []
    for at in range(number):
        fill = [*choice.sample(TOPICS, 3), *choice.sample(WARES, 2), f"shop{choice.randrange(40)}"]
        body = choice.choice(templates).format(*fill) + " " + choice.choice(TOPICS)
        made.append(sample(at, body=body, author=choice.choice(["Ann", "Bob", "Cy", "Di"])))
    return made


@pytest.mark.parametrize("seed", range(4))
def test_after_two_hundred_decisions_spam_goes_where_it_belongs(seed: int) -> None:
    """Promised: at least 70 % of spam in the spam folder, at most 1 % of ham."""
    ham, spam = texts(400, seed, HAM), texts(400, seed + 100, SPAM_TEXTS)
    tally = taught(ham[:100], spam[:100])

    def in_spam_folder(each: Submission) -> bool:
        sent = Circumstances("", None)
        evidence = Evidence(each, sent, Policy(), Facts(), tally, words(each))
        return judge(evidence).status is Status.SPAM

    assert sum(map(in_spam_folder, spam[100:])) >= 0.7 * 300
    assert sum(map(in_spam_folder, ham[100:])) <= 0.01 * 300


def taught(ham: Sequence[Submission], spam: Sequence[Submission]) -> Tally:
    counted: dict[int, tuple[int, int]] = {}
    for each in ham:
        for word in words(each):
            h, s = counted.get(word, (0, 0))
            counted[word] = (h + 1, s)
    for each in spam:
        for word in words(each):
            h, s = counted.get(word, (0, 0))
            counted[word] = (h, s + 1)
    return Tally(len(ham), len(spam), counted)
