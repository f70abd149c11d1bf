package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The name in an invocation, parsed once for as long as it is in use: the same few names come again
 * and again. Immutable, but for what it remembers.
 */
final class CallableName {

  /**
   * Names that were parsed lately. Of bounded size whatever clients send: two names that meet in a
   * place push each other out.
   */
  static final class Cache {
    private static final int SIZE = 4_096;

    private final AtomicReferenceArray<@Nullable CallableName> names =
        new AtomicReferenceArray<>(SIZE);

    /** The parsed name; a malformed one is an error for the client. */
    CallableName get(String text) {
      int hash = text.hashCode();
      int place = (hash ^ hash >>> 16) & SIZE - 1;
      CallableName known = names.get(place);
      if (known != null && known.text.equals(text)) {
        return known;
      }
      CallableName parsed = new CallableName(text, ResourceName.callable(text));
      names.set(place, parsed);
      return parsed;
    }
  }

  /** The name of a version, as it goes into messages. */
  private record VersionName(String sha256, ByteString text) {}

  private final String text;
  private final ResourceName name;
  private volatile @Nullable VersionName lastVersion;

  private CallableName(String text, ResourceName name) {
    this.text = text;
    this.name = name;
  }

  String tenant() {
    return name.tenant();
  }

  String functionId() {
    return name.functionId();
  }

  /** Digest of the version, or null for the current one. */
  @Nullable String version() {
    return name.version();
  }

  /** The name of the version that a call ran. */
  ByteString versionName(String sha256) {
    VersionName last = lastVersion;
    if (last == null || !last.sha256.equals(sha256)) {
      String full = Messages.versionName(tenant(), functionId(), sha256);
      last = new VersionName(sha256, ByteString.copyFromUtf8(full));
      lastVersion = last;
    }
    return last.text;
  }
}
