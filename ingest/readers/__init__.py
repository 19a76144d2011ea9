"""One module per family of formats; `readers.registry` chooses among them by content."""
