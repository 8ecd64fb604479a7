"""Check-ins: who of the team is asked in private how things are, where, and what comes of it."""
