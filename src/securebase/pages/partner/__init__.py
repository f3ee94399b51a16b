"""The partner's pages, under /with/."""
