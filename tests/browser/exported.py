"""An export of WordPress in which somebody has written everything once, well and badly."""

from tests.afterword.importers.wxr.conftest import CHANNEL, comment, document, item

UPLOADS = "https://old.example/blog/wp-content/uploads/2012/03"
_LONG = "Donaudampfschifffahrtsgesellschaftskapitän" * 4

BLOCKS = f"""<!-- wp:heading {{"level":1}} --><h1 class="wp-block-heading" id="top">Top</h1>
<!-- /wp:heading -->
<!-- wp:heading {{"level":4}} --><h4>Four levels down</h4><!-- /wp:heading -->
<!-- wp:paragraph {{"align":"center"}} --><p class="has-text-align-center" style="color:#eee">Pale
<mark style="background-color:#fff" class="has-inline-color">marked</mark> and
<span style="font-size:200px">large</span>, see <a href="#top">above</a> and so on.</p>
<!-- /wp:paragraph -->
<!-- wp:image {{"id":5}} --><figure class="wp-block-image size-large"><a href="{UPLOADS}/a.png">
<img src="{UPLOADS}/a-300x200.png" alt="" width="4000" height="20" class="wp-image-5"
 srcset="{UPLOADS}/a-300x200.png 300w, {UPLOADS}/a.png 600w" sizes="100vw" loading="lazy"></a>
<figcaption class="wp-element-caption">A <em>line</em> below</figcaption></figure><!-- /wp:image -->
<!-- wp:gallery --><figure class="wp-block-gallery has-nested-images columns-3">
<!-- wp:image --><figure class="wp-block-image"><img src="{UPLOADS}/a.png" alt="One"/></figure>
<!-- /wp:image -->
<!-- wp:image --><figure class="wp-block-image"><img src="{UPLOADS}/b.png"/><figcaption>Two
</figcaption></figure><!-- /wp:image --><figcaption>All of them</figcaption></figure>
<!-- /wp:gallery -->
<!-- wp:quote --><blockquote class="wp-block-quote"><!-- wp:paragraph --><p>Quoted.</p>
<!-- /wp:paragraph --><cite>Somebody</cite></blockquote><!-- /wp:quote -->
<!-- wp:pullquote --><figure class="wp-block-pullquote"><blockquote><p>Pulled</p><cite>By me</cite>
</blockquote></figure><!-- /wp:pullquote -->
<!-- wp:code --><pre class="wp-block-code"><code>if (a &lt; b) {{ {"x" * 200} }}</code></pre>
<!-- /wp:code -->
<!-- wp:preformatted --><pre class="wp-block-preformatted">As
  it   is</pre><!-- /wp:preformatted -->
<!-- wp:verse --><pre class="wp-block-verse">Roses <em>are</em>
   red</pre><!-- /wp:verse -->
<!-- wp:table --><figure class="wp-block-table"><table class="has-fixed-layout"><thead><tr>
<th>Year</th><th>{_LONG}</th><th>c</th></tr></thead><tbody><tr><td>2012</td>
<td colspan="2">wide</td></tr><tr><td><ul><li>in a cell</li></ul></td>
<td>b | c</td><td></td></tr></tbody></table>
<figcaption>Pay</figcaption></figure><!-- /wp:table -->
<table><tr><th></th><th>A</th></tr><tr><th>B</th><td>c</td></tr></table>
<!-- wp:list --><ul><!-- wp:list-item --><li>One<!-- wp:list {{"ordered":true}} --><ol start="3">
<!-- wp:list-item --><li>Three</li><!-- /wp:list-item --></ol><!-- /wp:list --></li>
<!-- /wp:list-item --></ul><!-- /wp:list -->
<!-- wp:columns --><div class="wp-block-columns"><div class="wp-block-column"
 style="flex-basis:1000px"><p>Left</p></div><div class="wp-block-column"><p>Right</p></div></div>
<!-- /wp:columns -->
<!-- wp:buttons --><div class="wp-block-buttons"><div class="wp-block-button">
<a class="wp-block-button__link" href="https://example.org/">Press</a></div></div>
<!-- /wp:buttons -->
<!-- wp:separator --><hr class="wp-block-separator"/><!-- /wp:separator -->
<!-- wp:embed {{"url":"https://youtu.be/x"}} --><figure class="wp-block-embed is-type-video"><div
 class="wp-block-embed__wrapper">
https://youtu.be/x
</div><figcaption>Seen</figcaption></figure><!-- /wp:embed -->
<!-- wp:video --><figure class="wp-block-video"><video controls src="{UPLOADS}/v.mp4"></video>
</figure><!-- /wp:video -->
<!-- wp:file --><div class="wp-block-file"><a href="{UPLOADS}/f.pdf">A file</a><a
 href="{UPLOADS}/f.pdf" class="wp-block-file__button" download>Download</a></div><!-- /wp:file -->
<!-- wp:details --><details class="wp-block-details"><summary>More</summary><p>Hidden</p></details>
<!-- /wp:details -->
<!-- wp:html --><form action="https://example.org/"><input name="q"><button>Go</button></form>
<!-- /wp:html -->
<!-- wp:media-text --><div class="wp-block-media-text" style="grid-template-columns:15% auto">
<figure><img src="{UPLOADS}/b.png" alt="b"/></figure><div><p>Beside</p></div></div>
<!-- /wp:media-text -->
<!-- wp:footnotes /-->
"""

# Written before there were blocks, or pasted from elsewhere.
CLASSIC = f"""First line
second &amp; third <b>bold <i>both</b> italic</i> &nbsp; &bogus; <p>Opened
<center><font color="red" size="7" face="Comic Sans MS">Centred</font></center>

[caption id="attachment_5" align="alignright" width="300"]<a href="{UPLOADS}/a.png"><img
 class="alignright" title="A" src="{UPLOADS}/a-300x200.png" border="0"
 width="300" /></a> Below[/caption]

[gallery ids="5,6" columns="2"] [unknown thing="x"]

<table border="1" cellpadding="4" width="900"><tr><td bgcolor="#ffffff" nowrap>{"cell " * 30}</td>
<td><table><tr><td>inner</td></tr></table></td></tr></table>

<a name="old"></a><a href="#old">To the old</a> <a href="">empty</a> <a>none</a> <a href="http://">bare</a>
<a href="/blog/2012/03/text/" target="_blank" rel="noopener" onclick="go()">Text</a>
<a href="mailto:ruth@example.org">Write</a> <a href="javascript:alert(1)">Run</a>

<div id="same" style="width:2000px">one</div><div id="same">two</div>
<strong><p>inside out</p></strong>

<ul><li>a<li>b<p>loose</ul> <dl><dt>t<dd>d</dl> <acronym title="World">W</acronym> <tt>tt</tt>
<strike>gone</strike> <big>big</big> <blink>blink</blink> <marquee>run</marquee>
<nobr>{_LONG}</nobr>

<h2></h2><h5>Five</h5><h3>Three</h3>

<img src="{UPLOADS}/b.png" width="100%" height="auto" align="left" hspace="4" alt="b" longdesc="x">
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==">
<img> <img src=""> <svg width="10" height="10"><circle r="5" /></svg> <math><mi>x</mi></math>

<iframe src="https://www.youtube.com/embed/x" width="560" height="315" frameborder="0"></iframe>
<object width="425"><param name="movie" value="https://example.org/x.swf"><embed
 src="https://example.org/x.swf"></object> <script src="https://example.org/x.js"></script>
<style>body {{ display: none }}</style> <!-- said --> <!--more-->

<blockquote class="twitter-tweet"><p lang="en" dir="ltr">A tweet<br>of two lines</p>&mdash; Me
<a href="https://twitter.com/me/status/1">now</a></blockquote>

[sourcecode language="php"]<?php echo "<b>$x</b>"; // {"y" * 120}[/sourcecode]
<pre lang="java" line="1">List<String> a;</pre> <code>{"z" * 150}</code>

<!--nextpage-->

https://www.youtube.com/watch?v=x

{_LONG} http://example.org/{"w" * 200}

1) no list
* no list
# no heading
> no quote
    no code
a_b_c *d* [e](f) `g` \\\\h ~~i~~ {{{{ 7 * 7 }}}} |filename|x.md {{static}}/x.png
"""

_DEEP = [
    comment(
        100 + n,
        parent=99 + n if n else 0,
        author="<b>Dave</b> & Co" if n % 2 else _LONG,
        author_url="example.org" if n % 3 else "javascript:alert(1)",
        content=f"Level {n} <script>x</script> <img src=x onerror=y> {_LONG}\n\n<blockquote>q"
        f"</blockquote><pre>{'p' * 150}</pre><a href='http://example.org/{'u' * 150}'>l</a>",
    )
    for n in range(12)
]


def export() -> str:
    """Return the export."""
    terms = """<wp:tag><wp:tag_slug>t</wp:tag_slug><wp:tag_name>&lt;T&gt; &amp;amp; &quot;t&quot;
</wp:tag_name><wp:tag_description>&lt;h1&gt;Loud&lt;/h1&gt; words</wp:tag_description></wp:tag>
<wp:category><wp:category_nicename>c</wp:category_nicename><wp:cat_name>A/B, &amp;amp; C
</wp:cat_name><wp:category_description>a&lt;table&gt;&lt;tr&gt;&lt;td&gt;b</wp:category_description>
</wp:category>"""
    labels = """<category domain="category" nicename="c">A/B, &amp; C</category>
<category domain="post_tag" nicename="t">T</category>"""
    return document(
        item(
            1,
            *_DEEP,
            title="Blocks &amp; <em>more</em>",
            post_name="blocks",
            content=BLOCKS,
            link="https://old.example/blog/2012/03/blocks/",
            more=labels,
        ),
        item(
            2,
            comment(201, type="pingback", author="There", author_url="https://example.org/x"),
            title="Classic",
            post_name="classic",
            content=CLASSIC,
            excerpt="<p>Short <b>but",
            link="https://old.example/blog/2012/03/classic/",
            more=labels,
        ),
        item(3, title="", post_name="", content="", link="https://old.example/blog/?p=3"),
        item(
            4,
            title="“Text”, ünïcode 文字 " + _LONG,
            post_name="text",
            comment_status="closed",
            link="https://old.example/blog/2012/03/text/",
            post_date="",
            post_date_gmt="",
            content="Only text.",
        ),
        item(5, post_type="attachment", attachment_url=f"{UPLOADS}/a.png", post_parent=1),
        item(6, post_type="attachment", attachment_url=f"{UPLOADS}/b.png", post_parent=1),
        item(7, title="A page", post_type="page", post_name="a-page", content=CLASSIC),
        channel=CHANNEL + terms,
    )
