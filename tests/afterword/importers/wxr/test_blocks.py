"""Texts of the editor of blocks, of the one before, and of both."""

from afterword.importers.wxr.blocks import unblock


def test_marks_of_blocks_go_and_their_html_stays() -> None:
    text = (
        '<!-- wp:list {"a":{"b":"-->"}} --><ul><!-- wp:list-item --><li>a\n\nb</li>'
        "<!-- /wp:list-item --></ul><!-- /wp:list -->"
    )
    assert unblock(text).html == "<ul><li>a\n\nb</li></ul>"


def test_what_is_outside_of_blocks_has_paragraphs_by_its_lines() -> None:
    text = "one\n\ntwo<!-- wp:html --><b>\n\n</b><!-- /wp:html -->three"
    assert unblock(text).html == "<p>one</p>\n<p>two</p><b>\n\n</b><p>three</p>"


def test_blocks_that_wordpress_filled_are_named() -> None:
    text = '<!-- wp:latest-posts {"n":5} /--><!-- wp:block {"ref":7} /--><!-- wp:separator /-->'
    assert unblock(text).filled == ("latest-posts", "block")


def test_a_file_is_linked_once() -> None:
    html = (
        '<!-- wp:file --><div><a href="a.pdf">A</a><a href="a.pdf" class="wp-block-file__button '
        'wp-element-button" download>Download</a></div><!-- /wp:file -->'
    )
    assert unblock(html).html == '<div><a href="a.pdf">A</a></div>'
