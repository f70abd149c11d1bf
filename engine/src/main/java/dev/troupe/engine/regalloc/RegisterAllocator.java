package dev.troupe.engine.regalloc;

/**
 * The entry point: {@code Allocation a = RegisterAllocator.allocate(function, env, effort)}.
 *
 * <p>The stages, in order:
 *
 * <pre>
 * Input         reads the function into arrays, checks the cheap rules
 * Liveness      a live range per virtual register, from uses upward
 * Merger        joins ranges that would best share a register (coalescing)
 * Spiller       where more values live than there are registers, which of them stay in theirs
 * Assigner      registers by spill weight with eviction; Splitter cuts what did not fit
 * Placement     the location of every virtual register at every point; spill slots
 * MoveResolver  moves where places change, along edges, stores behind definitions
 * ResultBuilder operand locations, copies into fixed registers, sequential moves
 * </pre>
 */
public final class RegisterAllocator {
  private RegisterAllocator() {}

  /**
   * Allocates {@code function} for {@code env}. Deterministic: equal inputs give equal results.
   *
   * @throws IllegalArgumentException if the function breaks a rule of {@link RegallocFunction}
   */
  public static Allocation allocate(RegallocFunction function, MachineEnv env, Effort effort) {
    Input input = new Input(function, env);
    Loops loops = new Loops(function);
    Pieces pieces = new Pieces(input.vregCount);
    Liveness liveness = new Liveness(input, pieces);
    liveness.run();
    Merger merger = new Merger(input, pieces, effort);
    merger.run();
    int[] families = merger.families();
    FixedReservations reservations = new FixedReservations(input);
    // Also where effort is spared: without it, assigning is what takes the time.
    long spillWork = spill(input, pieces, loops, reservations, families);
    Assigner assigner = new Assigner(input, pieces, reservations, loops, effort);
    assigner.run();
    Placement placement = new Placement(input, pieces, families);
    MoveResolver resolver = new MoveResolver(input, pieces, placement);
    MoveList moves = resolver.run();
    long work = spillWork + liveness.work + merger.work + assigner.work + resolver.work;
    return new ResultBuilder(input, pieces, placement, moves)
        .build(assigner, work, countSpilled(pieces));
  }

  private static long spill(
      Input input, Pieces pieces, Loops loops, FixedReservations reservations, int[] families) {
    long work = 0;
    for (RegisterClass registerClass : RegisterClass.values()) {
      int number = registerClass.ordinal();
      Pressure pressure = new Pressure(input, pieces, number);
      if (pressure.exceeded) {
        Spiller spiller = new Spiller(input, pieces, loops, pressure, number);
        spiller.run(new RegionSplitter(input, pieces, reservations), families);
        work += spiller.work;
      }
    }
    return work;
  }

  private static int countSpilled(Pieces pieces) {
    int spilled = 0;
    for (int piece = 0; piece < pieces.count; piece++) {
      spilled += pieces.location[pieces.bundle[piece]] == Pieces.SPILLED ? 1 : 0;
    }
    return spilled;
  }
}
