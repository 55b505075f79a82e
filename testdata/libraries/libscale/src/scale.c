#include <round.h>
#include "scale.h"

int scale(int value) { return round_down(value, 10) * 2; }
