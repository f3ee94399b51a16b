"""Measurement: what was answered and what it scored, with versions."""
