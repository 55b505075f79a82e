display = None
