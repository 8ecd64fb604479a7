"""The operations of the REST API, as docs.github.com/rest describes them: a function each, taking a `Call`.

Each module ends with the table of its routes. `/repositories/{repository_id}/…` is served for everything below
`/repos/{owner}/{repo}/…`; the server adds it.
"""
