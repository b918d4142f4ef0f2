"""Copies without identity: PS3.15 Annex E for DICOM, and the same promises for ECG files, photographs and volumes.

What is not understood is not copied. No original is ever changed.
"""
