"""DICOM images and segmentations: headers → groups by geometry → volumes and pictures."""
