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
 * @param references whether it has structs, arrays, small integers and typed functions
 * @param exceptions whether it throws and catches
 * @param flavor what there is most of
 * @param size how much code there is
 */
public record GeneratorOptions(
    boolean hostFunctions,
    boolean vectors,
    boolean memories,
    boolean proposals,
    boolean forJavaScript,
    boolean references,
    boolean exceptions,
    Flavor flavor,
    Size size) {

  /** What a body prefers; half of the choices are free of it. */
  public enum Flavor {
    BALANCED,
    CONTROL,
    MEMORY,
    VECTORS,
    CALLS,
    ARITHMETIC,
    REFERENCES,
    EXCEPTIONS
  }

  /**
   * How much code a module has. Small modules find nearly as much as large ones, in a fraction of
   * the time; but some things take hundreds of live values.
   */
  public enum Size {
    TINY(4, 24, 2),
    SMALL(16, 100, 4),
    LARGE(20, 300, 6),
    HUGE(3000, 1, 6);

    final int budget;
    final int moreBudget;
    final int mostFunctions;

    Size(int budget, int moreBudget, int mostFunctions) {
      this.budget = budget;
      this.moreBudget = moreBudget;
      this.mostFunctions = mostFunctions;
    }

    static Size of(SplittableRandom random) {
      int percent = random.nextInt(100);
      return percent < 70 ? TINY : percent < 94 ? SMALL : percent < 99 ? LARGE : HUGE;
    }
  }

  /** WebAssembly 2.0 with or without vectors; large. */
  public static GeneratorOptions wasm2(boolean hostFunctions, boolean vectors) {
    return new GeneratorOptions(
        hostFunctions, vectors, false, false, false, false, false, Flavor.BALANCED, Size.LARGE);
  }

  /** Anything, chosen by a seed; half of it can run in JavaScript. */
  public static GeneratorOptions of(long seed) {
    SplittableRandom random = new SplittableRandom(~seed);
    Flavor flavor = Flavor.values()[random.nextInt(Flavor.values().length)];
    boolean references = flavor == Flavor.REFERENCES || random.nextInt(8) == 0;
    boolean exceptions = flavor == Flavor.EXCEPTIONS || random.nextInt(8) == 0;
    boolean forJavaScript = random.nextInt(3) == 0 || references || exceptions;
    return new GeneratorOptions(
        random.nextInt(3) == 0,
        flavor == Flavor.VECTORS || random.nextInt(3) == 0,
        random.nextInt(3) > 0,
        !forJavaScript && random.nextInt(3) == 0,
        forJavaScript,
        references,
        exceptions,
        flavor,
        Size.of(random));
  }
}
