"""Questions of Moodle: its XML, its HTML, and what its question types mean here."""
