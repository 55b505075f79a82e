#include "round.h"

int round_down(int value, int to) { return value - value % to; }
