"""The monthly digest of the community."""
