"""WordPress's own export, WXR: an RSS feed with everything of a site in it.

``reader.records`` yields what is in a file as the plain records of ``records``, one after the
other, so that a file's size does not matter; ``mending`` makes files readable that are broken in
ways that leave no doubt about what was meant.
"""
