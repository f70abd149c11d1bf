package dev.troupe.engine.contract;

/**
 * The choices that compiled code depends on, beyond the processor. Part of an artifact's metadata:
 * an engine loads only artifacts with its own tunables.
 *
 * @param traps how traps are noticed
 * @param preemption how a running guest is asked to leave
 * @param spectre whether checked indexes are masked against speculation
 * @param fuel whether compiled code counts fuel
 * @param nanCanonicalization whether NaN results are made canonical
 * @param memoryReservationBytes address space behind the base of a linear memory
 * @param guardBytes inaccessible address space behind the reservation
 * @param memory64ReservationBytes address space behind the base of a linear memory with 64-bit
 *     indexes, which is the most that one can grow to
 * @param optimize whether the optimizing passes run
 * @param relaxedSimdDeterministic whether relaxed instructions give the same results on every
 *     processor, at the cost of speed
 */
public record Tunables(
    TrapMode traps,
    PreemptionMode preemption,
    boolean spectre,
    boolean fuel,
    boolean nanCanonicalization,
    long memoryReservationBytes,
    long guardBytes,
    long memory64ReservationBytes,
    boolean optimize,
    boolean relaxedSimdDeterministic) {

  /** 4 GiB: every 32-bit index lands in the reservation. */
  public static final long DEFAULT_RESERVATION_BYTES = 1L << 32;

  /** 16 GiB: what one comparison with a constant keeps an index below. */
  public static final long DEFAULT_MEMORY64_RESERVATION_BYTES = 16L << 30;

  /** 32 MiB. */
  public static final long DEFAULT_GUARD_BYTES = 32L << 20;

  /** Signals for both, index masking on, no fuel. */
  public static final Tunables DEFAULT =
      new Tunables(
          TrapMode.SIGNALS,
          PreemptionMode.SIGNALS,
          true,
          false,
          false,
          DEFAULT_RESERVATION_BYTES,
          DEFAULT_GUARD_BYTES,
          DEFAULT_MEMORY64_RESERVATION_BYTES,
          true,
          false);

  /** These tunables with another trap mode. */
  public Tunables withTraps(TrapMode mode) {
    Draft draft = new Draft(this);
    draft.traps = mode;
    return draft.finished();
  }

  /** These tunables with another preemption mode. */
  public Tunables withPreemption(PreemptionMode mode) {
    Draft draft = new Draft(this);
    draft.preemption = mode;
    return draft.finished();
  }

  /** These tunables with index masking on or off. */
  public Tunables withSpectre(boolean on) {
    Draft draft = new Draft(this);
    draft.spectre = on;
    return draft.finished();
  }

  /** These tunables with fuel counting on or off. */
  public Tunables withFuel(boolean on) {
    Draft draft = new Draft(this);
    draft.fuel = on;
    return draft.finished();
  }

  /** These tunables with canonical NaN results or not. */
  public Tunables withNanCanonicalization(boolean on) {
    Draft draft = new Draft(this);
    draft.nanCanonicalization = on;
    return draft.finished();
  }

  /** These tunables with the optimizing passes on or off. */
  public Tunables withOptimize(boolean on) {
    Draft draft = new Draft(this);
    draft.optimize = on;
    return draft.finished();
  }

  /** These tunables with another guard size. */
  public Tunables withGuardBytes(long bytes) {
    Draft draft = new Draft(this);
    draft.guardBytes = bytes;
    return draft.finished();
  }

  /** These tunables with another reservation for memories with 64-bit indexes. */
  public Tunables withMemory64ReservationBytes(long bytes) {
    Draft draft = new Draft(this);
    draft.memory64ReservationBytes = bytes;
    return draft.finished();
  }

  /** These tunables with relaxed instructions that are the same on every processor, or not. */
  public Tunables withRelaxedSimdDeterministic(boolean on) {
    Draft draft = new Draft(this);
    draft.relaxedSimdDeterministic = on;
    return draft.finished();
  }

  /** Tunables that change. No lambdas in their place: each is a class more at every start. */
  private static final class Draft {
    TrapMode traps;
    PreemptionMode preemption;
    boolean spectre;
    boolean fuel;
    boolean nanCanonicalization;
    long memoryReservationBytes;
    long guardBytes;
    long memory64ReservationBytes;
    boolean optimize;
    boolean relaxedSimdDeterministic;

    Draft(Tunables from) {
      traps = from.traps;
      preemption = from.preemption;
      spectre = from.spectre;
      fuel = from.fuel;
      nanCanonicalization = from.nanCanonicalization;
      memoryReservationBytes = from.memoryReservationBytes;
      guardBytes = from.guardBytes;
      memory64ReservationBytes = from.memory64ReservationBytes;
      optimize = from.optimize;
      relaxedSimdDeterministic = from.relaxedSimdDeterministic;
    }

    Tunables finished() {
      return new Tunables(
          traps,
          preemption,
          spectre,
          fuel,
          nanCanonicalization,
          memoryReservationBytes,
          guardBytes,
          memory64ReservationBytes,
          optimize,
          relaxedSimdDeterministic);
    }
  }
}
