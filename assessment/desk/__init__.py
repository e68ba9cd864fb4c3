"""The site of the desk: who is let in, and that the audit knows who works there."""
