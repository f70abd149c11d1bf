package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/**
 * Bytes on their way from one writer to one reader, of which one is a guest and the other its host:
 * a ring of bounded size. Nothing ever blocks: a full pipe takes no bytes, an empty one gives none,
 * and a guest that meets one is parked. So a slow reader holds its writer back, at no thread's
 * cost. Thread-safe.
 *
 * <p>The futures complete on the thread that made them true, which may be one that runs guests: do
 * no work there. Each call makes a new one; who does not need it any more cancels it.
 */
public final class BytePipe {
  private static final int FIRST_BYTES = 4096;

  private final int capacity;
  private final WaitSet readers = new WaitSet();
  private final WaitSet writers = new WaitSet();
  private byte[] ring;
  private int first;
  private int count;
  private long written;
  private long mostWritten = Long.MAX_VALUE;
  private LongFunction<RuntimeException> tooMuch =
      total -> new IllegalStateException("no bound, and yet too much: " + total);
  private boolean ended;
  private boolean readerGone;

  private BytePipe(int capacity) {
    this.capacity = capacity;
    this.ring = new byte[Math.min(capacity, FIRST_BYTES)];
  }

  /**
   * An empty pipe that holds so many bytes at most.
   *
   * @throws IllegalArgumentException when that is not at least 1
   */
  public static BytePipe withCapacity(int bytes) {
    if (bytes < 1) {
      throw new IllegalArgumentException("a pipe has room for 1 byte at least, not " + bytes);
    }
    return new BytePipe(bytes);
  }

  /**
   * Bounds what a guest writes into the pipe in all. What is within the bound goes in; at the first
   * byte beyond it the guest is stopped. May be called again, with less or more.
   *
   * @param bytes at most, in all
   * @param stop the exception that stops the guest, told the bytes that it wanted to have written
   */
  public synchronized void limitGuest(long bytes, LongFunction<RuntimeException> stop) {
    mostWritten = bytes;
    tooMuch = stop;
  }

  // ---------------------------------------------------------------- writing

  /**
   * Writes as many bytes as there is room for.
   *
   * @return how many; 0 when the pipe is full. When the reader is gone, all are taken and lost
   * @throws IllegalStateException after {@link #end}
   */
  public int write(byte[] source, int offset, int length) {
    int taken;
    List<CompletableFuture<Boolean>> woken;
    synchronized (this) {
      if (ended) {
        throw new IllegalStateException("the pipe has ended");
      }
      if (readerGone) {
        return length;
      }
      taken = reserve(length);
      for (int done = 0; done < taken; ) {
        int at = tail(done);
        int part = Math.min(taken - done, ring.length - at);
        System.arraycopy(source, offset + done, ring, at, part);
        done += part;
      }
      count += taken;
      written += taken;
      woken = taken > 0 ? readers.drain() : List.of();
    }
    WaitSet.wake(woken);
    return taken;
  }

  /** The same for a guest, from an address; -1 when the reader is gone or the pipe has ended. */
  long writeFrom(long address, long bytes) {
    int taken;
    RuntimeException stop = null;
    List<CompletableFuture<Boolean>> woken;
    synchronized (this) {
      if (ended || readerGone) {
        return -1;
      }
      long allowed = Math.max(0, mostWritten - written);
      taken = reserve(Math.min(bytes, allowed));
      if (bytes > allowed && taken == allowed) {
        stop = tooMuch.apply(written + bytes);
      }
      for (int done = 0; done < taken; ) {
        int at = tail(done);
        int part = Math.min(taken - done, ring.length - at);
        RawMemory.copyOut(address + done, ring, at, part);
        done += part;
      }
      count += taken;
      written += taken;
      woken = taken > 0 ? readers.drain() : List.of();
    }
    WaitSet.wake(woken);
    if (stop != null) {
      throw stop;
    }
    return taken;
  }

  /** The writer is done: the reader finds the end behind what is in the pipe. */
  public void end() {
    List<CompletableFuture<Boolean>> woken;
    synchronized (this) {
      ended = true;
      woken = readers.drain();
    }
    WaitSet.wake(woken);
  }

  /** Completes when a byte can be written, or the reader is gone. */
  public CompletableFuture<Boolean> writable() {
    synchronized (this) {
      return hasRoom() ? CompletableFuture.completedFuture(Boolean.TRUE) : writers.add();
    }
  }

  /** Whether a write would not have to wait. */
  synchronized boolean hasRoom() {
    return count < capacity || readerGone || ended;
  }

  /** How many bytes a write takes at once. */
  public synchronized int room() {
    return readerGone ? capacity : capacity - count;
  }

  /** Whether nobody reads what is written. */
  public synchronized boolean isReaderGone() {
    return readerGone;
  }

  private int reserve(long wanted) {
    int taken = (int) Math.min(wanted, capacity - count);
    if (count + taken > ring.length) {
      long doubled = Math.max(2L * ring.length, count + taken);
      byte[] larger = Arrays.copyOfRange(ring, first, first + (int) Math.min(capacity, doubled));
      int wrapped = Math.max(0, first + count - ring.length);
      System.arraycopy(ring, 0, larger, ring.length - first, wrapped);
      ring = larger;
      first = 0;
    }
    return taken;
  }

  private int tail(int ahead) {
    return (int) (((long) first + count + ahead) % ring.length);
  }

  // ---------------------------------------------------------------- reading

  /**
   * Reads as many bytes as there are.
   *
   * @return how many; 0 when there are none yet, -1 at the end
   */
  public int read(byte[] target, int offset, int length) {
    int given;
    List<CompletableFuture<Boolean>> woken;
    synchronized (this) {
      if (count == 0) {
        return ended ? -1 : 0;
      }
      given = Math.min(length, count);
      for (int done = 0; done < given; ) {
        int part = Math.min(given - done, ring.length - first);
        System.arraycopy(ring, first, target, offset + done, part);
        skip(part);
        done += part;
      }
      woken = given > 0 ? writers.drain() : List.of();
    }
    WaitSet.wake(woken);
    return given;
  }

  /** The same for a guest, to an address. */
  long readTo(long address, long bytes) {
    int given;
    List<CompletableFuture<Boolean>> woken;
    synchronized (this) {
      if (count == 0) {
        return ended ? -1 : 0;
      }
      given = (int) Math.min(bytes, count);
      for (int done = 0; done < given; ) {
        int part = Math.min(given - done, ring.length - first);
        RawMemory.copyIn(ring, first, address + done, part);
        skip(part);
        done += part;
      }
      woken = given > 0 ? writers.drain() : List.of();
    }
    WaitSet.wake(woken);
    return given;
  }

  private void skip(int part) {
    first = (first + part) % ring.length;
    count -= part;
  }

  /** The reader is done: what is in the pipe is dropped, and a guest's writes fail. */
  public void closeReader() {
    List<CompletableFuture<Boolean>> woken;
    synchronized (this) {
      readerGone = true;
      count = 0;
      woken = writers.drain();
    }
    WaitSet.wake(woken);
  }

  /** Completes when there is something to read, or the end. */
  public CompletableFuture<Boolean> readable() {
    synchronized (this) {
      return hasBytes() ? CompletableFuture.completedFuture(Boolean.TRUE) : readers.add();
    }
  }

  /** Whether a read would not have to wait. */
  synchronized boolean hasBytes() {
    return count > 0 || ended;
  }

  /** Bytes that were ever put into the pipe. */
  public synchronized long written() {
    return written;
  }

  /** Bytes in the pipe. */
  public synchronized int bytes() {
    return count;
  }
}
