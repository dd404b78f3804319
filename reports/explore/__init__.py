"""The report of an exploration: what was probed, where the country stays down, and when it heals.

:mod:`reports.explore.model` is what ``explore.json`` holds; importing it loads no charts. ``python -m
reports.explore FOLDER`` writes ``explore.html`` and ``explore.md`` beside it, as often as wished.
"""
