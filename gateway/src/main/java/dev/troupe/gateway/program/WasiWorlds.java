package dev.troupe.gateway.program;

import dev.troupe.actors.engine.GuestSlot;
import dev.troupe.actors.engine.GuestWorld;
import dev.troupe.actors.engine.GuestWorlds;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallStreams;
import dev.troupe.actors.port.MemoryGate;
import dev.troupe.actors.port.ProgramSettings;
import dev.troupe.engine.Linker;
import dev.troupe.wasi.MemoryFiles;
import dev.troupe.wasi.Wasi;
import dev.troupe.wasi.WasiContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Worlds of WASI preview 1. */
public final class WasiWorlds implements GuestWorlds {
  /** The program's name, of which it makes what it likes. */
  private static final String NAME = "program";

  /** A directory or file in memory costs more than its bytes. */
  private static final long BYTES_PER_NODE = 4096;

  private final int mostAnswerBytes;

  /**
   * Worlds whose answers have so many bytes at most, whatever quotas say: they are one message.
   * Answers that are streams have no such bound.
   */
  public WasiWorlds(int mostAnswerBytes) {
    this.mostAnswerBytes = mostAnswerBytes;
  }

  /** Defines what programs import. */
  public static Linker<GuestSlot> addTo(Linker<GuestSlot> linker) {
    Wasi.addTo(linker, slot -> ((WasiWorld) slot.world()).context());
    return linker;
  }

  /** Files count like the guest's other memory. */
  private record Payer(MemoryGate memory) implements MemoryFiles.Meter {
    @Override
    public boolean tryTake(long bytes) {
      return memory.tryGrow(bytes);
    }

    @Override
    public void giveBack(long bytes) {
      memory.giveBack(bytes);
    }
  }

  @Override
  public String importModule() {
    return Wasi.MODULE;
  }

  @Override
  public GuestWorld open(
      ProgramSettings settings, CallInput input, long mostOutputBytes, MemoryGate memory) {
    WasiContext.Builder world =
        WasiContext.builder()
            .arguments(List.of(NAME))
            .moreArguments(settings.arguments())
            .clock(new CoarseClock())
            .maxDescriptors(settings.openFiles())
            .maxWrittenBytes(settings.writtenBytes());
    settings.environment().forEach(world::environment);
    if (settings.scratchBytes() > 0) {
      int nodes = Math.toIntExact(settings.scratchBytes() / BYTES_PER_NODE);
      MemoryFiles files = MemoryFiles.create(settings.scratchBytes(), nodes, new Payer(memory));
      world.preopen(files, "/").preopen(files, "/tmp");
    }
    LogStream errors = new LogStream();
    world.stderr(errors);
    AnswerStream answer =
        input instanceof CallInput.Streams
            ? null
            : new AnswerStream(mostOutputBytes, mostAnswerBytes, memory);
    if (answer != null) {
      world.stdout(answer);
    }
    switch (input) {
      case CallInput.Payload(byte[] bytes) -> world.stdin(bytes);
      case CallInput.Streams(CallStreams streams) -> {
        PipeStreams pipes = (PipeStreams) streams;
        world.stdin(pipes.input()).stdout(pipes.output());
      }
      case CallInput.Values _ -> {
        // There is nothing to read.
      }
    }
    try {
      return new WasiWorld(world.build(), answer, errors);
    } catch (IOException e) {
      throw new UncheckedIOException("a world without files of the host needs none", e);
    }
  }
}
