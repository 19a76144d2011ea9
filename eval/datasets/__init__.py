"""The files of questions, labels and statements, and the letters they are about."""
