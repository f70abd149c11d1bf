package dev.troupe.actors;

import dev.troupe.actors.admission.CompileRefusedException;
import dev.troupe.actors.artifact.ArtifactCache;
import dev.troupe.actors.port.BadModuleException;
import dev.troupe.actors.port.NoRoomException;
import dev.troupe.actors.port.StoredTenant;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * Changes the durable record of a tenant, one change after the other: first the store, then the
 * published state, then the answer. Runs on the thread of its {@link Tenant}.
 */
final class TenantRecordKeeper {

  private record Change(
      Supplier<StoredTenant> next,
      @Nullable Supplier<CompletionStage<Void>> before,
      Runnable done,
      Consumer<Rejection> failed) {}

  private final ActorContext<Tenant.Command> context;
  private final TenantEntry entry;
  private final Shared shared;
  private final Runnable published;
  private final ArrayDeque<Change> waiting = new ArrayDeque<>();
  private @Nullable Change current;
  private @Nullable StoredTenant saving;
  private long number;

  /** {@code published} is run after each change of the published state. */
  TenantRecordKeeper(
      ActorContext<Tenant.Command> context, TenantEntry entry, Shared shared, Runnable published) {
    this.context = context;
    this.entry = entry;
    this.shared = shared;
    this.published = published;
  }

  Instant now() {
    return Instant.now();
  }

  /** Whether a change is on its way. */
  boolean busy() {
    return current != null;
  }

  /**
   * Saves a change.
   *
   * @param next makes the new record out of the one that is current when its turn has come
   * @param before begun when its turn has come, must have succeeded before the record is saved; or
   *     null
   * @param done run after the new record was saved and published
   * @param failed told when nothing was changed
   */
  void change(
      Supplier<StoredTenant> next,
      @Nullable Supplier<CompletionStage<Void>> before,
      Runnable done,
      Consumer<Rejection> failed) {
    waiting.add(new Change(next, before, done, failed));
    if (current == null) {
      startNext();
    }
  }

  private void startNext() {
    Change change = waiting.poll();
    current = change;
    if (change == null) {
      return;
    }
    StoredTenant record = change.next().get();
    saving = record;
    long ticket = ++number;
    Supplier<CompletionStage<Void>> before = change.before();
    CompletionStage<Void> saved =
        before == null
            ? shared.store().save(record)
            : before.get().thenCompose(ignored -> shared.store().save(record));
    context.pipeToSelf(saved, (ignored, failure) -> new Tenant.RecordSaved(ticket, failure));
  }

  /** The store has answered. */
  void onSaved(Tenant.RecordSaved saved) {
    Change change = current;
    StoredTenant record = saving;
    if (change == null || record == null || saved.number() != number) {
      // An answer to the actor before its restart.
      return;
    }
    current = null;
    saving = null;
    Throwable failure = saved.failure();
    if (failure == null) {
      entry.publish(record);
      published.run();
      change.done().run();
    } else {
      change.failed().accept(rejectionOf(failure));
    }
    if (current == null) {
      startNext();
    }
  }

  /** What the requester is told about a failure. */
  static Rejection rejectionOf(@Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case BadModuleException bad ->
          new Rejection.BadModule(
              bad.phase(),
              bad.byteOffset(),
              String.valueOf(bad.getMessage()),
              bad.missingFeature());
      case CompileRefusedException refused -> new Rejection.OverQuota(refused.refusal());
      case NoRoomException full -> new Rejection.Unavailable(String.valueOf(full.getMessage()));
      case ArtifactCache.FolderException _ ->
          new Rejection.Unavailable(
              "the server cannot keep compiled modules now; its log says why");
      case null -> new Rejection.Internal(new IllegalStateException("a failure without a cause"));
      default -> new Rejection.Internal(cause);
    };
  }
}
