"""What is evaluated: the assistant, or a plain pipeline beside it."""
