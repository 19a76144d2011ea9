"""What the ingest job publishes of an archive, and readers read instead of Chroma."""
