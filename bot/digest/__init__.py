"""The weekly issue for maintainers: what is in it, and when it is written."""
