"""Answers that a chat model writes, sentence by sentence."""
