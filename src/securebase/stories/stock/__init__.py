"""The facts about the house, one file for each part of it."""
