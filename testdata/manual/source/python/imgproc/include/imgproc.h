int imgproc_half(int value);
