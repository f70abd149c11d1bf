package dev.troupe.engine.compile;

import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.Arrays;
import java.util.EnumSet;

/**
 * How compile time grows with the size of one function. A program, not a test: prints for each
 * {@link HugeShape}, or for those named as arguments, the processor time in milliseconds at its
 * size n and at 2n, their quotient, the machine code at 2n and the most heap that was in use, in MB
 * (garbage included: run with different {@code -Xmx} to see what is needed).
 */
public final class HugeBenchmark {
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final com.sun.management.ThreadMXBean THREAD =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private HugeBenchmark() {}

  /** Runs the benchmark for the shapes {@code args}. */
  public static void main(String[] args) {
    HugeShape[] shapes = Arrays.stream(args).map(HugeShape::valueOf).toArray(HugeShape[]::new);
    System.out.printf(
        "%-16s %9s %9s %9s %6s %9s %9s%n", "", "n", "t(n)", "t(2n)", "", "code MB", "heap MB");
    for (HugeShape shape : shapes.length == 0 ? HugeShape.values() : shapes) {
      run(shape);
    }
  }

  private static void run(HugeShape shape) {
    byte[] half = shape.module(shape.size() / 2);
    for (int round = 0; round < ROUNDS; round++) {
      time(half);
    }
    double[] small = time(shape.module(shape.size()));
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    double[] large = time(shape.module(2 * shape.size()));
    long peak = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      peak += pool.getType() == MemoryType.HEAP ? pool.getPeakUsage().getUsed() : 0;
    }
    System.out.printf(
        "%-16s %9d %9.1f %9.1f %6.2f %9.3f %9.0f%n",
        shape, shape.size(), small[0], large[0], large[0] / small[0], large[1], peak / 1e6);
  }

  /** The least time of some rounds, in milliseconds, and the code, in MB. */
  private static double[] time(byte[] wasm) {
    CompileRequest request =
        new CompileRequest(
            wasm,
            WasmFeatures.DEFAULT,
            WasmLimits.DEFAULT,
            Tunables.DEFAULT,
            EnumSet.complementOf(EnumSet.of(IsaFeature.AVX512)),
            1,
            false);
    double best = Double.MAX_VALUE;
    double code = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long start = THREAD.getCurrentThreadCpuTime();
      code =
          ModuleCompiler.compile(request, CompileLimits.DEFAULT, Runnable::run).text().byteSize();
      best = Math.min(best, (THREAD.getCurrentThreadCpuTime() - start) / 1e6);
    }
    return new double[] {best, code / 1e6};
  }
}
