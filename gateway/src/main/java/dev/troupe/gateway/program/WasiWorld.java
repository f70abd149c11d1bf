package dev.troupe.gateway.program;

import dev.troupe.actors.engine.GuestWorld;
import dev.troupe.actors.port.GuestLog;
import dev.troupe.engine.TrapException;
import dev.troupe.wasi.Wasi;
import dev.troupe.wasi.WasiContext;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The world of one call.
 *
 * @param answer where the standard output goes; null when that is a stream of the call
 * @param errors where the standard error goes
 */
record WasiWorld(WasiContext context, @Nullable AnswerStream answer, LogStream errors)
    implements GuestWorld {

  @Override
  public byte @Nullable [] output() {
    return answer == null ? null : answer.bytes();
  }

  @Override
  public GuestLog log() {
    return errors.log();
  }

  @Override
  public OptionalInt exitStatus(TrapException trap) {
    return Wasi.exitCode(trap);
  }

  @Override
  public void close() {
    context.close();
  }
}
