"""Understanding a question: its language, its scope, its filters, and the questions before it."""
