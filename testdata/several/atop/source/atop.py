import modern
