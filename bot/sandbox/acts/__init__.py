"""What people (and apps) do. Each act is a method of `World`, is done by an account at the world's time, changes the
world and announces what it changed as GitHub does. An act that GitHub would refuse raises `RefusedError`.

The acts know the rules that hold for everybody: archived, locked, blocked, deleted, empty, too long. Whether a *caller*
of the API may act at all (tokens, permissions, roles) is asked before, in `rest`; a test may let anybody do anything.
"""
