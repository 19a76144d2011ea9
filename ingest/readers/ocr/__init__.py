"""Scans and photographs, read by tesseract."""
