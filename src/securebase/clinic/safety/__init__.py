"""Safety: the patient's own plan for hard times, version by version."""
