"""Handing out figures of everybody together, with nobody in them."""
