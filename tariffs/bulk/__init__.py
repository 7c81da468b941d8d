"""Many CDRs at once: from the bytes of JSON Lines to lines of `evclear price`, the same digits in less time."""
