"""The patient's pages, under /me/."""
