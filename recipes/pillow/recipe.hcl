package "pillow" {
  summary  = "Images: JPEG, PNG, GIF, TIFF and more, and text by FreeType"
  license  = "HPND"
  homepage = "https://python-pillow.org"
  tags     = ["catalogue", "large"]

  version "10.4.0" {
    sha256 = "166c1cd4d24309b30d61f79f4a9114b7b2313d7450912277855ff5dfd7cd4a06"
  }

  source {
    pypi {}
  }

  build {
    uses = ["libjpeg-turbo", "zlib", "freetype"]
    # What is enabled must be there, and nothing else is looked for.
    config_settings = {
      platform-guessing = "disable"
      jpeg              = "enable"
      zlib              = "enable"
      freetype          = "enable"
      tiff              = "disable"
      lcms              = "disable"
      webp              = "disable"
      webpmux           = "disable"
      jpeg2000          = "disable"
      imagequant        = "disable"
      raqm              = "disable"
      xcb               = "disable"
    }
    extensions = ["PIL/_imaging.*.so", "PIL/_imagingft.*.so", "PIL/_imagingmath.*.so"]
  }

  test {
    imports = ["PIL.Image", "PIL.ImageFont"]
    commands = [
      "import io; from PIL import Image\nfor format in 'JPEG', 'PNG':\n    f = io.BytesIO(); Image.new('RGB', (64, 48), (200, 30, 30)).save(f, format); i = Image.open(io.BytesIO(f.getvalue())); assert i.size == (64, 48) and abs(i.getpixel((5, 5))[0] - 200) < 4, format",
      "from PIL import features; assert features.check('jpg') and features.check('zlib') and features.check('freetype2') and features.check('libjpeg_turbo')",
      "from PIL import Image, ImageDraw, ImageFont; i = Image.new('L', (120, 40)); ImageDraw.Draw(i).text((4, 4), 'A1', 255, ImageFont.load_default(24)); assert i.getbbox()",
    ]
  }
}
