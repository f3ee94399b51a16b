"""Notes: what is written of the work, signed or kept apart, and what was promised."""
