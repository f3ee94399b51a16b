"""What it works out: pure functions on numbers, NumPy only, knowing no person."""
