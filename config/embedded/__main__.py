"""``make stop``: stop the embedded servers that nobody uses, such as a killed process leaves behind."""

import os

from django.conf import settings

from config.embedded import EmbeddedServer


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    for folder in (settings.VAR / "postgres", settings.VAR / "test-postgres"):
        if EmbeddedServer(folder).stop_unused():
            print(f"Stopped the server of {folder}.")


if __name__ == "__main__":
    main()
