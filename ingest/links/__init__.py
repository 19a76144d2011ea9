"""How letters refer to one another."""
