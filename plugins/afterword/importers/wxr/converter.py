"""markdownify with our rules for posts: what Python's Markdown reads as it was meant."""

import re
from collections import Counter
from typing import Final

from bs4 import Tag
from markdownify import MarkdownConverter

_ANYWHERE: Final = re.compile(r"([\\`*\[\]{}]|(?<![^\W_])_|_(?![^\W_]))")
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")
_AT_START: Final = re.compile(r"((?:^|\n)[ \t]*)([-+](?=\s|$)|-{2,}|#|>)")
_RARE_START: Final = re.compile(r"((?:^|\n)[ \t]*)([:=~])")
_NUMBER: Final = re.compile(r"((?:^|\n)[ \t]*\d+)\.(?=\s|$)")
_LANGUAGE: Final = re.compile(r"(?:language-|lang-|brush:\s*)([\w+#-]+)")
_SPACE: Final = re.compile(r"\s+")


class Converter(MarkdownConverter):
    """markdownify with the rules of Python's Markdown, where lists are indented by four."""

    def __init__(self) -> None:
        super().__init__(heading_style="atx", bullets="-")
        # How many items of each list have been seen: they come in their order.
        self._items: Counter[int] = Counter()

    def escape(self, text: str, parent_tags: set[str]) -> str:
        text = _escaped(text)
        if parent_tags & {"td", "th"}:
            text = text.replace("|", "\\|")
        text = _NUMBER.sub(r"\1\\.", _AT_START.sub(r"\1\\\2", text))
        return _RARE_START.sub(lambda found: f"{found[1]}&#{ord(found[2])};", text)

    def convert_li(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        bullet = "- "
        if el.parent is not None and el.parent.name == "ol":
            start = str(el.parent.get("start") or "1")
            first = int(start) if start.isdecimal() else 1
            bullet = f"{first + self._items[id(el.parent)]}. "
            self._items[id(el.parent)] += 1
        inner = re.sub(r"\n(?=[^\n])", "\n    ", text.strip())
        return f"{bullet}{inner}\n"

    def convert_pre(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        lines = text.strip("\n")
        if not lines.strip():
            return ""
        if parent_tags & {"li", "blockquote"}:
            return "\n\n" + re.sub(r"(?m)^", "    ", lines) + "\n\n"
        code = el.find("code")
        classes = [*el.get_attribute_list("class")]
        classes += code.get_attribute_list("class") if isinstance(code, Tag) else []
        named = _LANGUAGE.search(" ".join(map(str, filter(None, classes))))
        longest = max(map(len, re.findall("`+", lines)), default=0)
        fence = "`" * max(3, longest + 1)
        return f"\n\n{fence}{named[1] if named else ''}\n{lines}\n{fence}\n\n"

    def convert_img(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        said = _SPACE.sub(" ", str(el.get("alt") or "")).strip()
        source = el.get("src") or ""
        return f"![{_escaped(said)}]({source})"

    def convert_a(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        href = str(el.get("href") or "")
        if "_noformat" in parent_tags or not text.strip() or not href:
            return text
        if el.get_text() == href and re.match(r"https?://[^\s<>]+\Z", href):
            return f"<{href}>"
        before, after = text[: text[:1].isspace()], text[len(text) - text[-1:].isspace() :]
        return f"{before}[{' '.join(text.split())}]({href}){after}"

    def convert_figcaption(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        words = " ".join(text.split())
        return f"\n\n*{words}*\n\n" if words and "*" not in words else f"\n\n{words}\n\n"

    def convert_hN(self, n: int, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: N802  # markdownify's
        made = str(super().convert_hN(n, el, text, parent_tags))  # type: ignore[misc]  # its stubs lack it
        name = str(el.get("id") or "")
        if not re.fullmatch(r"[A-Za-z][\w-]*", name) or not made.strip():
            return made
        return f"{made.rstrip()} {{: #{name} }}\n\n"

    def _kept(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        """What Markdown has no word for, and may stand in it as it is."""
        if "_noformat" in parent_tags or not text.strip():
            return text
        return f"<{el.name}>{text}</{el.name}>"

    def convert_span(self, el: Tag, text: str, parent_tags: set[str]) -> str:
        name = str(el.get("id") or "")
        if "_noformat" in parent_tags or not re.fullmatch(r"[^\s<>\"&]+", name):
            return text
        return f'<span id="{name}"></span>{text}'

    def convert_summary(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        words = " ".join(text.split())
        told = "" if words == el.get_text().strip() else ' markdown="span"'
        return f"\n<summary{told}>{words}</summary>\n\n"

    def convert_details(self, el: Tag, text: str, parent_tags: set[str]) -> str:  # noqa: ARG002  # markdownify's
        return f'\n\n<details markdown="1">\n{text.strip()}\n\n</details>\n\n'

    convert_del = convert_ins = convert_s = convert_sub = convert_sup = convert_u = _kept
    convert_kbd = convert_mark = convert_small = convert_strike = _kept


def _escaped(text: str) -> str:
    """A text without anything that could mean more than itself, but at the start of a line."""
    return _ANYWHERE.sub(r"\\\1", _ENTITY.sub("&amp;", text)).replace("<", "&lt;")
