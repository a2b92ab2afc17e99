"""Each server has its own words for redirects; real ones are tried in tests/functional."""

import re

import pytest

from afterword.importers.redirects.redirect import Redirect
from afterword.importers.redirects.servers import Server, lines

SOME = (
    Redirect("/blog/2012/03/first/", (), "/first/"),
    Redirect("/blog/ä", (), "/%C3%A4/"),
    Redirect("/About/", (), "/about/", exact=True),
    Redirect("/blog/", (("p", "7"),), "/first/"),
    Redirect("/blog/", (("feed", "rss2"), ("p", "7")), "/first/comments.rss.xml"),
    Redirect("/:a/*/", (), "/:b/*/"),
)


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        (
            Server.NETLIFY,
            [
                "/blog/ feed=rss2 p=7 /first/comments.rss.xml 301!",
                "/blog/ p=7 /first/ 301!",
                "/blog/2012/03/first/ /first/ 301",
                "/blog/%C3%A4 /%C3%A4/ 301",
                "/%3Aa/%2A/ /%3Ab/%2A/ 301",
            ],
        ),
        (
            Server.CADDY,
            [
                'map "{old_place} {query.feed} {query.p}" {old_feed_p} {',
                '\t"/blog rss2 7" "/first/comments.rss.xml"',
                '\t"/blog 7" "/first/"',
                '\t"/blog/ä" "/%C3%A4/"',
                "redir @old_path {old_path} permanent",
            ],
        ),
        (
            Server.NGINX,
            [
                '\t"/blog/2012/03/first" "/first/";',
                '\t"~^/About$" "/about/";',
                'map "$old_place $arg_p" $old_p {',
                '\t"/blog 7" "/first/";',
                'map "$old_place $arg_feed $arg_p" $old_address {',
                "\tdefault $old_p;",
            ],
        ),
    ],
)
def test_each_server_has_its_own_words(server: Server, expected: list[str]) -> None:
    made = list(lines(server, SOME))
    assert [each for each in made if each in expected] == expected


def test_netlify_is_told_but_once_where_what_is_below_a_folder_leads() -> None:
    feeds, post = "/a:b/feed/", "/a:b/"
    below = [
        *(Redirect(f"{feeds}{each}", (), "/x.rss", under=feeds) for each in ("", "rss/", "rdf/")),
        Redirect(f"{feeds}atom/", (), "/x.atom", under=feeds),
        *(Redirect(f"{post}{each}/", (), "/x/", under=post) for each in ("amp", "2")),
        Redirect("/c/page/2/", (), "/c/", under="/c/page/"),
    ]
    others = [Redirect(post, (), "/x/"), Redirect(f"{post}upload/", (), "/x.png")]
    assert list(lines(Server.NETLIFY, [*others, *below])) == [
        "/a%3Ab/ /x/ 301",
        "/a%3Ab/upload/ /x.png 301",
        "/a%3Ab/feed/ /x.rss 301",
        "/a%3Ab/feed/atom/ /x.atom 301",
        "/c/page/2/ /c/ 301",
        "/a%3Ab/feed/* /x.rss 301",
        "/a%3Ab/* /x/ 301",
    ]


def test_netlify_is_told_nothing_at_once_of_a_folder_of_many_posts() -> None:
    posts = ("/", "/a/", "/a/feed/", "/b/")
    below = [Redirect(f"{p}{n}/", (), f"/x{p}", under=p) for p in posts for n in ("1", "2")]
    made = list(lines(Server.NETLIFY, below))
    assert [each.split()[0] for each in made] == ["/1/", "/2/", "/a/feed/*", "/a/*", "/b/*"]


# As https://docs.netlify.com/routing/redirects has it: a path, what the query holds, an address
# and a status, without wildcards, placeholders and comments.
NETLIFY = re.compile(
    r"(/(?![*:#])[!$-)+-9;=@-Z_a-z~-]*)+"
    r"( [a-z_]+=[A-Za-z0-9_-]+)*"
    r" (https://[a-z.]+)?(/(?![*:])[!$-)+-9:;=@-Z_a-z~-]*)+ 301!?"
)


@pytest.mark.parametrize(
    "path", ["/*", "/:splat/", "/# x/", "/a b/", "/a#b/", "/a?b=c/", "/%2A/", "/ä/", "/a\u2028b/"]
)
def test_no_path_means_more_to_netlify_than_itself(path: str) -> None:
    redirects = [
        Redirect(path, (), "/x/"),
        Redirect(path, (("p", "1"),), "https://new.example/:x/*"),
    ]
    made = list(lines(Server.NETLIFY, redirects))
    assert [each for each in made if not NETLIFY.fullmatch(each)] == []


@pytest.mark.parametrize(
    "path",
    [
        *('/"', "/'", "/$uri", "/a\n/b", "/a\\b", "/{a}", "/a;", "/~a", "/`", "/\x00", "/\x85"),
        *("//a", "/../a", "/a/./b", "a", f"/{'ä' * 451}", "/\ufffd"),
    ],
)
def test_what_could_mean_something_else_is_no_sound_redirect(path: str) -> None:
    assert not Redirect(path, (), "/").sound


@pytest.mark.parametrize("path", ["/", "/a b/", "/(a)*[b]?:c", "/ä", "/a..b/", "/n%o/"])
def test_what_means_itself_is(path: str) -> None:
    assert Redirect(path, (("p", "7"),), "/").sound
    assert not Redirect(path, (("p", "7;"),), "/").sound
