"""The documents of ``docs/`` as pages, for people who have nothing but a browser."""
