package dev.troupe.gateway;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** How long tests wait for what must come: on a loaded machine, too. */
public final class Patience {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private Patience() {}

  /** Awaitility's, with a timeout that a busy machine does not reach. */
  public static ConditionFactory await() {
    return Awaitility.await().atMost(LONGEST);
  }
}
