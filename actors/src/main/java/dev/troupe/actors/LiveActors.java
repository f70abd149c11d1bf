package dev.troupe.actors;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Counts the actors that live; one that is restarted lives on. Thread-safe. */
final class LiveActors {
  private final AtomicInteger count = new AtomicInteger();

  /** Actors of counted behaviors that were spawned and have not stopped. */
  int count() {
    return count.get();
  }

  /**
   * The same behavior, counted from now on: whoever is about to spawn it answers only afterwards,
   * so that nobody is told of an actor that is not counted yet. To be put around its supervision,
   * and to be spawned once.
   */
  <T> Behavior<T> counted(Class<T> protocol, Behavior<T> behavior) {
    int _ = count.incrementAndGet();
    return Behaviors.intercept(() -> new Counter<>(protocol), behavior);
  }

  private final class Counter<T> extends BehaviorInterceptor<T, T> {
    Counter(Class<T> protocol) {
      super(protocol);
    }

    @Override
    public Behavior<T> aroundReceive(
        TypedActorContext<T> context, T message, ReceiveTarget<T> target) {
      return target.apply(context, message);
    }

    @Override
    public Behavior<T> aroundSignal(
        TypedActorContext<T> context, Signal signal, SignalTarget<T> target) {
      if (signal instanceof PostStop) {
        int _ = count.decrementAndGet();
      }
      return target.apply(context, signal);
    }
  }
}
