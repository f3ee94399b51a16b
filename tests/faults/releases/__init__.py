"""Backups made by each release, so that the way from every one of them stays tried."""
