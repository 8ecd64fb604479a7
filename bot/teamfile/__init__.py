"""The files that say who belongs to the team: how they are read, and how one is changed for somebody.

All of it is pure, except `look.py`, which reads them on GitHub.
"""
