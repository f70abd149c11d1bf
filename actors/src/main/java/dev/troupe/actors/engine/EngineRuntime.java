package dev.troupe.actors.engine;

import dev.troupe.actors.port.BadArtifactException;
import dev.troupe.actors.port.BadModuleException;
import dev.troupe.actors.port.FunctionRuntime;
import dev.troupe.actors.port.LoadedModule;
import dev.troupe.actors.port.NoRoomException;
import dev.troupe.engine.Engine;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.LinkException;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.artifact.ArtifactException;
import dev.troupe.engine.contract.CompileMeter;
import dev.troupe.engine.os.OsException;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeature;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** Compiles and runs functions with the engine. */
public final class EngineRuntime implements FunctionRuntime {

  /**
   * Where calls wait when the allocators of the engine have nothing to give.
   *
   * @param memories for a memory
   * @param stacks for a stack
   * @param heaps for a collected heap
   */
  public record Lines(PlaceLine memories, PlaceLine stacks, PlaceLine heaps) {
    /** Nobody waits anywhere. */
    public static final Lines NONE = new Lines(PlaceLine.NONE, PlaceLine.NONE, PlaceLine.NONE);
  }

  private final Engine engine;
  private final Linker<GuestSlot> linker;
  private final GuestWorlds worlds;
  private final WorkerCarriers carriers;
  private final Lines lines;

  /**
   * A runtime.
   *
   * @param linker what modules may import; complete
   * @param worlds of programs
   * @param carriers of the scheduler that will run the calls
   * @param lines before the allocators of the engine
   */
  public EngineRuntime(
      Engine engine,
      Linker<GuestSlot> linker,
      GuestWorlds worlds,
      WorkerCarriers carriers,
      Lines lines) {
    this.engine = engine;
    this.linker = linker;
    this.worlds = worlds;
    this.carriers = carriers;
    this.lines = lines;
  }

  @Override
  public String artifactKey(byte[] module) {
    return engine.cacheKey(module);
  }

  @Override
  public byte[] compile(byte[] module, long cpuLimitNanos, LongConsumer spent)
      throws BadModuleException {
    CompileMeter meter = CompileMeter.withLimit(cpuLimitNanos);
    try {
      return engine.precompileModule(binary(module), meter);
    } catch (LimitExceededException e) {
      throw bad(BadModuleException.Phase.LIMIT, e);
    } catch (MalformedException e) {
      throw bad(BadModuleException.Phase.MALFORMED, e);
    } catch (InvalidException e) {
      throw bad(BadModuleException.Phase.INVALID, e);
    } catch (WasmException e) {
      // What is left is a limit of the compiler.
      throw bad(BadModuleException.Phase.LIMIT, e);
    } finally {
      spent.accept(meter.spentNanos());
    }
  }

  // A module in the binary format starts with a zero byte, which no text contains.
  private static byte[] binary(byte[] module) {
    return module.length > 0 && module[0] == 0 ? module : Wat.toBinary(module);
  }

  private static BadModuleException bad(BadModuleException.Phase phase, WasmException e) {
    long offset = e.offset() == WasmException.NO_OFFSET ? BadModuleException.NO_OFFSET : e.offset();
    WasmFeature missing = e.missingFeature();
    return new BadModuleException(
        phase, offset, String.valueOf(e.getMessage()), missing == null ? null : missing.text());
  }

  @Override
  public LoadedModule load(Path artifact) throws BadArtifactException, BadModuleException {
    Module module;
    try {
      module = Module.deserializeFile(engine, artifact);
    } catch (ArtifactException e) {
      throw new BadArtifactException(String.valueOf(e.getMessage()), e);
    } catch (OsException e) {
      if (e.isShortage()) {
        // The file is as good as it was.
        throw new NoRoomException(String.valueOf(e.getMessage()), e);
      }
      throw new BadArtifactException(String.valueOf(e.getMessage()), e);
    } catch (AllocationException full) {
      throw new NoRoomException(String.valueOf(full.getMessage()), full);
    }
    try {
      InstancePre<GuestSlot> linked = linker.instantiatePre(module);
      return new EngineModule(engine, linked, worlds, carriers, lines);
    } catch (LinkException e) {
      module.close();
      throw new BadModuleException(
          BadModuleException.Phase.UNLINKABLE,
          BadModuleException.NO_OFFSET,
          String.valueOf(e.getMessage()));
    }
  }
}
