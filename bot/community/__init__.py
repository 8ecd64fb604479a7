"""The monthly issue for everybody: who came, what was done, what waits, and how to join in."""
