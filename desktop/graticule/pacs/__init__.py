"""Archives (PACS): DICOMweb and DIMSE behind one `domain.archive.Archive`. With sync, the only users of the network."""
