package dev.troupe.gateway.server;

import io.grpc.StatusRuntimeException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A parsed resource name: {@code tenants/T}, {@code tenants/T/functions/F} or {@code
 * tenants/T/functions/F/versions/V}.
 *
 * @param tenant id of the tenant
 * @param function id of the function, or null
 * @param version SHA-256 in hexadecimal, or null
 */
record ResourceName(String tenant, @Nullable String function, @Nullable String version) {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

  /** A tenant's name. */
  static ResourceName tenant(String name) {
    ResourceName parsed = parse(name);
    if (parsed.function != null) {
      throw malformed(name, "tenants/{tenant}");
    }
    return parsed;
  }

  /** A function's name. */
  static ResourceName function(String name) {
    ResourceName parsed = parse(name);
    if (parsed.function == null || parsed.version != null) {
      throw malformed(name, "tenants/{tenant}/functions/{function}");
    }
    return parsed;
  }

  /** A version's name. */
  static ResourceName version(String name) {
    ResourceName parsed = parse(name);
    if (parsed.version == null) {
      throw malformed(name, "tenants/{tenant}/functions/{function}/versions/{sha256}");
    }
    return parsed;
  }

  /** The name of a function or of one of its versions. */
  static ResourceName callable(String name) {
    ResourceName parsed = parse(name);
    if (parsed.function == null) {
      throw malformed(name, "tenants/{tenant}/functions/{function}[/versions/{sha256}]");
    }
    return parsed;
  }

  /** An id that a client chose; {@code field} names it in the error. */
  static String id(String field, String id) {
    if (!ID.matcher(id).matches()) {
      throw Statuses.invalidArgument(
          field,
          "'" + abbreviated(id) + "' must be 1 to 63 of a-z, 0-9 and '-', beginning with a letter");
    }
    return id;
  }

  private static ResourceName parse(String name) {
    String[] parts = name.split("/", 8);
    boolean wellFormed =
        (parts.length == 2 || parts.length == 4 || parts.length == 6)
            && parts[0].equals("tenants")
            && ID.matcher(parts[1]).matches()
            && (parts.length < 4
                || (parts[2].equals("functions") && ID.matcher(parts[3]).matches()))
            && (parts.length < 6
                || (parts[4].equals("versions")
                    && DIGEST.matcher(parts[5].toLowerCase(Locale.ROOT)).matches()));
    if (!wellFormed) {
      throw malformed(name, "tenants/{tenant}[/functions/{function}[/versions/{sha256}]]");
    }
    return new ResourceName(
        parts[1],
        parts.length < 4 ? null : parts[3],
        parts.length < 6 ? null : parts[5].toLowerCase(Locale.ROOT));
  }

  private static StatusRuntimeException malformed(String name, String expected) {
    return Statuses.invalidArgument(
        "name", "'" + abbreviated(name) + "' is not of the form " + expected);
  }

  private static String abbreviated(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "...";
  }

  /** The function's id, which {@link #function}, {@link #version} and {@link #callable} ensure. */
  String functionId() {
    if (function == null) {
      throw new IllegalStateException("a checked name has a function");
    }
    return function;
  }

  /** The version's digest, which {@link #version} ensures. */
  String versionId() {
    if (version == null) {
      throw new IllegalStateException("a checked name has a version");
    }
    return version;
  }
}
