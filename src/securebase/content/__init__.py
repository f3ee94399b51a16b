"""What it says: instruments, strategies, thresholds and codes, as data only."""
