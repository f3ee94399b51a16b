"""Keeping the keys: new keys for old, a sheet to recover from, and erasing one person."""
