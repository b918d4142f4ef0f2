"""The only importer of PySide6 and pyqtgraph: thin widgets over presenters."""
