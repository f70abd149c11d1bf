package dev.troupe.gateway.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that all uploads together may hold. An upload asks once, for the whole module: those
 * that got half of what they need could wait for each other for ever.
 *
 * <p>First come, first served; only who waits for his own tenant's bytes is overtaken. Thread-safe.
 */
final class UploadBudget {
  private final long totalBytes;
  private final long bytesPerTenant;
  private final int mostWaiting;
  private final Executor executor;
  private final Map<String, Long> usedByTenant = new HashMap<>();
  private final Set<Place> waiting = new LinkedHashSet<>();
  private long used;

  /**
   * A budget of which nothing is used.
   *
   * @param mostWaiting places that may wait at once
   * @param executor where those who waited are told
   */
  UploadBudget(long totalBytes, long bytesPerTenant, int mostWaiting, Executor executor) {
    this.totalBytes = totalBytes;
    this.bytesPerTenant = bytesPerTenant;
    this.mostWaiting = mostWaiting;
    this.executor = executor;
  }

  /** The most that one upload of a tenant can ever get. */
  long mostBytes() {
    return bytesPerTenant;
  }

  /** Bytes in use. */
  synchronized long usedBytes() {
    return used;
  }

  /** Uploads that wait for bytes. */
  synchronized int waiting() {
    return waiting.size();
  }

  /**
   * Asks for {@code bytes}, at most {@link #mostBytes()}.
   *
   * @param granted told once when they are there, unless the place was released before
   * @return the place, or null when too many wait
   */
  @Nullable Place reserve(String tenant, long bytes, Runnable granted) {
    Place place = new Place(tenant, bytes, granted);
    synchronized (this) {
      if (overtakes(place)) {
        take(place);
      } else if (waiting.size() < mostWaiting) {
        waiting.add(place);
        return place;
      } else {
        return null;
      }
    }
    granted.run();
    return place;
  }

  /** Whether all who wait do so for the bytes of their own tenants, and this one need not. */
  private boolean overtakes(Place place) {
    for (Place before : waiting) {
      if (tenantHas(before)) {
        return false;
      }
    }
    return fits(place);
  }

  private boolean tenantHas(Place place) {
    return usedByTenant.getOrDefault(place.tenant, 0L) + place.bytes <= bytesPerTenant;
  }

  private boolean fits(Place place) {
    return used + place.bytes <= totalBytes && tenantHas(place);
  }

  private void take(Place place) {
    place.held = true;
    used += place.bytes;
    usedByTenant.merge(place.tenant, place.bytes, Long::sum);
  }

  private void release(Place place) {
    List<Place> served = new ArrayList<>();
    synchronized (this) {
      boolean unused = waiting.remove(place);
      if (place.held) {
        place.held = false;
        used -= place.bytes;
        usedByTenant.computeIfPresent(
            place.tenant, (tenant, bytes) -> bytes == place.bytes ? null : bytes - place.bytes);
      }
      for (Iterator<Place> next = waiting.iterator(); next.hasNext(); ) {
        Place first = next.next();
        if (!tenantHas(first)) {
          continue;
        }
        if (!fits(first)) {
          break;
        }
        next.remove();
        take(first);
        served.add(first);
      }
    }
    served.forEach(lucky -> executor.execute(lucky.granted));
  }

  /** What one upload holds or waits for. */
  final class Place {
    private final String tenant;
    private final long bytes;
    private final Runnable granted;
    private boolean held;

    private Place(String tenant, long bytes, Runnable granted) {
      this.tenant = tenant;
      this.bytes = bytes;
      this.granted = granted;
    }

    /** Whether the bytes are there. */
    boolean isHeld() {
      synchronized (UploadBudget.this) {
        return held;
      }
    }

    /** Gives the bytes back, or waits no longer. A second time nothing happens. */
    void release() {
      UploadBudget.this.release(this);
    }
  }
}
