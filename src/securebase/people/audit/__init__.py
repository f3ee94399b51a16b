"""Audit: who saw or did what, when; rows are only ever added."""
