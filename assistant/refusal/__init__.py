"""When a question is not answered: out of scope, not carried by the letters, or an order to a program."""
