"""Templates with declared variables: the wording put around quotations, and what a chat model is asked."""
