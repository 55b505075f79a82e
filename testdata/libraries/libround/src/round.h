int round_down(int value, int to);
