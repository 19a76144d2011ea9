"""`python -m assistant` is `raadsgeheugen`."""

from assistant.cli import main

if __name__ == "__main__":
    main()
