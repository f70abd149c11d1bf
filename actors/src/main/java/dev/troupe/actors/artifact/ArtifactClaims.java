package dev.troupe.actors.artifact;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts on their way to an actor: each is either taken by the actor or, when it stops before,
 * released. Thread-safe, because they arrive on other threads than the actor's.
 */
public final class ArtifactClaims {
  private final ArtifactCache cache;
  private final Map<Long, Artifact> arrived = new HashMap<>();
  private long lastClaim;
  private boolean closed;

  /** Claims on artifacts of this cache. */
  public ArtifactClaims(ArtifactCache cache) {
    this.cache = cache;
  }

  /** An artifact has come. Returns the number by which the actor takes it. */
  public long arrived(Artifact artifact) {
    synchronized (this) {
      if (!closed) {
        arrived.put(++lastClaim, artifact);
        return lastClaim;
      }
    }
    cache.release(artifact);
    return 0;
  }

  /** The artifact, which belongs to the caller from now on; null when it has been released. */
  public synchronized @Nullable Artifact take(long claim) {
    return arrived.remove(claim);
  }

  /** Releases what has come, and what will come. */
  public void close() {
    Map<Long, Artifact> left;
    synchronized (this) {
      closed = true;
      left = Map.copyOf(arrived);
      arrived.clear();
    }
    left.values().forEach(cache::release);
  }
}
