"""Dutch as letters write it: dates, numbers, parties, verbs, denial, courtesies, sentences."""
