"""Who it knows: accounts, the audit trail and the vault of keys."""
