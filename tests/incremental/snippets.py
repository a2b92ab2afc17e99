"""A small theme that shows something of everything, and what can be put into its templates.

Each snippet is one more way to look at the site; templates have the place ``HOLE`` for some. Of
settings and of a plugin of the site's own there are such pieces, too.
"""

from collections.abc import Mapping
from typing import Final

HOLE: Final = "[[hole]]"

_LISTED: Final = (
    '{% extends "base.html" %}{% block content %}'
    "{% for article in (articles_page.object_list if articles_page else articles) %}"
    "{% if once is defined %}{{ once(listed, article, SITEURL) }}"
    "{% else %}{{ listed(article, SITEURL) }}{% endif %}{% endfor %}"
    "{% if articles_page and articles_page.has_next() %}"
    "{{ articles_page.next_page_number() }} of {{ articles_paginator.num_pages }}{% endif %}"
    "[[hole]]{% endblock %}"
)
_LIST_OF_LISTS: Final = (
    '{{% extends "base.html" %}}{{% block content %}}'
    "{{% for name, posts in {} %}}{{{{ name }}}} {{{{ name.url }}}} {{{{ posts|length }}}}"
    "{{% endfor %}}[[hole]]{{% endblock %}}"
)
# Every template, by its name below the theme's folder.
TEMPLATES: Final[Mapping[str, str]] = {
    "base.html": (
        '{% from "macros.html" import listed %}<title>{% block title %}{{ SITENAME }}'
        "{% endblock %}</title>{% for p in pages %}{{ SITEURL }}/{{ p.url }} {{ p.title }}"
        "{% endfor %}[[hole]]<main>{% block content %}{% endblock %}</main>"
        '{% include "partials/foot.html" %}'
    ),
    "article.html": (
        '{% extends "base.html" %}{% block content %}<h1>{{ article.title }}</h1>'
        "{{ article.locale_date }}{{ article.category }}{{ article.content }}"
        "{% for t in article.tags|default([]) %}{{ t.url }}{% endfor %}"
        "{{ comments(article) }}[[hole]]{% endblock %}"
    ),
    "page.html": (
        '{% extends "base.html" %}{% block content %}{{ page.title }}{{ page.content }}'
        "{{ comments(page) }}[[hole]]{% endblock %}"
    ),
    "index.html": _LISTED,
    "category.html": _LISTED.replace(
        "[[hole]]", "{{ category }} {{ category.description }}[[hole]]"
    ),
    "tag.html": _LISTED.replace(
        "[[hole]]", "{{ tag }} {{ tag.slug }} {{ tag.description }}[[hole]]"
    ),
    "author.html": _LISTED.replace("[[hole]]", "{{ author }}[[hole]]"),
    "archives.html": _LISTED.replace("articles_page.object_list if articles_page", "dates if 1"),
    "period_archives.html": _LISTED.replace("[[hole]]", "{{ period|join('-') }}[[hole]]"),
    "categories.html": _LIST_OF_LISTS.format("categories"),
    "tags.html": _LIST_OF_LISTS.format("tags"),
    "authors.html": _LIST_OF_LISTS.format("authors"),
    "macros.html": (
        "{% macro listed(article, siteurl) %}<h2>{{ siteurl }}/{{ article.url }} "
        "{{ article.title }}</h2>{{ article.summary }}{{ comments_count(article) }}"
        "[[hole]]{% endmacro %}"
        "{% macro short(a) %}<i>{{ a.title }} {{ a.date|strftime('%Y') }}</i>{% endmacro %}"
        "{% set said = SITENAME ~ '!' %}"
    ),
    "partials/foot.html": "<footer>{{ THEME_STATIC_DIR }}[[hole]]</footer>",
}
# Templates that are there at one time and not at another: there is nothing to be put into them.
SOMETIMES: Final[Mapping[str, tuple[str, ...]]] = {
    "partials/extra.html": (
        "<p>Extra {{ SITENAME }} {{ article.title if article }}</p>",
        "{% for a in articles %}{{ a.title }}{{ comments_count(a) }}{% endfor %}",
    ),
    "partials/p1.html": ("Chosen.", "{{ article.sub }}{{ pages|length }}"),
    "comments/count.html": ("<b>{{ count }}</b>",),
    "comments/comment.html": ("<li>{{ comment.author }}: {{ comment.body }}</li>",),
    "overrides/partials/foot.html": ("Another foot.", "{{ articles|length }}"),
    "overrides/tag.html": ("{{ tag }}{{ articles|map(attribute='title')|join }}",),
}
# What can stand in every one of them.
ANYWHERE: Final = (
    "",
    "Some text.",
    "{{ articles|length }}",
    "{{ articles|map(attribute='title')|join(', ') }}",
    "{% for a in (articles or [])[:2] %}{{ a.title }}{{ comments_count(a) }}{% endfor %}",
    "{% for a in articles|sort(attribute='title') %}{{ a.slug }} {% endfor %}",
    "{% for a in articles if a.comments_count %}{{ a.comments_count }}{% endfor %}",
    "{% for a in articles %}{{ last_changed(a) }} {% endfor %}",
    "{% for name, group in articles|groupby('author') %}{{ name }} {{ group|length }}{% endfor %}",
    "{{ recent_comments(3) }}",
    "{{ recent_comments(2)|striptags }}",
    "{% set r = recent_comments() %}{{ r }}{{ r|length }}",
    "{% for p in pages %}{{ p.content }}{% endfor %}",
    "{% for p in pages|sort(attribute='slug') %}{{ p.metadata.sub }}{% endfor %}",
    "{% for c, of in categories %}{{ c.name }}{% if of %}{{ of[0].title }}{% endif %}{% endfor %}",
    "{% for t, of in tags %}{{ t }}{{ of|length }}{% endfor %}",
    "{{ drafts|map(attribute='title')|list|join }}{{ hidden_articles|length }}",
    "{{ translations|map(attribute='lang')|join }}",
    "{{ output_file }} {{ page_name|default('-') }}",
    "{% for a in articles %}{{ loop.cycle('odd', 'even') }} {{ a.lang }}{% endfor %}",
    "{{ localsiteurl }}",
    "{{ known|default('unknown') }}",
    "{% include 'partials/extra.html' ignore missing %}",
    "{% include ['partials/extra.html', 'by/nothing.html'] ignore missing %}",
    "{% include 'partials/' ~ (article.slug if article else 'none') ~ '.html' ignore missing %}",
    "{% from 'macros.html' import short %}{% for a in articles %}{{ short(a) }}{% endfor %}",
    "{% import 'macros.html' as m %}{{ m.said }}",
    "{% import 'macros.html' as m with context %}{% for a in dates %}{{ m.short(a) }}{% endfor %}",
    "{% for name, value in (EXTRA or {})|dictsort %}{{ name }}={{ value }}{% endfor %}",
)
# What can stand where there is a post, if there is one.
OF_A_POST: Final = (
    "{{ article.summary }}",
    "{{ article.modified or article.date }}",
    "{{ article.metadata.sub }} {{ article.sub|default('-') }}",
    "{{ article.metadata|dictsort|map('first')|join(',') }}",
    "{% for t in article.translations %}{{ t.lang }} {{ t.url }} {{ t.title }}{% endfor %}",
    "{% for a in article.related_posts %}{{ a.title }} {{ a.url }}{% endfor %}",
    "{{ article.prev_article.title if article.prev_article }}",
    "{{ article.next_article.url if article.next_article }}",
    "{{ article.categories|map(attribute='full_name')|join(', ') }}",
    "{{ article.authors|join(', ') }} {{ article.author.url }}",
    "{{ comments_count(article) }}",
    "{{ comments_count(article)|striptags }}",
    "{{ comments_count(article)|length }}",
    "{{ article.comments_count }} {{ article.comments_open }}",
    "{% for c in article.comments %}{{ c.author }} {{ c.replies|length }}{% endfor %}",
    "{{ comments(article)|length }}",
    "{% set c = comments(article) %}{{ c }}{{ c|wordcount }}",
    "{% set c = comments_count(article) %}{{ c }}{{ c|title }}{{ '1' in c|striptags }}",
    "{{ 'a b'.replace(' ', comments_count(article)) }}",
    "{{ article.hung|default('-') }}",
    "{{ article|attr('title') }}",
    "{{ '{0.title}'.format(article) }}",
    "{{ last_changed(article) }}",
    "{{ article.source_path }} {{ article.relative_source_path }}",
    "{{ article.status }} {{ article.lang }} {{ article.in_default_lang }}",
    "{{ article.get_siteurl() }} {{ article.url }} {{ article.save_as }}",
    "{% for c in article.category.articles|default([]) %}{{ c.title }}{% endfor %}",
)


def guarded(snippet: str) -> str:
    """A snippet that shows nothing where there is no post."""
    return f"{{% if article %}}{snippet}{{% endif %}}"


# What a settings file may have beside what it has always.
SETTINGS: Final = (
    *("DEFAULT_PAGINATION = 2", "DEFAULT_PAGINATION = 3", "RELATIVE_URLS = True"),
    'PAGINATED_TEMPLATES = {"index": 2, "tag": 1, "author": None}',
    *('SITENAME = "Another"', 'SITEURL = ""', 'DEFAULT_LANG = "de"', "SUMMARY_MAX_LENGTH = 3"),
    *("OUTPUT_SOURCES = True", "RELATED_POSTS = 1", "DISPLAY_PAGES_ON_MENU = False"),
    'YEAR_ARCHIVE_SAVE_AS = "{date:%Y}/index.html"',
    'MONTH_ARCHIVE_SAVE_AS = "{date:%Y}/{date:%m}/index.html"',
    *('COMMENTS_URL = "/comments/submit"', "COMMENTS_CLOSE_AFTER_DAYS = 2"),
    *("COMMENTS_ON_PAGES = True", "COMMENTS_FEED_ITEMS = 2", "COMMENTS_MAX_DEPTH = 1"),
    *("WITH_FUTURE_DATES = True", 'ARTICLE_ORDER_BY = "slug"', 'ARTICLE_ORDER_BY = "basename"'),
    *("NEWEST_FIRST_ARCHIVES = False", "REVERSE_CATEGORY_ORDER = True", 'DEFAULT_CATEGORY = "Z"'),
    *('PLUGINS.remove("related")', 'PLUGINS.remove("feeds")', 'PLUGINS.remove("categories")'),
    *('FEED_ALL_ATOM = "all.xml"'),
    'ARTICLE_URL = "{date:%Y}/{slug}/"\nARTICLE_SAVE_AS = "{date:%Y}/{slug}/index.html"',
    *('TEMPLATE_PAGES = {"templated.html": "templated.html"}', 'SLUGIFY_SOURCE = "basename"'),
    *('JINJA_ENVIRONMENT = {"trim_blocks": True}', 'EXTRA = {"b": 1, "a": [1, 2]}'),
    *('AUTHOR_SAVE_AS = ""', 'TAG_SAVE_AS = ""', 'DIRECT_TEMPLATES = ["index", "archives"]'),
    *("DELETE_OUTPUT_DIRECTORY = True", "ARTICLE_TRANSLATION_ID = None", 'PAGE_ORDER_BY = "title"'),
)
# What a plugin may do, and what it says when it is registered.
HOOKS: Final = (
    (
        """
def at_init(content):
    if text := data(f"init-{getattr(content, 'slug', '')}"):
        content.hung = text
""",
        "signals.content_object_init.connect(at_init)",
    ),
    (
        """
def at_the_end(generators):
    for generator in generators:
        generator.env.globals["known"] = data("global")
    for each in generators[0].articles:
        if text := data(f"end-{each.slug}"):
            each.hung = [text]
        if text := data(f"text-{each.slug}"):
            each._content = text
""",
        "signals.all_generators_finalized.connect(at_the_end)",
    ),
    (
        """
def read(generator, metadata):
    if text := data(f"end-{metadata.get('slug')}"):
        metadata["sub"] = text
""",
        "signals.article_generator_context.connect(read)",
    ),
    (
        """
def between(generator, writer):
    for each in generator.context["pages"]:
        each.title = each.title + data("global")
""",
        "signals.article_writer_finalized.connect(between)",
    ),
    (
        """
def before(generator, content):
    content.hung = data(f"end-{content.slug}") + "!"
""",
        "signals.article_generator_write_article.connect(before)",
    ),
    (
        """
def in_lists(generator):
    generator.articles[:] = [each for each in generator.articles if data("global") != each.slug]
""",
        "signals.article_generator_finalized.connect(in_lists)",
    ),
)
