package dev.troupe.engine.regalloc;

/** How much work the allocator puts into the quality of its result. */
public enum Effort {
  /** Splits around loops first, then by blocks, then by single uses. */
  FULL,
  /** Splits by blocks at once and merges less: for huge functions. */
  FAST;

  /** Functions with more instructions than this get {@link #FAST} when nothing else is said. */
  public static final int FULL_MOST_INSTRUCTIONS = 150_000;

  /** The effort that suits a function of {@code instructionCount} instructions. */
  public static Effort forSize(int instructionCount) {
    return instructionCount <= FULL_MOST_INSTRUCTIONS ? FULL : FAST;
  }
}
