"""Run in a child process: draw 8 × 8 red pixels, read them back, print what drew them as one line of JSON."""

import json
import re
import sys


def main() -> int:
    from vtkmodules import vtkRenderingOpenGL2  # noqa: F401  (registers the factory)
    from vtkmodules.vtkCommonCore import vtkUnsignedCharArray
    from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

    window = vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetSize(8, 8)
    renderer = vtkRenderer()
    renderer.SetBackground(1, 0, 0)
    window.AddRenderer(renderer)
    window.Render()
    pixels = vtkUnsignedCharArray()
    window.GetRGBACharPixelData(0, 0, 7, 7, 0, pixels)  # type: ignore[call-overload]
    pixel = [pixels.GetValue(index) for index in range(3)]
    found = re.search(r"OpenGL renderer string:\s*(.*)", window.ReportCapabilities())
    print(json.dumps({"pixel": pixel, "window": window.GetClassName(), "renderer": found.group(1).strip() if found else ""}))
    window.Finalize()
    return 0


if __name__ == "__main__":
    sys.exit(main())
