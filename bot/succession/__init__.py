"""Who comes after: what rests on one person, who could grow into it, and the private issue that tells it to admins."""
