"""The chat in the browser: it shows what the assistant says and holds no logic of its own."""
