"""Keeps up with the configuration files of repositories: reads them, takes them up, says what is wrong with them."""
