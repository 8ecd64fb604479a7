"""GraphQL: for discussions, which GitHub lets nobody write otherwise, and for reading many threads at once.

docs.github.com: Using the GraphQL API for Discussions. The schema is a small part of GitHub's own: the tests check that
every type, field and argument of it is in the real one.
"""
