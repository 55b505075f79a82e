int filter_half(int value);
