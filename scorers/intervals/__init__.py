"""How an estimate gets its interval: scopes, repeats, jackknife and bootstrap."""
