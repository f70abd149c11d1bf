package dev.troupe.gateway.program;

import dev.troupe.actors.engine.OutputTooLargeException;
import dev.troupe.actors.port.MemoryGate;
import java.io.OutputStream;
import java.util.Arrays;

/**
 * Collects the standard output of a program as the answer of its call. What it takes counts against
 * the tenant's memory; a program that writes more than it may is stopped, because one that writes
 * without end would not care for an error number.
 */
final class AnswerStream extends OutputStream {
  private static final int FIRST_BYTES = 1024;

  private final long quotaBytes;
  private final long mostBytes;
  private final MemoryGate memory;
  private byte[] buffer = {};
  private int count;

  /**
   * An empty answer.
   *
   * @param quotaBytes what the call may answer
   * @param mostBytes what one message can hold
   */
  AnswerStream(long quotaBytes, int mostBytes, MemoryGate memory) {
    this.quotaBytes = quotaBytes;
    this.mostBytes = mostBytes;
    this.memory = memory;
  }

  @Override
  public void write(int oneByte) {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    long total = (long) count + length;
    if (total > quotaBytes) {
      throw new OutputTooLargeException(total, true);
    }
    if (total > mostBytes) {
      throw new OutputTooLargeException(total, false);
    }
    if (total > buffer.length) {
      grow((int) total);
    }
    System.arraycopy(bytes, offset, buffer, count, length);
    count += length;
  }

  private void grow(int wanted) {
    long doubled = Math.max(Math.max(FIRST_BYTES, wanted), 2L * buffer.length);
    int size = (int) Math.min(doubled, mostBytes);
    if (!memory.tryGrow(size - buffer.length)) {
      // There may be room for what is needed, if not for more.
      size = wanted;
      if (!memory.tryGrow(size - buffer.length)) {
        throw new OutputTooLargeException(wanted, false);
      }
    }
    buffer = Arrays.copyOf(buffer, size);
  }

  /** All that was written. */
  byte[] bytes() {
    return count == buffer.length ? buffer : Arrays.copyOf(buffer, count);
  }
}
