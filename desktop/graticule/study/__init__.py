"""Protocol, reading plan and blinding rules. Pure; shared by the desk and the server."""
