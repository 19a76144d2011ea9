"""A letter's requests, and the answers they got."""
