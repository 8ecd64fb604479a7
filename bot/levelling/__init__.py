"""Suggests how hard an issue is, and what it is about: a transparent score over a few dozen traits. Pure.

`traits` reads a title and a text once, when they arrive; the texts go no further. `score` weighs the traits, and says
in words what weighed most. docs/levels.md tells how good that is, and how the weights came about.
"""
