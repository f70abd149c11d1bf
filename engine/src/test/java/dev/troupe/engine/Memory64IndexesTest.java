package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.text.Wat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where checks of 64-bit indexes are shared or left out, the same accesses trap. */
class Memory64IndexesTest {
  private static final long LENGTH = 65_536;

  /** What every function does with its argument, as a body that leaves an i64. */
  private static final Map<String, String> BODIES = new LinkedHashMap<>();

  static {
    sums();
    loops();
    walksAndStores();
  }

  private static final long[] INDEXES = {
    0,
    1,
    7,
    8,
    15,
    16,
    24,
    64,
    4096,
    LENGTH - 80,
    LENGTH - 72,
    LENGTH - 71,
    LENGTH - 64,
    LENGTH - 16,
    LENGTH - 8,
    LENGTH - 7,
    LENGTH,
    69_999,
    70_000,
    1L << 31,
    (1L << 32) - 8,
    1L << 32,
    (1L << 34) - 72,
    (1L << 34) - 64,
    (1L << 34) - 8,
    1L << 34,
    (1L << 34) + 8,
    1L << 40,
    Long.MAX_VALUE - 64,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 16,
    -4096,
    -72,
    -65,
    -64,
    -63,
    -24,
    -16,
    -9,
    -8,
    -7,
    -1
  };

  private static final Set<String> STORING = Set.of("half", "changed");

  private static void sums() {
    BODIES.put(
        "behind",
        "(i64.add (i64.load (local.get 0)) (i64.load (i64.add (local.get 0) (i64.const 64))))");
    BODIES.put(
        "before",
        "(i64.add (i64.load (i64.add (local.get 0) (i64.const 64))) (i64.load (local.get 0)))");
    BODIES.put(
        "around",
        "(i64.add (i64.load (local.get 0)) (i64.load (i64.sub (local.get 0) (i64.const 8))))");
    BODIES.put(
        "half",
        """
        (i64.store (local.get 0) (i64.const 7))
        (i64.store (i64.add (local.get 0) (i64.const 8)) (i64.const 9))
        (i64.load offset=4 (local.get 0))
        """);
    BODIES.put(
        "pair",
        """
        (i64.add
          (i64.load offset=8 (i64.add (local.get 0) (i64.const 16)))
          (i64.load offset=24 (local.get 0)))
        """);
    BODIES.put(
        "far",
        """
        (i64.add
          (i64.load (local.get 0))
          (i64.load offset=16 (i64.add (local.get 0) (i64.const 0x7ffffffffffffff0))))
        """);
    BODIES.put(
        "wide",
        """
        (i64.load offset=0xFFFFFFFFFFFFFFF8
          (i64.add (i64.and (local.get 0) (i64.const 0xff)) (i64.const 16)))
        """);
    BODIES.put("masked", "(i64.load (i64.and (local.get 0) (i64.const 0x1ffff)))");
    BODIES.put(
        "guessed",
        """
        (if (result i64) (i64.lt_s (local.get 0) (i64.const 70000))
          (then (i64.load (local.get 0)))
          (else (i64.const -1)))
        """);
  }

  private static void loops() {
    BODIES.put(
        "up",
        """
        (loop $l
          (local.set 2 (i64.add (local.get 2) (i64.load (local.get 1))))
          (local.set 1 (i64.add (local.get 1) (i64.const 8)))
          (br_if $l (i64.lt_u (local.get 1) (local.get 0))))
        (local.get 2)
        """);
    BODIES.put(
        "from",
        """
        (local.set 1 (local.get 0))
        (loop $l
          (local.set 2 (i64.add (local.get 2) (i64.load (local.get 1))))
          (local.set 1 (i64.add (local.get 1) (i64.const 8)))
          (br_if $l (i64.lt_u (local.get 1) (i64.const 70000))))
        (local.get 2)
        """);
    BODIES.put(
        "based",
        """
        (loop $l
          (local.set 2 (i64.add (local.get 2)
            (i64.load (i64.add (local.get 0) (i64.shl (local.get 1) (i64.const 3))))))
          (local.set 1 (i64.add (local.get 1) (i64.const 1)))
          (br_if $l (i64.lt_u (local.get 1) (i64.const 1024))))
        (local.get 2)
        """);
    BODIES.put(
        "down",
        """
        (local.set 1 (i64.const 4096))
        (loop $l
          (local.set 1 (i64.sub (local.get 1) (i64.const 8)))
          (local.set 2 (i64.add (local.get 2) (i64.load (i64.add (local.get 0) (local.get 1)))))
          (br_if $l (i64.gt_s (local.get 1) (i64.const 0))))
        (local.get 2)
        """);
    BODIES.put(
        "counted",
        """
        (loop $l
          (local.set 2 (i64.add (local.get 2) (i64.load (local.get 1))))
          (local.set 1 (i64.add (local.get 1) (i64.const 8)))
          (br_if $l (i64.lt_u (local.get 1) (i64.const 65600))))
        (local.get 2)
        """);
  }

  private static void walksAndStores() {
    BODIES.put(
        "walk",
        """
        (local.set 1 (local.get 0))
        (loop $l
          (local.set 2 (i64.add (local.get 2) (i64.load (i64.add (local.get 1) (i64.const 8)))))
          (local.set 1 (i64.load (local.get 1)))
          (br_if $l (i64.lt_u (local.get 2) (i64.const 1000000))))
        (local.get 2)
        """);
    BODIES.put(
        "changed",
        """
        (i64.atomic.store (local.get 0) (i64.const 3))
        (i64.atomic.rmw.add (i64.add (local.get 0) (i64.const 8)) (i64.const 5))
        """);
  }

  private static byte[] module() {
    StringBuilder text = new StringBuilder("(module (memory (export \"m\") i64 1 1)\n");
    BODIES.forEach((name, body) ->
        text.append(
                "(func (export \"%s\") (param i64) (result i64) (local i64 i64)\n".formatted(name))
            .append(body)
            .append(")\n"));
    return Wat.toBinary(text.append(')').toString());
  }

  /** Every word is the address of another one. */
  private static void fill(Memory memory) {
    for (long address = 0; address < LENGTH; address += 8) {
      memory.putLong(address, (address * 3 + 1000) % LENGTH & -8);
    }
  }

  private static long sum(Memory memory) {
    long sum = 0;
    for (long address = 0; address < LENGTH; address += 8) {
      sum = sum * 31 + memory.getLong(address);
    }
    return sum;
  }

  /** Results and traps of all functions at all indexes, and what is in memory afterwards. */
  private static List<String> outcomes(EngineConfig.Builder config) {
    List<String> outcomes = new ArrayList<>();
    try (Engine engine = Engine.create(config.build());
        Store<Object> store = Store.create(engine, new Object());
        Module module = Module.fromBinary(engine, module())) {
      Instance instance = Linker.<Object>create(engine).instantiate(store, module);
      Memory memory = instance.memory("m");
      fill(memory);
      for (String name : BODIES.keySet()) {
        for (long index : INDEXES) {
          String outcome;
          try {
            outcome = instance.func(name).call(Value.i64(index)).toString();
          } catch (TrapException trap) {
            outcome = trap.kind().toString();
          }
          outcomes.add("%s %x: %s".formatted(name, index, outcome));
          if (STORING.contains(name)) {
            outcomes.add("memory %x".formatted(sum(memory)));
            fill(memory);
          }
        }
      }
    }
    return outcomes;
  }

  @Test
  void sharedAndOmittedChecksTrapAtTheSameIndexes() {
    List<String> expected =
        outcomes(EngineConfig.builder().traps(TrapMode.EXPLICIT).optimize(false));
    assertThat(expected).anyMatch(s -> s.contains("OUT_OF_BOUNDS"));
    assertThat(outcomes(EngineConfig.builder())).isEqualTo(expected);
    assertThat(outcomes(EngineConfig.builder().spectre(false))).isEqualTo(expected);
    assertThat(outcomes(EngineConfig.builder().traps(TrapMode.EXPLICIT))).isEqualTo(expected);
    assertThat(outcomes(EngineConfig.builder().optimize(false))).isEqualTo(expected);
    assertThat(outcomes(EngineConfig.builder().optimize(false).spectre(false))).isEqualTo(expected);
    assertThat(outcomes(EngineConfig.builder().guardBytes(LENGTH))).isEqualTo(expected);
    assertThat(outcomes(EngineConfig.builder().guardBytes(LENGTH).spectre(false)))
        .isEqualTo(expected);
    assertThat(outcomes(EngineConfig.builder().isa(Set.of()))).isEqualTo(expected);
  }
}
