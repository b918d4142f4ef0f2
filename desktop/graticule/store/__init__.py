"""The desk's own keeping: one encrypted store per reader and server. Knows neither DICOM nor the screen nor the network."""
