"""Pure array work on volumes and label maps: planes, brush, measures. numpy and scipy; no files, no Qt."""
