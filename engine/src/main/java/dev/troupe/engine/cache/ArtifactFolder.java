package dev.troupe.engine.cache;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A folder of artifacts named by cache key. Several processes may use one folder: an entry appears
 * whole or not at all, because it is written under a temporary name and renamed; of two writers of
 * one key the later replaces an equal file.
 *
 * <pre>
 *   FOLDER/key            the key that artifacts are signed with, mode 0600
 *   FOLDER/ab/abcd....elf an artifact; two letters of its key make a sub-folder
 *   FOLDER/ab/*.tmp       an artifact being written
 *   FOLDER/files/         of others: the command line's known files
 * </pre>
 *
 * <p>It may have a bound: then {@link #trim} removes what was not asked for the longest, but
 * nothing that its caller uses. Who finds nothing compiles again.
 *
 * <p>The folder holds native code: it is created with mode 0700, and whoever loads an entry checks
 * owner, mode and signature. Thread-safe.
 */
public final class ArtifactFolder {
  private static final String SUFFIX = ".elf";
  private static final Pattern KEY = Pattern.compile("[0-9a-f]{16,128}");
  private static final FileAttribute<?> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** What is written under a temporary name for longer than this was left by a crash. */
  private static final Duration LONGEST_WRITE = Duration.ofHours(1);

  /** Of the bound; so much is left by a trim, so that the next one does not come at once. */
  private static final double LEFT_BY_TRIM = 0.9;

  /** Far below any sum, and far enough from the smallest number that sums can be added. */
  private static final long UNKNOWN = Long.MIN_VALUE / 2;

  /**
   * A file of the folder.
   *
   * @param usedTime when it was written or last asked for
   */
  private record Stored(Path file, long bytes, FileTime usedTime) {}

  private final Path folder;
  private final long maxBytes;

  /** What the folder holds as far as this object knows; negative before the first look. */
  private final AtomicLong bytes = new AtomicLong(UNKNOWN);

  /** From so many bytes on a look is worth its time: the last one may have found all in use. */
  private volatile long nextTrimBytes;

  private final AtomicLong removed = new AtomicLong();
  private final AtomicLong found = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong rejected = new AtomicLong();

  private ArtifactFolder(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.nextTrimBytes = maxBytes;
  }

  /**
   * Opens a folder and creates what is missing of it.
   *
   * @throws IOException when it cannot be written; the message says which folder and what to do
   */
  public static ArtifactFolder open(Path folder) throws IOException {
    return open(folder, Long.MAX_VALUE);
  }

  /**
   * The same with a bound that {@link #trim} enforces.
   *
   * @param maxBytes of all artifacts together
   */
  public static ArtifactFolder open(Path folder, long maxBytes) throws IOException {
    try {
      Files.createDirectories(folder, PRIVATE_FOLDER);
    } catch (AccessDeniedException | ReadOnlyFileSystemException e) {
      throw unwritable(folder, e);
    }
    if (!Files.isWritable(folder)) {
      throw unwritable(folder, null);
    }
    return new ArtifactFolder(folder, maxBytes);
  }

  private static IOException unwritable(Path folder, @Nullable Exception e) {
    return new IOException(
        "the cache folder " + folder + " cannot be written: name another folder or use no cache",
        e);
  }

  /** Where the signing key belongs. */
  public Path keyFile() {
    return folder.resolve("key");
  }

  /** The entry of a key, if there is one. Existing is all that is known of it. */
  public Optional<Path> find(String key) {
    Path entry = entry(key);
    if (!Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    found.incrementAndGet();
    try {
      Files.setLastModifiedTime(entry, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Removed by now, or not ours: then nobody remembers that it was asked for.
      return Optional.of(entry);
    }
    return Optional.of(entry);
  }

  /** Whether the folder may hold more than it should, and something of that may go. */
  public boolean isTooLarge() {
    long known = bytes.get();
    return maxBytes < Long.MAX_VALUE && (known < 0 || known > nextTrimBytes);
  }

  /**
   * Removes what was not asked for the longest, until the folder is well below its bound, and
   * temporary files that a crash has left.
   *
   * @param inUse told a key; what is in use stays, even beyond the bound
   * @return artifacts that were removed
   * @throws IOException when the folder cannot be read
   */
  public synchronized int trim(Predicate<String> inUse) throws IOException {
    List<Stored> all = list();
    long sum = all.stream().mapToLong(Stored::bytes).sum();
    int count = 0;
    if (sum > maxBytes) {
      all.sort(Comparator.comparing(Stored::usedTime));
      for (Stored stored : all) {
        if (sum <= maxBytes * LEFT_BY_TRIM) {
          break;
        }
        if (!inUse.test(keyOf(stored.file())) && Files.deleteIfExists(stored.file())) {
          sum -= stored.bytes();
          count++;
        }
      }
    }
    bytes.set(sum);
    // What is in use stays beyond the bound: not before there is more of it, it is looked at again.
    long slack = maxBytes - (long) (maxBytes * LEFT_BY_TRIM);
    nextTrimBytes = sum > maxBytes ? sum + slack : maxBytes;
    removed.addAndGet(count);
    return count;
  }

  private List<Stored> list() throws IOException {
    Instant crashed = Instant.now().minus(LONGEST_WRITE);
    List<Stored> all = new ArrayList<>();
    try (DirectoryStream<Path> parents = Files.newDirectoryStream(folder, "[0-9a-f][0-9a-f]")) {
      for (Path parent : parents) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parent, "*.{elf,tmp}")) {
          for (Path file : files) {
            look(file, crashed, all);
          }
        }
      }
    }
    return all;
  }

  private static void look(Path file, Instant crashed, List<Stored> all) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // Renamed or removed meanwhile.
      return;
    }
    if (file.toString().endsWith(SUFFIX)) {
      all.add(new Stored(file, attributes.size(), attributes.lastModifiedTime()));
    } else if (attributes.lastModifiedTime().toInstant().isBefore(crashed)) {
      boolean unused = Files.deleteIfExists(file);
    }
  }

  private static String keyOf(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /** Artifacts removed by {@link #trim}. */
  public long removed() {
    return removed.get();
  }

  /**
   * Stores an artifact.
   *
   * @return its file
   * @throws IOException when the disk is full or the folder has become unwritable; no partial entry
   *     is left
   */
  public Path put(String key, byte[] artifact) throws IOException {
    Path entry = entry(key);
    Path parent = folder.resolve(key.substring(0, 2));
    Files.createDirectories(parent, PRIVATE_FOLDER);
    long replacedBytes = size(entry);
    Path temporary = Files.createTempFile(parent, key.substring(0, 8), ".tmp", PRIVATE_FILE);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(artifact);
        while (bytes.hasRemaining()) {
          int unused = channel.write(bytes);
        }
      }
      Files.move(
          temporary, entry, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    written.incrementAndGet();
    long unused = bytes.addAndGet(artifact.length - replacedBytes);
    return entry;
  }

  /** Removes an entry that its reader refused. */
  public void reject(String key) throws IOException {
    rejected.incrementAndGet();
    Path entry = entry(key);
    long rejectedBytes = size(entry);
    if (Files.deleteIfExists(entry)) {
      long unused = bytes.addAndGet(-rejectedBytes);
    }
  }

  /** Of a file; 0 when there is none. */
  private static long size(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .size();
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Lookups that found an entry. */
  public long found() {
    return found.get();
  }

  /** Entries written by this object. */
  public long written() {
    return written.get();
  }

  /** Entries rejected through this object. */
  public long rejected() {
    return rejected.get();
  }

  private Path entry(String key) {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("not a cache key: " + key);
    }
    return folder.resolve(key.substring(0, 2)).resolve(key + SUFFIX);
  }
}
