"""The only door to GitHub: `client` calls, `auth` signs, `errors` sorts failures, `read` reads and `write` writes."""
