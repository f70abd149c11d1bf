package dev.troupe.engine.os;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Signals are counted, none is lost, and the action before comes back. */
class TerminationSignalsTest {
  /** Nobody else uses it. */
  private static final int SIGUSR2 = 12;

  @Test
  void signalsAreCountedUntilSomebodyWaits() {
    Signals.Action before = Signals.action(SIGUSR2);
    try (TerminationSignals signals = TerminationSignals.install(SIGUSR2)) {
      NativeThread self = NativeThread.current();
      self.signal(SIGUSR2);
      self.signal(SIGUSR2);
      // A signal to oneself is taken before the call returns (tgkill(2)).
      assertThat(signals.await()).isEqualTo(2);
      self.signal(SIGUSR2);
      assertThat(signals.await()).isEqualTo(1);
    }
    assertThat(Signals.action(SIGUSR2).handler()).isEqualTo(before.handler());
  }
}
