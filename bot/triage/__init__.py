"""Looks after what waits: all open threads of an organisation, and of which of them somebody is reminded."""
