"""The levels: what a program becomes on its way to the machine.

Each module makes one kind of level from what Python or torch gives, as a ``Code`` event (``contracts.events``) whose
``map`` and ``columns`` lead back to the snippet; ``listing`` collects the lines. Nothing here runs a snippet's code.
"""
