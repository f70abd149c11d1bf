package dev.troupe.engine.fuzz;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.differential.Slicer;
import dev.troupe.engine.runtime.MemoryAllocator;
import dev.troupe.engine.runtime.StackAllocator;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.ssa.pass.PassPipeline;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The engine in every configuration that makes other code, or runs it another way. A group is what
 * runs the same code: a case is compiled once for all of it.
 */
final class Subjects implements AutoCloseable {
  private static final int NOW_AND_THEN = 8;

  private final List<List<Subject>> groups = new ArrayList<>();
  private final List<Subject> sometimes = new ArrayList<>();
  private final List<Subject> all = new ArrayList<>();
  private final List<AutoCloseable> owned = new ArrayList<>();

  /** All configurations; the first one is the default. */
  Subjects() {
    signals();
    both("explicit", config().traps(TrapMode.EXPLICIT));
    // The compiler's own checks take most of the time.
    plain("verified", config().debugChecks(true));
    plain("verified explicit", config().debugChecks(true).traps(TrapMode.EXPLICIT));
    both("unoptimized", config().optimize(false));
    both("epoch", config().preemption(PreemptionMode.EPOCH));
    both("no spectre", config().spectre(false));
    both("checked", config().guardBytes(65536).spectre(false));
    both("fuel", config().fuel(true));
    both("sse", config().isa(IsaFeature.none()));
    both("avx", config().isa(EnumSet.of(IsaFeature.AVX)));
    plain("without inlining", config().withoutPasses(Set.of("inlining")));
    for (String pass : PassPipeline.optional()) {
      plain("without " + pass, config().withoutPasses(Set.of(pass)));
    }
    both("explicit unoptimized", config().traps(TrapMode.EXPLICIT).optimize(false).spectre(false));
  }

  /** Other engines: V8 where there is one, and Endive's interpreter. */
  static List<Subject> foreign(@Nullable V8 v8) {
    return v8 == null
        ? List.of(new EndiveSubject())
        : List.of(new V8Subject(v8), new EndiveSubject());
  }

  /** A configuration with the fuzzer's features. */
  private static EngineConfig.Builder config() {
    return EngineConfig.builder()
        .features(FuzzCase.FEATURES)
        .relaxedSimdDeterministic(true)
        .compileThreads(1);
  }

  private void signals() {
    Compilation signals = compilation(config());
    List<Subject> subjects = new ArrayList<>();
    subjects.add(EngineSubject.undisturbed("signals", signals));
    subjects.add(EngineSubject.sliced("signals preempted", signals, slicer(signals)));
    subjects.add(EngineSubject.collecting("signals collecting", signals));
    ServiceLoader.load(MemoryAllocator.class)
        .findFirst()
        .ifPresent(memories -> subjects.addAll(pooled(memories, signals)));
    group(subjects.toArray(Subject[]::new));
    sometimes.add(EngineSubject.loaded("reloaded", signals, Engine.create(config().build())));
    all.addAll(sometimes);
  }

  /** On memories and stacks from the pool, where it is on the class path. */
  private List<Subject> pooled(MemoryAllocator memories, Compilation signals) {
    StackAllocator stacks = ServiceLoader.load(StackAllocator.class).findFirst().orElseThrow();
    owned.add(stacks);
    owned.add(memories);
    EngineConfig config = config().memoryAllocator(memories).stackAllocator(stacks).build();
    Compilation pooled = new Compilation(Engine.create(config), signals::artifact);
    owned.add(pooled);
    return List.of(
        EngineSubject.undisturbed("pooled", pooled),
        EngineSubject.sliced("pooled preempted", pooled, slicer(pooled)));
  }

  private void plain(String name, EngineConfig.Builder config) {
    group(EngineSubject.undisturbed(name, compilation(config)));
  }

  private void both(String name, EngineConfig.Builder config) {
    Compilation compilation = compilation(config);
    group(
        EngineSubject.undisturbed(name, compilation),
        EngineSubject.sliced(name + " preempted", compilation, slicer(compilation)));
  }

  private Compilation compilation(EngineConfig.Builder config) {
    Compilation compilation = new Compilation(Engine.create(config.build()));
    owned.add(compilation);
    return compilation;
  }

  private Slicer slicer(Compilation compilation) {
    Carrier carrier = compilation.engine().attachCarrier();
    owned.add(carrier);
    return new Slicer(carrier);
  }

  private void group(Subject... subjects) {
    groups.add(List.of(subjects));
    all.addAll(List.of(subjects));
  }

  /** Without the optimizing passes. */
  Subject unoptimized() {
    return all.stream().filter(s -> s.name().equals("unoptimized")).findFirst().orElseThrow();
  }

  /** All of them. */
  List<Subject> all() {
    return all;
  }

  /**
   * Some of them: everything that runs the default code, and what runs the code of other groups,
   * which come up in turn.
   *
   * @param groupCount how many groups
   */
  List<Subject> some(long turn, int groupCount) {
    List<Subject> chosen = new ArrayList<>();
    for (int i = 0; i < Math.min(groupCount, groups.size()); i++) {
      int others = groups.size() - 1;
      int group = i == 0 ? 0 : 1 + Math.floorMod(turn * (groupCount - 1) + i, others);
      chosen.addAll(groups.get(group));
    }
    if (groupCount > 0 && turn % NOW_AND_THEN == 0) {
      chosen.addAll(sometimes);
    }
    return chosen;
  }

  @Override
  public void close() {
    all.forEach(Subject::close);
    for (AutoCloseable closeable : owned.reversed()) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot close " + closeable, e);
      }
    }
  }
}
