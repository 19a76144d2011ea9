"""Whether the letters carry what a chat model wrote."""
