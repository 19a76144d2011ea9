"""From lines on a page to paragraphs, tables and headings."""
