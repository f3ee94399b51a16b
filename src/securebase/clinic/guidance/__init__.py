"""Guidance: suggestions made, and what the clinician decided on each."""
