"""One door per outside format family. Start at `door`; what every family offers is in `family`."""
