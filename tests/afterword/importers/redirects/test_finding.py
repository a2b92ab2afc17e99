"""Where old addresses of WordPress lead: to what a built site has, and to nothing else."""

from pathlib import Path

from tests.afterword.importers.redirects.conftest import Making, found, led
from tests.afterword.importers.wxr.conftest import CHANNEL, comment, item

OLD = "https://old.example/blog"
TERMS = """<wp:category><wp:term_id>3</wp:term_id><wp:category_nicename>job</wp:category_nicename>
<wp:cat_name>Job</wp:cat_name></wp:category>
<wp:category><wp:term_id>4</wp:term_id><wp:category_nicename>wages</wp:category_nicename>
<wp:category_parent>job</wp:category_parent>
<wp:cat_name>Pay, &amp;amp;c.</wp:cat_name></wp:category>
<wp:category><wp:term_id>5</wp:term_id><wp:category_nicename>idle</wp:category_nicename>
<wp:cat_name>Idle</wp:cat_name></wp:category>
"""


def label(taxonomy: str, slug: str, name: str) -> str:
    return f'<category domain="{taxonomy}" nicename="{slug}">{name}</category>'


def meta(key: str, value: str) -> str:
    inside = f"<wp:meta_key>{key}</wp:meta_key><wp:meta_value>{value}</wp:meta_value>"
    return f"<wp:postmeta>{inside}</wp:postmeta>"


def test_permalinks_slugs_from_before_and_numbers_lead_on(tmp_path: Path, make: Making) -> None:
    items = [
        item(7, more=meta("_wp_old_slug", "frist")),
        item(8, post_type="page", post_name="about", link=f"{OLD}/%C3%A4/"),
        item(9, post_name="same", link="https://old.example/same/"),
        item(10, post_name="plain", link=f"{OLD}/?p=10"),
        item(11, post_name="gone", link=f"{OLD}/gone/"),
        item(12, post_name="secret", link=f"{OLD}/secret/", status="private"),
        item(13, post_name="odd", link=f"{OLD}/a;b%20c/"),
    ]
    keys = ("first", "about", "same", "plain", "odd")
    made = found(tmp_path, make("same/index.html", "index.html"), items, keys=keys)
    leading = led(made)
    assert (
        leading.items()
        >= {
            "/blog/": "/",
            "/blog/2012/03/first/": "/first/",
            "/blog/2012/03/frist/": "/first/",
            "/blog/?p=7": "/first/",
            "/blog/index.php?p=7": "/first/",
            "/blog/index.php/2012/03/first/": "/first/",
            "/blog/ä/": "/about/",
            "/blog/?page_id=8": "/about/",
            "/blog/?p=8": "/about/",
            "/blog/?p=9": "/same/",
            "/blog/?p=10": "/plain/",
            "/blog/?p=13": "/odd/",
        }.items()
    )
    assert not {"/same/", "/blog/gone/", "/blog/secret/", "/blog/?p=12", "/"} & leading.keys()
    assert made.missing == (
        (f"{OLD}/gone/", "no post or page has this address or slug"),
        ("/blog/a;b c/", "cannot stand in a server's configuration"),
    )


def test_what_hung_on_a_post_leads_to_it_and_its_feed_to_that_of_responses(
    tmp_path: Path, make: Making
) -> None:
    text = "a<!--nextpage-->b<!--nextpage-->c"
    comments = [comment(number) for number in range(11)]
    built = make("first/index.html", "first/comments.rss.xml", "first/comments.atom.xml")
    leading = led(found(tmp_path, built, [item(7, *comments, content=text)]))
    old = "/blog/2012/03/first/"
    below = ["amp", "embed", "trackback", "2", "3", "comment-page-1", "comment-page-2"]
    assert {leading.get(f"{old}{each}/") for each in below} == {"/first/"}
    assert leading[f"{old}feed/"] == leading[f"{old}feed/rdf/"] == "/first/comments.rss.xml"
    assert leading[f"{old}feed/atom/"] == "/first/comments.atom.xml"
    assert not {f"{old}4/", f"{old}comment-page-3/"} & leading.keys()


def test_a_post_that_has_no_feed_here_has_no_old_one(tmp_path: Path, make: Making) -> None:
    leading = led(found(tmp_path, make("first/index.html"), [item(7)]))
    assert "/blog/2012/03/first/feed/" not in leading
    assert "/blog/2012/03/first/" in leading


def test_nobody_loses_a_subscription(tmp_path: Path, make: Making) -> None:
    built = make("feeds/comments.rss.xml", "feeds/comments.atom.xml")
    leading = led(found(tmp_path, built, [item(7, link=f"{OLD}/?p=7")]))
    for old in ("feed/", "feed/rss2/", "feed/rss/", "feed/rdf/", "rss/", "rss2/", "rdf/"):
        assert leading[f"/blog/{old}"] == "/feeds/all.rss.xml"
    for old in ("?feed=rss2", "?feed=rss", "?feed=rdf", "wp-rss2.php"):
        assert leading[f"/blog/{old}"] == "/feeds/all.rss.xml"
    for old in ("feed/atom/", "atom/", "?feed=atom", "wp-atom.php"):
        assert leading[f"/blog/{old}"] == "/feeds/all.atom.xml"
    assert leading["/blog/comments/feed/"] == "/feeds/comments.rss.xml"
    assert leading["/blog/comments/feed/atom/"] == "/feeds/comments.atom.xml"
    assert leading["/blog/?feed=comments-rss2"] == "/feeds/comments.rss.xml"


def test_a_feed_in_another_format_is_better_than_none(tmp_path: Path, make: Making) -> None:
    built = make("first/comments.atom.xml")
    leading = led(found(tmp_path, built, [item(7, link=f"{OLD}/?p=7")]))
    assert leading["/blog/?feed=rss2?p=7"] == "/first/comments.atom.xml"


def test_categories_tags_and_authors_lead_to_those_of_the_same_name(
    tmp_path: Path, make: Making
) -> None:
    labels = label("category", "wages", "Pay") + label("post_tag", "cpp", "C++")
    labels += label("post_tag", "moved", "Was called otherwise")
    built = make(
        *("category/job/index.html", "category/job/pay-c/index.html", "tag/c/index.html"),
        *("author/ruth-adler/index.html", "tag/moved/index.html"),
        category__job="Job",
        category__job__pay_c="Job/Pay, and so on",
        tag__c="C",
        tag__moved="Something",
        author__ruth_adler="Ruth Adler",
    )
    leading = led(found(tmp_path, built, [item(7, more=labels)], channel=CHANNEL + TERMS))
    assert leading["/blog/category/job/"] == "/category/job/"
    assert "/category/job/pay_c/" not in leading.values()  # it has no page
    assert leading["/blog/category/job/wages/feed/"] == "/feeds/category/job/pay_c.rss.xml"
    assert leading["/blog/category/wages/feed/atom/"] == "/feeds/category/job/pay_c.atom.xml"
    assert leading["/blog/?cat=3"] == "/category/job/"
    assert leading["/blog/tag/cpp/"] == leading["/blog/?tag=cpp"] == "/tag/c/"
    assert leading["/blog/tag/moved/"] == "/tag/moved/"
    assert "/blog/author/ruth/" not in leading
    assert leading["/blog/author/ruth/feed/"] == "/feeds/author/ruth_adler.rss.xml"
    assert not any("idle" in each for each in leading)


def test_all_authors_of_a_post_lead_on_and_guests_too(tmp_path: Path, make: Making) -> None:
    guest = item(
        8,
        post_type="guest-author",
        post_name="cap-guest-gil",
        link="",
        more=meta("cap-display_name", "Gil") + meta("cap-user_login", "guest-gil"),
    )
    labels = label("author", "cap-ruth-a", "ruth") + label("author", "cap-guest-gil", "guest-gil")
    built = make(
        *("author/ruth-adler/index.html", "author/gil/index.html"),
        author__ruth_adler="Ruth Adler",
        author__gil="Gil",
    )
    leading = led(found(tmp_path, built, [guest, item(7, more=labels)]))
    assert leading["/blog/author/ruth-a/feed/"] == "/feeds/author/ruth_adler.rss.xml"
    assert leading["/blog/author/guest-gil/"] == "/author/gil/"


def test_dates_lead_to_the_finest_archive_that_there_is(tmp_path: Path, make: Making) -> None:
    built = make("archives/2012/03/index.html", "archives/index.html")
    items = [item(n, post_name=f"p{n}", link=f"{OLD}/p{n}/") for n in range(1, 7)]
    leading = led(found(tmp_path, built, items, keys=[f"p{n}" for n in range(1, 7)]))
    assert leading["/blog/2012/"] == leading["/blog/?m=2012"] == "/archives/"
    assert leading["/blog/2012/03/"] == leading["/blog/?m=201203"] == "/archives/2012/03/"
    assert leading["/blog/2012/03/14/"] == "/archives/2012/03/"
    assert leading["/blog/2012/03/page/2/"] == "/archives/2012/03/"
    assert leading["/blog/page/2/"] == "/archives/"
    assert "/blog/2012/04/" not in leading
    assert leading["/blog/2012/feed/"] == "/feeds/all.rss.xml"
    assert leading["/blog/2012/03/14/feed/atom/"] == "/feeds/all.atom.xml"


def test_pictures_lead_to_where_they_have_been_copied_to(tmp_path: Path, make: Making) -> None:
    there = f"{OLD}/wp-content/uploads/2012/03"
    sizes = 's:4:"file";s:13:"2012/03/x.jpg";s:4:"file";s:13:"x-150x150.jpg";'
    items = [
        item(7, content=f'<img src="{there}/x-300x200.jpg"> <a href="{there}/%C3%A4%20b.PDF">'),
        item(
            8,
            post_type="attachment",
            post_parent=7,
            link=f"{OLD}/2012/03/first/x/",
            attachment_url=f"{there}/x.jpg",
            more=meta("_wp_attachment_metadata", sizes),
        ),
        item(
            9,
            post_type="attachment",
            post_parent=7,
            link=f"{OLD}/?attachment_id=9",
            attachment_url=f"{there}/lost.jpg",
        ),
        item(
            10,
            post_type="attachment",
            link=f"{OLD}/elsewhere/",
            attachment_url="https://cdn.example/wp-content/uploads/2012/03/x.jpg",
        ),
    ]
    leading = led(found(tmp_path, make("images/2012/03/x.jpg", "images/2012/03/ä b.PDF"), items))
    uploads = "/blog/wp-content/uploads/2012/03"
    for name in ("x.jpg", "x-150x150.jpg", "x-300x200.jpg"):
        assert leading[f"{uploads}/{name}"] == "/images/2012/03/x.jpg"
    assert leading[f"{uploads}/ä b.PDF"] == "/images/2012/03/%C3%A4%20b.PDF"
    assert leading["/blog/2012/03/first/x/"] == "/images/2012/03/x.jpg"
    assert leading["/blog/?attachment_id=8"] == "/images/2012/03/x.jpg"
    assert leading["/blog/?attachment_id=9"] == "/first/"
    assert not {f"{uploads}/lost.jpg", "/blog/elsewhere/", "/blog/?attachment_id=10"} & {*leading}


def test_lists_below_the_folder_of_all_posts_are_found_there(tmp_path: Path, make: Making) -> None:
    items = [item(n, post_name=f"p{n}", link=f"{OLD}/notes/p{n}/") for n in (1, 2)]
    built = make("archives/2012/index.html")
    leading = led(found(tmp_path, built, items, keys=["p1", "p2"]))
    assert leading["/blog/notes/2012/"] == leading["/blog/2012/"] == "/archives/2012/"


def test_a_blog_in_the_same_sub_directory_keeps_what_has_its_address(
    tmp_path: Path, make: Making
) -> None:
    names = ("index.html", "feeds/comments.rss.xml", "feed/index.html")
    built = make(*names, siteurl="https://old.example/blog")
    leading = led(found(tmp_path, built, [item(7)]))
    assert leading["/blog/feed/rss2/"] == "/blog/feeds/all.rss.xml"
    assert leading["/blog/comments/feed/"] == "/blog/feeds/comments.rss.xml"
    assert not {"/blog/", "/blog/feed/"} & leading.keys()


def test_from_another_host_even_the_same_paths_lead_here(tmp_path: Path, make: Making) -> None:
    items = [item(7, link="https://old.example/first/")]
    leading = led(found(tmp_path, make("first/index.html"), items, other_host=True))
    assert leading["/first/"] == "https://new.example/first/"
    assert leading["/blog/feed/"] == "https://new.example/feeds/all.rss.xml"
