"""Settings of the demonstration blog, as `make html` and `make serve` build it.

`publishconf.py` changes the few that differ on the public site.
"""

AUTHOR = "Ruth Adler"
SITENAME = "Out of Office"
SITESUBTITLE = "Notes on work, and on leaving it on time"
SITEURL = "http://127.0.0.1:8000"
SITEDESCRIPTION = (
    "Essays on careers, craft and the people we work with, and what readers had to say about them."
)

PATH = "content"
ARTICLE_PATHS = ["posts"]
PAGE_PATHS = ["pages"]
STATIC_PATHS = ["images"]
OUTPUT_PATH = "output"
THEME = "theme"

# Same input, same bytes, wherever it is built.
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
LOCALE = ("C.UTF-8", "C")
DEFAULT_DATE_FORMAT = "%-d %B %Y"

PLUGIN_PATHS = ["plugins"]
PLUGINS = ["afterword", "categories", "related", "feeds", "incremental"]

# Responses. The form posts to this address; without it no form is shown.
COMMENTS_URL = "/comments/submit"

# Addresses: a folder for every page, so that none ends in .html.
ARTICLE_URL = "{slug}/"
ARTICLE_SAVE_AS = "{slug}/index.html"
ARTICLE_LANG_URL = "{lang}/{slug}/"
ARTICLE_LANG_SAVE_AS = "{lang}/{slug}/index.html"
DRAFT_URL = "drafts/{slug}/"
DRAFT_SAVE_AS = "drafts/{slug}/index.html"
DRAFT_LANG_URL = "drafts/{lang}/{slug}/"
DRAFT_LANG_SAVE_AS = "drafts/{lang}/{slug}/index.html"
PAGE_URL = "{slug}/"
PAGE_SAVE_AS = "{slug}/index.html"
PAGE_LANG_URL = "{lang}/{slug}/"
PAGE_LANG_SAVE_AS = "{lang}/{slug}/index.html"
DRAFT_PAGE_URL = "drafts/pages/{slug}/"
DRAFT_PAGE_SAVE_AS = "drafts/pages/{slug}/index.html"
CATEGORY_URL = "category/{slug}/"
CATEGORY_SAVE_AS = "category/{slug}/index.html"
CATEGORIES_URL = "category/"
CATEGORIES_SAVE_AS = "category/index.html"
TAG_URL = "tag/{slug}/"
TAG_SAVE_AS = "tag/{slug}/index.html"
TAGS_URL = "tag/"
TAGS_SAVE_AS = "tag/index.html"
AUTHOR_URL = "author/{slug}/"
AUTHOR_SAVE_AS = "author/{slug}/index.html"
AUTHORS_URL = "author/"
AUTHORS_SAVE_AS = "author/index.html"
ARCHIVES_URL = "archives/"
ARCHIVES_SAVE_AS = "archives/index.html"
YEAR_ARCHIVE_URL = "archives/{date:%Y}/"
YEAR_ARCHIVE_SAVE_AS = "archives/{date:%Y}/index.html"
MONTH_ARCHIVE_URL = "archives/{date:%Y}/{date:%m}/"
MONTH_ARCHIVE_SAVE_AS = "archives/{date:%Y}/{date:%m}/index.html"

# Templates beyond Pelican's own: the missing page, and two files for robots.
TEMPLATE_EXTENSIONS = [".html", ".xml", ".txt"]
DIRECT_TEMPLATES = [
    "index",
    "archives",
    "categories",
    "tags",
    "authors",
    "404",
    "sitemap",
    "robots",
]
INDEX_URL = ""
SITEMAP_URL = "sitemap.xml"
SITEMAP_SAVE_AS = "sitemap.xml"
ROBOTS_URL = "robots.txt"
ROBOTS_SAVE_AS = "robots.txt"

DEFAULT_PAGINATION = 6
PAGINATED_TEMPLATES = {
    "index": None,
    "category": None,
    "tag": None,
    "author": None,
    "period_archives": None,
}
PAGINATION_PATTERNS = [
    (1, "{base_name}/", "{base_name}/index.html"),
    (2, "{base_name}/page/{number}/", "{base_name}/page/{number}/index.html"),
]
SUMMARY_MAX_LENGTH = 60
SUMMARY_MAX_PARAGRAPHS = 2
# The theme's macros and loops leave no blank lines behind.
JINJA_ENVIRONMENT = {"trim_blocks": True, "lstrip_blocks": True, "extensions": []}

MARKDOWN = {
    "extension_configs": {
        "markdown.extensions.extra": {},
        "markdown.extensions.meta": {},
        "markdown.extensions.sane_lists": {},
        "markdown.extensions.smarty": {},
        "markdown.extensions.toc": {"permalink": False},
        # Guessing the language of unlabelled code is slow and usually wrong.
        "markdown.extensions.codehilite": {"css_class": "highlight", "guess_lang": False},
    },
    "output_format": "html",
}

FEEDS_STYLESHEET = "theme/feed.css"

# What the theme shows.
MENU = (
    ("Home", ""),
    ("Archives", "archives/"),
    ("Topics", "category/"),
)
SHARE_LINKS = (
    ("E-mail", "mailto:?subject={title}&body={url}"),
    ("Mastodon", "https://mastodonshare.com/?text={title}&url={url}"),
    ("Bluesky", "https://bsky.app/intent/compose?text={title}%20{url}"),
    ("LinkedIn", "https://www.linkedin.com/sharing/share-offsite/?url={url}"),
)
LANGUAGE_NAMES = {"en": "English", "de": "Deutsch"}
AUTHOR_BIO = (
    "Ruth Adler hired people for eleven years, was hired six times and let go twice, "
    "and keeps notes on all of it."
)
