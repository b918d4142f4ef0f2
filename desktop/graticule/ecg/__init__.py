"""Pure signal work: pyramids, detectors, intervals, AV conduction. Numpy and scipy only: no files, no clock."""
