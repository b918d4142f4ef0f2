"""NIfTI, NRRD and MetaImage: whole volumes, and masks that lie on the grid of another case."""
