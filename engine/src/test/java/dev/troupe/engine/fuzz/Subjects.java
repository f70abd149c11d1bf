package dev.troupe.engine.fuzz;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.differential.Slicer;
import dev.troupe.engine.runtime.exec.Carrier;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/** The engine in every configuration that makes other code, or runs it another way. */
final class Subjects {
  private Subjects() {}

  /** A configuration with the fuzzer's features. */
  static EngineConfig.Builder config() {
    return EngineConfig.builder()
        .features(FuzzCase.FEATURES)
        .relaxedSimdDeterministic(true)
        .compileThreads(1);
  }

  /**
   * All configurations; the first is the default one. The compiler's own checks, which take most of
   * the time, are on in two of them.
   */
  static List<Subject> engines() {
    List<Subject> subjects = new ArrayList<>();
    subjects.add(plain("signals", config().debugChecks(true)));
    subjects.add(plain("explicit", config().debugChecks(true).traps(TrapMode.EXPLICIT)));
    subjects.add(plain("unoptimized", config().optimize(false)));
    subjects.add(plain("epoch", config().preemption(PreemptionMode.EPOCH)));
    subjects.add(plain("checked", config().guardBytes(65536).spectre(false)));
    subjects.add(plain("fuel", config().fuel(true)));
    subjects.add(plain("sse", config().isa(IsaFeature.none())));
    subjects.add(plain("avx", config().isa(EnumSet.of(IsaFeature.AVX))));
    subjects.add(
        plain(
            "explicit unoptimized",
            config().traps(TrapMode.EXPLICIT).optimize(false).spectre(false)));
    subjects.add(preempted("preempted", config()));
    subjects.add(preempted("preempted explicit", config().traps(TrapMode.EXPLICIT)));
    Engine writer = Engine.create(config().build());
    Engine reader = Engine.create(config().build());
    subjects.add(new EngineSubject("reloaded", writer, reader, null, () -> {}));
    return subjects;
  }

  private static Subject plain(String name, EngineConfig.Builder config) {
    return new EngineSubject(name, Engine.create(config.build()), null, null, () -> {});
  }

  private static Subject preempted(String name, EngineConfig.Builder config) {
    Engine engine = Engine.create(config.build());
    Carrier carrier = engine.attachCarrier();
    return new EngineSubject(name, engine, null, new Slicer(carrier), carrier);
  }
}
