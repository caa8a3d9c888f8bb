"""Members who are signed in at a company's own website."""
