"""Chat models: opened, asked, streamed from and cancelled."""
