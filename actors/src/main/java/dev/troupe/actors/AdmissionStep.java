package dev.troupe.actors;

import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.IdleInstances.Leased;
import org.jspecify.annotations.Nullable;

/** What {@link Admission} decided under its lock and does without it. */
sealed interface AdmissionStep {
  /** Nothing more to do. */
  AdmissionStep REST = new Rest();

  /** See {@link Watch}. */
  AdmissionStep WATCH = new Watch();

  /** See {@link LookAgain}. */
  AdmissionStep LOOK_AGAIN = new LookAgain();

  /** See {@link #REST}. */
  record Rest() implements AdmissionStep {}

  /** The routes have changed: look again. */
  record LookAgain() implements AdmissionStep {}

  /**
   * The call has its place.
   *
   * @param warm an idle instance, or null when {@code lease} is the right to a new one
   * @param limits of the function, that the timeout was made from
   * @param timeoutNanos what is left until its deadline
   */
  record Run(
      Call call,
      InstancePool.Handle pool,
      @Nullable Leased warm,
      InstanceLease lease,
      EffectiveLimits limits,
      long timeoutNanos)
      implements AdmissionStep {}

  /** The call is answered without having run. */
  record Tell(Call call, CallAnswer answer) implements AdmissionStep {}

  /** An idle instance makes room; then try again. */
  record Evict(Leased victim) implements AdmissionStep {}

  /** The actor has to load a version. */
  record Load(VersionKey key) implements AdmissionStep {}

  /** The actor has to look at the clock earlier than it meant to. */
  record Watch() implements AdmissionStep {}

  /** The call must wait for this limit. */
  record Blocked(EffectiveLimits.Limit limit, long usage) implements AdmissionStep {}
}
