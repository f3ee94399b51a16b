"""Keeping it safe: a backup to restore from, and the check that nothing is amiss."""
