"""Vault: keys and sealed fields, the only door to plaintext."""
