"""Thank-yous: the story for somebody who stepped back, and what the community's digest tells of thanks."""
