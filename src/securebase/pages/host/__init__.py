"""The host's pages, under /keep/: set-up and the style page."""
