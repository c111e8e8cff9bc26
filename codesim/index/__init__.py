"""An index of known repositories, and the search for the one that something comes from.

``keeping`` adds, lists and removes, ``search`` asks; nothing is loaded before it is asked for.
"""
