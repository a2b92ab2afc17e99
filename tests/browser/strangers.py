"""What strangers try, and how it is found out whether they succeeded."""

from collections.abc import Iterator
from pathlib import Path

OURS = [
    "<script>fired()</script>",
    "<img src=x onerror=fired()>",
    "[x](javascript:fired())",
    "[x](JaVaScRiPt&colon;fired())",
    "[x](&#106;avascript:fired())",
    "![x](javascript:fired())",
    "<javascript:fired()>",
    "[x](data:text/html,<script>fired()</script>)",
    '[x](https://a.example/"onmouseover="fired())',
    '[x](https://a.example "title\\" onmouseover=\\"fired()")',
    "`</code><script>fired()</script>`",
    "```\n</pre><script>fired()</script>\n```",
    '```x" onmouseover="fired()\ny\n```',
    "<svg><animate onbegin=fired() attributeName=x dur=1s>",
    "<math><mtext><table><mglyph><style><img src=x onerror=fired()>",
    "{{ ''.__class__ }} {% include '/etc/passwd' %}",
    "</textarea></title></style></noscript><script>fired()</script>",
    "<!--><script>fired()</script>-->",
    "]]><script xmlns='http://www.w3.org/1999/xhtml'>fired()</script>",
    "\u202e<script>fired()</script>&#x202e;",
]
# Whatever executes calls one of these.
WATCH = """
window.fired = () => { window.hasFired = true };
for (const name of ["alert", "confirm", "prompt", "print", "open"]) window[name] = window.fired;
"""
# Clicks, hovers and focuses everything, and tells what came of it.
POKE = """
() => {
  addEventListener("click", event => event.preventDefault(), true);
  addEventListener("submit", event => event.preventDefault(), true);
  const events = ["mouseover", "mouseenter", "mousemove", "focus", "focusin", "blur", "keydown",
                  "pointerover", "animationstart", "transitionend", "toggle", "wheel"];
  for (const each of document.querySelectorAll("*")) {
    for (const name of events) each.dispatchEvent(new Event(name, {bubbles: true}));
    each.click?.();
  }
  const inert = new Set(["http:", "https:", "mailto:"]);
  return {
    fired: window.hasFired === true,
    handlers: [...document.querySelectorAll("*")].flatMap(each => each.getAttributeNames())
      .filter(name => name.startsWith("on")),
    links: [...document.querySelectorAll("a")].filter(a => !inert.has(a.protocol))
      .map(a => a.outerHTML),
    strangers: [...document.querySelectorAll(".comment-body *")].map(each => each.localName)
      .filter(name => !/^(p|br|em|strong|code|pre|blockquote|ul|ol|li|a|hr|del)$/.test(name)),
  };
}
"""


def payloads(corpora: Path | None) -> Iterator[str]:
    """Our own, and those of the corpora if there are any."""
    yield from OURS
    if corpora is None:
        return
    for path in sorted(corpora.rglob("*.txt")):
        if path.parent.name not in {"comment-blocklist", "commonmark"}:
            yield from path.read_text(encoding="utf-8", errors="ignore").splitlines()
