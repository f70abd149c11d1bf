package dev.troupe.gateway.program;

import dev.troupe.actors.engine.OutputTooLargeException;
import dev.troupe.actors.port.CallStreams;
import dev.troupe.wasi.BytePipe;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Standard input and output as pipes.
 *
 * @param input the program reads it; the caller writes it and ends it
 * @param output the program writes it; the caller reads it
 * @param received what the caller has sent, whether or not it is in the pipe by now
 */
public record PipeStreams(BytePipe input, BytePipe output, AtomicLong received)
    implements CallStreams {
  /** Bytes that wait in a pipe at most, each way. */
  public static final int CAPACITY = 64 << 10;

  /** Empty pipes. */
  public static PipeStreams create() {
    return new PipeStreams(
        BytePipe.withCapacity(CAPACITY), BytePipe.withCapacity(CAPACITY), new AtomicLong());
  }

  @Override
  public long bytesIn() {
    return received.get();
  }

  @Override
  public long bytesOut() {
    return output.written();
  }

  @Override
  public void limitOut(long bytes) {
    output.limitGuest(bytes, total -> new OutputTooLargeException(total, true));
  }
}
