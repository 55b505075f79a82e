from imgproc.filters import blur
