"""Bridge: what holds while the therapist is away, and after the work together ends."""
