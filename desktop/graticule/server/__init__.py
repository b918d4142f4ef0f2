"""The central service: takes in what workstations send, stores each thing exactly once, says who reads what."""
