"""Text analysis: stems, compounds, synonyms."""
