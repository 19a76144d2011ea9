"""Who speaks: the council, the executive or another."""
