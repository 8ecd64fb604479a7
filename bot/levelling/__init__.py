"""What an issue's title and text show, and which level that suggests."""
