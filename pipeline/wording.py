"""Numbers of things in sentences for people."""


def many(count: int, thing: str) -> str:
    """`1 article`, `2,000 articles`: a thing is named by its singular, which takes a plain -s."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
