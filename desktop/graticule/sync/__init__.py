"""The conversation between a desk and the central server. Offline is the normal case; nothing here can change a label."""
