#include "filter.h"

int filter_half(int value) { return value / 2; }
