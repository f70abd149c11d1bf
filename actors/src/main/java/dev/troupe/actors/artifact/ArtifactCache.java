package dev.troupe.actors.artifact;

import dev.troupe.actors.admission.CompileRefusedException;
import dev.troupe.actors.port.BadArtifactException;
import dev.troupe.actors.port.BadModuleException;
import dev.troupe.actors.port.FunctionRuntime;
import dev.troupe.actors.port.LoadedModule;
import dev.troupe.engine.cache.ArtifactFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Compiles each module once, whoever asks and however often.
 *
 * <p>A request goes to memory, then to the folder, then to the compiler. Requests for the same key
 * that come meanwhile wait for the first one. A failure is not remembered. A file that cannot be
 * loaded is counted, compiled again and replaced.
 *
 * <p>Each artifact that was given out must be {@linkplain #release released}; with the last one the
 * module leaves memory, and is unloaded as soon as its last instance is closed. Its file stays
 * until the folder is {@linkplain ArtifactFolder#trim trimmed}.
 */
public final class ArtifactCache {
  /** The folder of artifacts is full, read-only or gone: not the fault of the module. */
  public static final class FolderException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    FolderException(IOException cause) {
      super("the artifact folder failed", cause);
    }
  }

  private static final System.Logger LOGGER = System.getLogger(ArtifactCache.class.getName());

  /** What came of a request; exactly one of the two is there. */
  private record Attempt(@Nullable Artifact artifact, @Nullable Throwable failure) {

    Artifact orThrow() {
      if (artifact == null) {
        throw new CompletionException(
            failure != null ? failure : new IllegalStateException("neither artifact nor cause"));
      }
      return artifact;
    }
  }

  /** A module in memory or on its way there; the map orders all changes of an entry. */
  private static final class Entry {
    final CompletableFuture<Attempt> attempt = new CompletableFuture<>();
    int users;
  }

  private final FunctionRuntime runtime;
  private final ArtifactFolder folder;
  private final Executor compilers;
  private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
  private final LongAdder memoryHits = new LongAdder();
  private final LongAdder folderHits = new LongAdder();
  private final LongAdder compilations = new LongAdder();
  private final LongAdder failedCompilations = new LongAdder();
  private final LongAdder rejectedFiles = new LongAdder();
  private final LongAdder compileNanos = new LongAdder();

  /**
   * Makes a cache.
   *
   * @param compilers where modules are compiled, loaded and unloaded: bounded, and not an actor's
   *     dispatcher
   */
  public ArtifactCache(FunctionRuntime runtime, ArtifactFolder folder, Executor compilers) {
    this.runtime = runtime;
    this.folder = folder;
    this.compilers = compilers;
  }

  /**
   * The artifact of {@code module}, compiled if need be.
   *
   * <p>The stage fails with a {@link CompletionException} whose cause is a {@link
   * BadModuleException} when the module is at fault, and another exception when we are.
   *
   * <p>With a {@link CompileRefusedException} it fails when {@code account} does not pay for a
   * compilation; others that wait for the same module then ask their own accounts.
   *
   * @param module not copied; the caller must not change it
   * @param account pays when there is something to compile
   * @return an artifact that must be released
   */
  public CompletionStage<Artifact> get(byte[] module, CompileAccount account) {
    return CompletableFuture.supplyAsync(() -> runtime.artifactKey(module), compilers)
        .thenComposeAsync(key -> get(key, module, account), compilers);
  }

  private CompletionStage<Artifact> get(String key, byte[] module, CompileAccount account) {
    boolean[] first = new boolean[1];
    Entry entry =
        entries.compute(
            key,
            (_, known) -> {
              first[0] = known == null;
              Entry used = known == null ? new Entry() : known;
              used.users++;
              return used;
            });
    if (!first[0]) {
      long startNanos = System.nanoTime();
      memoryHits.increment();
      return entry.attempt.thenComposeAsync(
          attempt ->
              attempt.failure() instanceof CompileRefusedException
                  ? get(key, module, account)
                  : CompletableFuture.completedFuture(
                      new Artifact(
                          key,
                          attempt.orThrow().module(),
                          Artifact.Source.MEMORY,
                          System.nanoTime() - startNanos)),
          compilers);
    }
    // This is a thread of the compilers.
    Attempt attempt;
    try {
      attempt = new Attempt(obtain(key, module, account), null);
    } catch (Throwable failure) {
      // Whoever waits gets the failure; whoever comes later tries again.
      boolean _ = entries.remove(key, entry);
      attempt = new Attempt(null, failure);
    }
    boolean _ = entry.attempt.complete(attempt);
    return entry.attempt.thenApply(Attempt::orThrow);
  }

  /** Gives an artifact of {@link #get} back, once. */
  public void release(Artifact artifact) {
    boolean[] last = new boolean[1];
    Entry _ =
        entries.computeIfPresent(
            artifact.key(),
            (_, entry) -> {
              last[0] = --entry.users == 0;
              return last[0] ? null : entry;
            });
    if (last[0]) {
      unload(artifact.module());
    }
  }

  private void unload(LoadedModule module) {
    try {
      compilers.execute(module::close);
    } catch (RejectedExecutionException shutDown) {
      module.close();
    }
  }

  private Artifact obtain(String key, byte[] module, CompileAccount account)
      throws BadModuleException, CompileRefusedException {
    long startNanos = System.nanoTime();
    try {
      Optional<Path> entry = folder.find(key);
      if (entry.isPresent()) {
        try {
          LoadedModule fromFile = runtime.load(entry.get());
          folderHits.increment();
          return new Artifact(
              key, fromFile, Artifact.Source.FOLDER, System.nanoTime() - startNanos);
        } catch (BadArtifactException e) {
          rejectedFiles.increment();
          LOGGER.log(Level.WARNING, "artifact {0} is compiled again: {1}", key, e.getMessage());
          folder.reject(key);
        }
      }
      LoadedModule fresh = loadFresh(folder.put(key, compile(module, account)));
      trimFolder();
      return new Artifact(key, fresh, Artifact.Source.COMPILED, System.nanoTime() - startNanos);
    } catch (IOException e) {
      LOGGER.log(Level.ERROR, "the artifact folder failed: " + e, e);
      throw new FolderException(e);
    }
  }

  /** Modules in memory keep their files: whoever loads them next need not compile. */
  private void trimFolder() {
    if (!folder.isTooLarge()) {
      return;
    }
    try {
      int gone = folder.trim(entries::containsKey);
      if (gone > 0) {
        LOGGER.log(Level.INFO, "{0} artifacts removed that nobody has asked for lately", gone);
      }
    } catch (IOException | DirectoryIteratorException e) {
      // What is there still serves; the next compilation tries again.
      LOGGER.log(Level.WARNING, "the artifact folder was not trimmed: " + e, e);
    }
  }

  private byte[] compile(byte[] module, CompileAccount account)
      throws BadModuleException, CompileRefusedException {
    CompileAccount.Turn turn = account.begin(module.length);
    AtomicLong spentNanos = new AtomicLong();
    compilations.increment();
    long startNanos = System.nanoTime();
    try {
      return runtime.compile(module, turn.limitNanos(), spentNanos::set);
    } catch (BadModuleException e) {
      failedCompilations.increment();
      if (spentNanos.get() > turn.limitNanos()) {
        throw turn.tooMuch(spentNanos.get());
      }
      throw e;
    } catch (RuntimeException e) {
      failedCompilations.increment();
      throw e;
    } finally {
      turn.spent(spentNanos.get());
      compileNanos.add(System.nanoTime() - startNanos);
    }
  }

  private LoadedModule loadFresh(Path file) throws BadModuleException {
    try {
      return runtime.load(file);
    } catch (BadArtifactException e) {
      throw new IllegalStateException("our own artifact is rejected: " + e.getMessage(), e);
    }
  }

  /** The counters. */
  public ArtifactCacheSnapshot snapshot() {
    return new ArtifactCacheSnapshot(
        entries.size(),
        memoryHits.sum(),
        folderHits.sum(),
        compilations.sum(),
        failedCompilations.sum(),
        rejectedFiles.sum(),
        compileNanos.sum());
  }
}
