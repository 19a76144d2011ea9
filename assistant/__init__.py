"""From a question to an answer in which every sentence is tied to a passage."""
