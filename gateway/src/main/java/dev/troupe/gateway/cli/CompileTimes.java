package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Module;
import dev.troupe.engine.artifact.ArtifactReader;
import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.cache.ArtifactFolder;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What it takes to get from the bytes of a module to code that can be instantiated.
 *
 * @param artifact file with the compiled module
 * @param codeBytes machine code of all functions, with the padding between them
 * @param decodeNanos decoding alone, on one thread
 * @param validateNanos validating the decoded module, on one thread
 * @param compileNanos the first compilation in this process: from the bytes of the module to those
 *     of the artifact, so that decoding and validating are part of it
 * @param compileWarmNanos the median of the compilations after it, or -1 when there was none
 * @param loadNanos checking the file, its signature included, and mapping its code, when that has
 *     been done often before
 */
record CompileTimes(
    Path artifact,
    long codeBytes,
    long decodeNanos,
    long validateNanos,
    long compileNanos,
    long compileWarmNanos,
    long loadNanos) {

  /** Loading is repeated until it is warm: so often, or for so long. */
  private static final int MOST_LOADS = 2_000;

  private static final long LOAD_NANOS = 300_000_000;

  /** Short stages are measured so often, and the median is taken. */
  private static final int REPEATS = 9;

  /**
   * Measures each stage. The first compilation comes first, when nothing is warm.
   *
   * @param folder gets the artifact
   * @param warmCompilations how often to compile again
   */
  static CompileTimes measure(
      Engine engine, byte[] wasm, ArtifactFolder folder, int warmCompilations) throws IOException {
    long start = System.nanoTime();
    byte[] artifact = engine.precompileModule(wasm);
    long compile = System.nanoTime() - start;
    Path saved = folder.put(engine.cacheKey(wasm), artifact);
    long load = loadNanos(engine, saved);
    EngineConfig config = engine.config();
    long decode = medianOf(REPEATS, () -> decode(config, wasm));
    WasmModule module = decode(config, wasm);
    long validate =
        medianOf(
            REPEATS, () -> ModuleValidator.validate(module, config.features(), config.limits()));
    long warm =
        warmCompilations == 0
            ? -1
            : medianOf(
                warmCompilations,
                () -> {
                  byte[] unused = engine.precompileModule(wasm);
                });
    return new CompileTimes(saved, codeBytes(artifact), decode, validate, compile, warm, load);
  }

  /** The median of the last quarter of many loads. */
  private static long loadNanos(Engine engine, Path saved) {
    long[] nanos = new long[MOST_LOADS];
    int count = 0;
    long begin = System.nanoTime();
    do {
      long start = System.nanoTime();
      Module module = Module.deserializeFile(engine, saved);
      nanos[count++] = System.nanoTime() - start;
      module.close();
    } while (count < MOST_LOADS && System.nanoTime() - begin < LOAD_NANOS);
    long[] last = Arrays.copyOfRange(nanos, count * 3 / 4, count);
    Arrays.sort(last);
    return last[last.length / 2];
  }

  private static long codeBytes(byte[] artifact) {
    FunctionTable functions =
        ArtifactReader.readForInspection(MemorySegment.ofArray(artifact)).module().functions();
    return functions.count() == 0 ? 0 : functions.end(functions.count() - 1);
  }

  private static WasmModule decode(EngineConfig config, byte[] wasm) {
    return ModuleDecoder.decode(wasm, config.features(), config.limits());
  }

  private static long medianOf(int repeats, Runnable stage) {
    long[] nanos = new long[repeats];
    for (int i = 0; i < repeats; i++) {
      long start = System.nanoTime();
      stage.run();
      nanos[i] = System.nanoTime() - start;
    }
    Arrays.sort(nanos);
    return nanos[repeats / 2];
  }
}
