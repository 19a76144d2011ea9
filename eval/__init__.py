"""Question sets, metrics and gates: how far the assistant can be trusted."""
