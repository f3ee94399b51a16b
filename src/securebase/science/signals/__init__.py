"""Reasons to look: each a pure rule with its because, none of them a finding."""
