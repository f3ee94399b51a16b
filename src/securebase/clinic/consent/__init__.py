"""Consent: what the patient shares, with whom, for what and until when."""
