"""`python -m clearing` is `evclear`."""

from clearing.commands import main

if __name__ == "__main__":
    main()
