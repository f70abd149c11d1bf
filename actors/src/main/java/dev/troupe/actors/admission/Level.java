package dev.troupe.actors.admission;

import java.util.Locale;

/** Who sets a limit, the widest first. */
public enum Level {
  /** The configuration of the server. */
  PLATFORM,
  /** The quotas of a tenant. */
  TENANT,
  /** The limits of a function. */
  FUNCTION,
  /** The limits that a caller names. */
  CALL;

  /** Name in the public API. */
  public String publicName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
