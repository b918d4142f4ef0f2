"""What the clinician is doing now: one workspace per open case, its history, and the tools. No Qt, no SQL."""
