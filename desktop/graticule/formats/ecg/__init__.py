"""The door to ECG files: WFDB records and annotations, DICOM waveforms."""
