int clean_other(void) { return 1; }
