"""The wording the assistant puts around quotations, as templates with declared variables."""
