package dev.troupe.actors;

import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.port.BadModuleException;
import org.jspecify.annotations.Nullable;

/** Why a command was not done. */
public sealed interface Rejection {

  /** For people. */
  String message();

  /** It does not exist. */
  record NotFound(String resource) implements Rejection {
    @Override
    public String message() {
      return resource + " does not exist";
    }
  }

  /** It exists already. */
  record AlreadyExists(String resource) implements Rejection {
    @Override
    public String message() {
      return resource + " exists already";
    }
  }

  /** A part of the request makes no sense. */
  record Invalid(String field, String message) implements Rejection {}

  /**
   * The module cannot run here.
   *
   * @param byteOffset offset in the module, or {@link BadModuleException#NO_OFFSET}
   * @param missingFeature the feature that is off and whose lack is the reason, or null
   */
  record BadModule(
      BadModuleException.Phase phase,
      long byteOffset,
      String message,
      @Nullable String missingFeature)
      implements Rejection {}

  /** Somebody else has changed it meanwhile. */
  record Stale(String resource, String currentEtag) implements Rejection {
    @Override
    public String message() {
      return resource + " has changed; its etag is now " + currentEtag;
    }
  }

  /** The state of the resource does not allow it. */
  record Precondition(String message) implements Rejection {}

  /** A quota does not allow it. */
  record OverQuota(Refusal refusal) implements Rejection {
    @Override
    public String message() {
      return refusal.message();
    }
  }

  /** Not now. */
  record Unavailable(String message) implements Rejection {}

  /** A bug of ours, or a store that failed. */
  record Internal(Throwable cause) implements Rejection {
    @Override
    public String message() {
      return "internal error: " + cause;
    }
  }
}
