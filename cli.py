"""The front door of a checkout: `python cli.py …` equals `evclear …`. It is not installed."""

from clearing.commands import main

if __name__ == "__main__":
    main()
