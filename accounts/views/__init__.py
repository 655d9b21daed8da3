from accounts.views.masuk import terkunci

__all__ = ["terkunci"]
