"""VTK without Qt: slices, label overlays, surfaces, the 3D scene and the question whether this machine can draw in 3D."""
