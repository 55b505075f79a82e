try:
    raise ExceptionGroup("a group", [ValueError()])
except* ValueError:
    pass
