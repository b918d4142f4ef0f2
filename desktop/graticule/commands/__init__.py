"""The headless twin: what moves data in or out or proves something, without a window. One module `<name>_command.py` each.

Each has `configure(parser)` and `run(args, output) -> exit status` and imports what it needs only when it is chosen.
"""

COMMANDS = {
    "desk": "open the workstation (the default)",
    "demo": "make the demonstration project, and open it with --open",
    "init": "make a store for one reader",
    "import": "bring files, folders or zips into a store and say what became of each file",
    "cases": "list the cases of a store",
    "show": "geometry and facts of one case",
    "reinterpret": "read the files of a case another way than the geometry tells, or list the ways",
    "pixels": "write a case's decoded values as .npy",
    "labels": "what has been labelled on a case",
    "export": "write a case's labels in an outside format, re-read by another library",
    "compare": "agreement of two label sources",
    "pacs": "search an image archive, retrieve from it, send to it (DICOMweb or DIMSE)",
    "project-key": "carry the key of de-identification to another store of the project",
    "sync": "send what waits to the central server",
    "serve": "run the central server",
    "admin": "list the readers and devices that a central server knows",
    "verify": "recompute every hash, chain and signature of a store",
    "self-test": "check graphics, window system, store and decoders on this machine",
}
