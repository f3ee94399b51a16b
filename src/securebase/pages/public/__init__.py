"""The pages for everyone: front door, sign-in, help now."""
