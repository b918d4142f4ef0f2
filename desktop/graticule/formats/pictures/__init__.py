"""Photographs and radiographs as JPEG, PNG or TIFF."""
