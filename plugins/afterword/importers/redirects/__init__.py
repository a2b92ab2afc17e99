"""From the addresses that a site had at WordPress to those that it has here.

What there was, the export says, and what there is, a built site alone: it has to be there first.
"""
