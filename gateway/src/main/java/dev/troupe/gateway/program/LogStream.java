package dev.troupe.gateway.program;

import dev.troupe.actors.port.GuestLog;
import java.io.OutputStream;
import java.util.Arrays;

/** Keeps the beginning of what a program says besides its answer; the rest is dropped. */
final class LogStream extends OutputStream {
  private static final int MOST_BYTES = 64 << 10;

  private byte[] buffer = {};
  private int count;
  private boolean truncated;

  @Override
  public void write(int oneByte) {
    write(new byte[] {(byte) oneByte}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int kept = Math.min(length, MOST_BYTES - count);
    truncated |= kept < length;
    if (count + kept > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.min(MOST_BYTES, Math.max(1024, 2 * (count + kept))));
    }
    System.arraycopy(bytes, offset, buffer, count, kept);
    count += kept;
  }

  GuestLog log() {
    return count == 0 ? GuestLog.EMPTY : new GuestLog(Arrays.copyOf(buffer, count), truncated);
  }
}
