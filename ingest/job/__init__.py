"""The ingest job: files are found, read by worker processes, and put into the archive."""
