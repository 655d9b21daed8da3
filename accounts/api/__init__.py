"""Who asks the API: a key or the session of a browser, and whether its scopes reach."""

from accounts.api.kunci import KunciAuth, PerluCakupan, SesiAuth, boleh_nik

__all__ = ["KunciAuth", "PerluCakupan", "SesiAuth", "boleh_nik"]
