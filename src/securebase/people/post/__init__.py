"""Post: every letter that leaves the house, entered with what it tells of, sent once."""
