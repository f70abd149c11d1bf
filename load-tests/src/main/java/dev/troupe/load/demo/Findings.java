package dev.troupe.load.demo;

import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.load.client.CallCounts;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the demo measured, and whether each of it is as it should be. */
final class Findings {
  private static final String TOO_LATE = "DEADLINE_EXCEEDED_IN_QUEUE";

  private record Check(String what, boolean good, String detail) {}

  private final List<Actor> cast;
  private final Map<String, CallCounts> tallies;
  private final CpuShares shares;
  private final List<Check> checks = new ArrayList<>();

  Findings(List<Actor> cast, Map<String, CallCounts> tallies, CpuShares shares) {
    this.cast = cast;
    this.tallies = tallies;
    this.shares = shares;
    check(
        "CPU shares of saturated tenants are within 10 % of their weights",
        shares.areFair(),
        String.format(Locale.ROOT, "worst is off by %.1f %%", shares.worst() * 100));
  }

  /** Records a check. */
  void check(String what, boolean good, String detail) {
    checks.add(new Check(what, good, detail));
  }

  /** Whether a server holds nothing for anybody. */
  static boolean isIdle(ServerStatistics statistics) {
    return statistics.getPool().getSlotsInUse() == 0
        && statistics.getPool().getStacksInUse() == 0
        && statistics.getScheduler().getLive() == 0
        && statistics.getTenantsCount() == 0;
  }

  void checkNothingLeft(ServerStatistics statistics) {
    check(
        "slots, fibers and actors return to zero",
        isIdle(statistics),
        statistics.getPool().getSlotsInUse()
            + " memories, "
            + statistics.getPool().getStacksInUse()
            + " stacks, "
            + statistics.getScheduler().getLive()
            + " fibers, "
            + statistics.getTenantsCount()
            + " tenants");
  }

  /** Prints the table and the verdicts; returns whether all are good. */
  boolean report(PrintStream out) {
    checkOutcomes();
    out.println();
    out.printf(
        "%-9s %-11s %6s %8s %9s %9s %7s %7s %6s %6s  %s%n",
        "tenant", "does", "weight", "calls", "p50 ms", "p99 ms", "CPU %", "fair %", "shed", "wrong",
        "traps");
    for (Actor actor : cast) {
      CallCounts tally = tallies.getOrDefault(actor.tenant(), CallCounts.none());
      Double fair = shares.fair().get(actor.tenant());
      out.printf(
          Locale.ROOT,
          "%-9s %-11s %6d %8d %9.1f %9.1f %7.1f %7s %6d %6d  %s%n",
          actor.tenant(),
          actor.role(),
          actor.weight(),
          tally.okCalls(),
          tally.latencyMillis(50),
          tally.latencyMillis(99),
          100 * shares.used().getOrDefault(actor.tenant(), 0.0),
          fair == null ? "" : String.format(Locale.ROOT, "%.1f", 100 * fair),
          tally.shedCalls(),
          tally.wrongResults(),
          tally.traps().isEmpty() ? "" : tally.traps());
    }
    out.println();
    boolean good = true;
    for (Check check : checks) {
      out.println((check.good() ? "  ok    " : "  FAIL  ") + check.what() + ": " + check.detail());
      good &= check.good();
    }
    return good;
  }

  private void checkOutcomes() {
    long calls = 0;
    long wrong = 0;
    Map<String, Long> errors = new HashMap<>();
    boolean everybodyServed = true;
    for (Actor actor : cast) {
      CallCounts tally = tallies.getOrDefault(actor.tenant(), CallCounts.none());
      calls += tally.okCalls();
      wrong += tally.wrongResults();
      Map<String, Long> failed = tally.errors();
      if (actor.tenant().equals("spinner")) {
        // Its deadline may pass before it spins.
        failed.remove(TOO_LATE);
      }
      failed.forEach((reason, count) -> errors.merge(reason, count, Long::sum));
      boolean villain = actor.tenant().equals("spinner") || actor.tenant().equals("hog");
      if (!villain) {
        everybodyServed &= tally.okCalls() > 0;
      }
    }
    check(
        "results equal Java's own",
        wrong == 0 && everybodyServed,
        calls + " calls, " + wrong + " wrong");
    check("no call failed", errors.isEmpty(), errors.isEmpty() ? "none" : errors.toString());
    checkEnd("spinner", "DEADLINE_EXCEEDED");
    checkEnd("hog", "MEMORY_LIMIT");
    CallCounts metered = tallies.getOrDefault("hilbert", CallCounts.none());
    check("the rate quota sheds", metered.shedCalls() > 0, metered.shedCalls() + " calls shed");
  }

  private void checkEnd(String tenant, String kind) {
    Map<String, Long> traps = tallies.getOrDefault(tenant, CallCounts.none()).traps();
    boolean good =
        traps.keySet().equals(java.util.Set.of(kind)) && traps.getOrDefault(kind, 0L) > 0;
    check("the " + tenant + " ends with " + kind, good, traps.toString());
  }
}
