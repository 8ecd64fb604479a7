"""Switchback: a GitHub App that helps a whole organisation look after its people.

A delivery is a hint; memory knows what is true; pure rules decide what should be said; one writer says it, once.
"""

__version__ = "0.1.0"
