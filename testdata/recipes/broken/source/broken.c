#error "this is broken on purpose"
