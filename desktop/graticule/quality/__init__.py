"""Pure statistics: matching, agreement, EC57. Used by the desk and by the server."""
