package dev.troupe.gateway.program;

import dev.troupe.actors.port.CallStreams;
import dev.troupe.wasi.BytePipe;

/**
 * Standard input and output as pipes.
 *
 * @param input the program reads it; the caller writes it and ends it
 * @param output the program writes it; the caller reads it
 */
public record PipeStreams(BytePipe input, BytePipe output) implements CallStreams {
  /** Bytes that wait in a pipe at most, each way. */
  public static final int CAPACITY = 64 << 10;

  /** Empty pipes. */
  public static PipeStreams create() {
    return new PipeStreams(BytePipe.withCapacity(CAPACITY), BytePipe.withCapacity(CAPACITY));
  }
}
