package dev.troupe.engine.oracle;

import java.util.SplittableRandom;

/**
 * What a generated module may be made of, and of what there is most.
 *
 * @param hostFunctions whether it imports functions
 * @param vectors whether it computes with vectors
 * @param memories whether it has several memories, with 64-bit addresses among them, and atomic
 *     accesses; shared ones too, but not for JavaScript
 * @param proposals whether it uses what WebAssembly 3.0 does not have: pages of one byte, wide
 *     arithmetic
 * @param forJavaScript whether everything that is imported or exported can be called from
 *     JavaScript, which knows no vectors
 * @param flavor what there is most of
 */
public record GeneratorOptions(
    boolean hostFunctions,
    boolean vectors,
    boolean memories,
    boolean proposals,
    boolean forJavaScript,
    Flavor flavor) {

  /** What a body prefers; half of the choices are free of it. */
  public enum Flavor {
    BALANCED,
    CONTROL,
    MEMORY,
    VECTORS,
    CALLS,
    ARITHMETIC
  }

  /** WebAssembly 2.0 with or without vectors. */
  public static GeneratorOptions wasm2(boolean hostFunctions, boolean vectors) {
    return new GeneratorOptions(hostFunctions, vectors, false, false, false, Flavor.BALANCED);
  }

  /**
   * Anything, chosen by a seed.
   *
   * @param forV8 only what Node's V8 can be asked for, too
   */
  public static GeneratorOptions of(long seed, boolean forV8) {
    SplittableRandom random = new SplittableRandom(~seed);
    Flavor flavor = Flavor.values()[random.nextInt(Flavor.values().length)];
    return new GeneratorOptions(
        random.nextInt(3) == 0,
        flavor == Flavor.VECTORS || random.nextInt(3) == 0,
        random.nextInt(3) > 0,
        !forV8 && random.nextInt(3) == 0,
        forV8,
        flavor);
  }
}
