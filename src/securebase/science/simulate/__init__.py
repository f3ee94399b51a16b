"""Plausible invented people, seeded, with their truth known."""
