"""Stepping back, and coming back: what is prepared then, in a private place."""
