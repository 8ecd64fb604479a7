"""Keeps up with the configuration files of repositories: reads them, takes them up, and says what is wrong with them."""
