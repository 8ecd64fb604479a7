"""Who is asked to mentor next: the whole organisation is looked at for that."""
