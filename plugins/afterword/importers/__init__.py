"""Moving in and out: responses from other systems, and everything back again.

``findings`` is the shape that all importers share; each of the others reads one format, and only
reads. ``Move`` applies what they find: ``matching`` says which entry a thread belongs to,
``plan`` what becomes of each response, and ``moderation.Transfer`` does it.
"""
