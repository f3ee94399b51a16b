"""Therapy: sessions held, and ruptures from first notice to repair."""
