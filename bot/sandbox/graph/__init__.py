"""GraphQL, as far as discussions need it: GitHub has no other way to write them.

docs.github.com: Using the GraphQL API for Discussions. The schema is a small part of GitHub's own: the tests check that
every type, field and argument of it is in the real one.
"""
