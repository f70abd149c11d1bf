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
    return new Tunables(
        mode,
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

  /** These tunables with another preemption mode. */
  public Tunables withPreemption(PreemptionMode mode) {
    return new Tunables(
        traps,
        mode,
        spectre,
        fuel,
        nanCanonicalization,
        memoryReservationBytes,
        guardBytes,
        memory64ReservationBytes,
        optimize,
        relaxedSimdDeterministic);
  }

  /** These tunables with index masking on or off. */
  public Tunables withSpectre(boolean on) {
    return new Tunables(
        traps,
        preemption,
        on,
        fuel,
        nanCanonicalization,
        memoryReservationBytes,
        guardBytes,
        memory64ReservationBytes,
        optimize,
        relaxedSimdDeterministic);
  }

  /** These tunables with fuel counting on or off. */
  public Tunables withFuel(boolean on) {
    return new Tunables(
        traps,
        preemption,
        spectre,
        on,
        nanCanonicalization,
        memoryReservationBytes,
        guardBytes,
        memory64ReservationBytes,
        optimize,
        relaxedSimdDeterministic);
  }

  /** These tunables with NaN results made canonical, or left as they come. */
  public Tunables withNanCanonicalization(boolean on) {
    return new Tunables(
        traps,
        preemption,
        spectre,
        fuel,
        on,
        memoryReservationBytes,
        guardBytes,
        memory64ReservationBytes,
        optimize,
        relaxedSimdDeterministic);
  }

  /** These tunables with the optimizing passes on or off. */
  public Tunables withOptimize(boolean on) {
    return new Tunables(
        traps,
        preemption,
        spectre,
        fuel,
        nanCanonicalization,
        memoryReservationBytes,
        guardBytes,
        memory64ReservationBytes,
        on,
        relaxedSimdDeterministic);
  }

  /** These tunables with another guard size. */
  public Tunables withGuardBytes(long bytes) {
    return new Tunables(
        traps,
        preemption,
        spectre,
        fuel,
        nanCanonicalization,
        memoryReservationBytes,
        bytes,
        memory64ReservationBytes,
        optimize,
        relaxedSimdDeterministic);
  }

  /** These tunables with another reservation for memories with 64-bit indexes. */
  public Tunables withMemory64ReservationBytes(long bytes) {
    return new Tunables(
        traps,
        preemption,
        spectre,
        fuel,
        nanCanonicalization,
        memoryReservationBytes,
        guardBytes,
        bytes,
        optimize,
        relaxedSimdDeterministic);
  }

  /** These tunables with relaxed instructions that are the same on every processor, or not. */
  public Tunables withRelaxedSimdDeterministic(boolean on) {
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
        on);
  }
}
