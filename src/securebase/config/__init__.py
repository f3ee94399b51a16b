"""Settings, addresses and the safe-configuration checks."""
