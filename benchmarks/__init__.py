"""Speed promises, measured: each figure beside a peer's or a limit's from the same run on the same data."""
