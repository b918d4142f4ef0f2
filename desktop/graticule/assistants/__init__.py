"""Servers that propose masks, spoken to over HTTP. With sync and pacs the only users of the network; never a weight download."""
