package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.GuestCode;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Values of all types on their way into guests, out to the host, and back: by stubs of their own
 * signature, and by the generic ones that all further signatures share.
 */
class SignaturesTest {
  private static final List<ValType> TYPES =
      List.of(NumType.I32, NumType.I64, NumType.F32, NumType.F64, VecType.V128, RefType.EXTERNREF);

  /** More than get stubs of their own. */
  private static final int DEPLOYMENTS = 3;

  private static final int SIGNATURES = 240;

  /** Values of a type that gets no stubs of its own. */
  private static final int MANY_VALUES = 40;

  private final Random random = new Random(7);

  private List<ValType> types(int most) {
    List<ValType> types = new ArrayList<>();
    int count = random.nextInt(most + 1);
    // A few types only, so that often one kind of registers is used up, or none of it.
    int first = random.nextInt(TYPES.size());
    int kinds = 1 + random.nextInt(TYPES.size());
    for (int i = 0; i < count; i++) {
      types.add(TYPES.get((first + random.nextInt(kinds)) % TYPES.size()));
    }
    return types;
  }

  private Value value(ValType type) {
    return switch (type) {
      case NumType number ->
          switch (number) {
            case I32 -> Value.i32(random.nextInt());
            case I64 -> Value.i64(random.nextLong());
            case F32 -> new Value.F32(random.nextInt());
            case F64 -> new Value.F64(random.nextLong());
          };
      case VecType _ -> Value.v128(random.nextLong(), random.nextLong());
      case RefType _ -> Value.externRef(random.nextBoolean() ? "text" : null);
    };
  }

  private List<Value> values(List<ValType> types) {
    return types.stream().map(this::value).toList();
  }

  private static String list(String keyword, List<ValType> types) {
    StringBuilder text = new StringBuilder();
    for (ValType type : types) {
      text.append(" (").append(keyword).append(' ').append(type.text()).append(')');
    }
    return text.toString();
  }

  /**
   * For each signature: a call of the host, and a function that returns its parameters reversed.
   */
  private static String module(List<FuncType> signatures) {
    StringBuilder imports = new StringBuilder("(module");
    StringBuilder functions = new StringBuilder();
    for (int i = 0; i < signatures.size(); i++) {
      FuncType type = signatures.get(i);
      String params = list("param", type.params());
      imports.append("(import \"h\" \"f%1$d\" (func $h%1$d".formatted(i)).append(params);
      imports.append(list("result", type.results())).append("))\n");
      functions.append("(func (export \"call%d\")".formatted(i)).append(params);
      functions.append(list("result", type.results()));
      for (int p = 0; p < type.paramCount(); p++) {
        functions.append(" (local.get ").append(p).append(')');
      }
      functions.append(" (call $h").append(i).append("))\n");
      List<ValType> reversed = type.params().reversed();
      functions.append("(func (export \"reverse%d\")".formatted(i)).append(params);
      functions.append(list("result", reversed));
      for (int p = type.paramCount() - 1; p >= 0; p--) {
        functions.append(" (local.get ").append(p).append(')');
      }
      functions.append(")\n");
    }
    return imports.append(functions).append(")").toString();
  }

  private record Expected(List<Value> arguments, List<Value> results) {}

  /** Deploys signatures, and calls each in every way that there is. */
  private void deploy(Engine engine, int count, int mostValues) {
    List<FuncType> signatures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      signatures.add(new FuncType(types(mostValues), types(mostValues)));
    }
    Linker<String> linker = Linker.create(engine);
    List<Expected> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FuncType type = signatures.get(i);
      Expected values = new Expected(values(type.params()), values(type.results()));
      expected.add(values);
      linker.func(
          "h",
          "f" + i,
          type,
          (_, call) -> {
            List<Value> seen = new ArrayList<>();
            for (int p = 0; p < type.paramCount(); p++) {
              seen.add(call.value(p));
            }
            assertThat(seen).isEqualTo(values.arguments());
            for (int r = 0; r < type.resultCount(); r++) {
              call.result(r, values.results().get(r));
            }
          });
    }
    try (Module module = Module.fromText(engine, module(signatures));
        Store<String> store = Store.create(engine, "");
        Carrier carrier = engine.attachCarrier()) {
      Instance instance = linker.instantiate(store, module);
      for (int i = 0; i < count; i++) {
        Expected values = expected.get(i);
        String what = signatures.get(i).toString();
        assertThat(instance.func("call" + i).call(values.arguments()))
            .as(what)
            .isEqualTo(values.results());
        List<Value> reversed = new ArrayList<>(values.arguments());
        Collections.reverse(reversed);
        assertThat(instance.func("reverse" + i).call(values.arguments()))
            .as(what)
            .isEqualTo(reversed);
        Invocation invocation = instance.func("call" + i).start(values.arguments());
        SliceOutcome outcome = SliceOutcome.PREEMPTED;
        while (outcome == SliceOutcome.PREEMPTED) {
          outcome = invocation.runSlice(carrier);
        }
        assertThat(invocation.results()).as(what).isEqualTo(values.results());
      }
    }
  }

  /** However many signatures come, and however long they are: the code for them is bounded. */
  @Test
  void manyDeploymentsOfOtherSignaturesTakeNoMoreCode() {
    try (Engine engine = Engine.create()) {
      for (int i = 0; i < DEPLOYMENTS; i++) {
        deploy(engine, SIGNATURES, 10);
      }
      long used = GuestCode.instance().usedBytes();
      assertThat(used).isLessThan(1 << 20);
      deploy(engine, 60, 16);
      deploy(engine, 20, 300);
      assertThat(GuestCode.instance().usedBytes()).isEqualTo(used);
    }
  }

  @Test
  void nobodyLacksStubsAfterwards() {
    try (Engine engine = Engine.create()) {
      deploy(engine, 5, 100);
      deploy(engine, 5, 5);
    }
  }

  /** An exception leaves the host through the generic trampoline; what the frame keeps is there. */
  @Test
  void exceptionsPassLongSignatures() {
    int count = 60;
    FuncType type =
        new FuncType(Collections.nCopies(count, NumType.I64), List.of(RefType.EXTERNREF));
    StringBuilder arguments = new StringBuilder();
    for (int i = 0; i < count; i++) {
      arguments.append(" (i64.add (local.get 0) (i64.const %d))".formatted(i));
    }
    String text =
        """
        (module
          (import "h" "e" (tag $e (param i64)))
          (import "h" "wide" (func $wide%1$s (result externref)))
          (func (export "run") (param i64) (result i64)
            (local $kept i64)
            (local.set $kept (i64.mul (local.get 0) (i64.const 3)))
            (i64.add (local.get $kept)
              (block $h (result i64)
                (try_table (catch $e $h)
                  (drop (call $wide%2$s)))
                (i64.const 5)))))
        """
            .formatted(list("param", type.params()), arguments);
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<String> store = Store.create(engine, "")) {
      Tag tag = Tag.create(store, List.of(NumType.I64));
      Linker<String> linker = Linker.create(engine);
      linker.define("h", "e", tag);
      linker.func(
          "h",
          "wide",
          type,
          (_, call) -> {
            if (call.i64(count - 1) % 2 == 0) {
              throw new GuestException(tag, List.of(Value.i64(call.i64(0))));
            }
          });
      Func run = linker.instantiate(store, module).func("run");
      assertThat(run.call(Value.i64(1))).containsExactly(Value.i64(4));
      assertThat(run.call(Value.i64(2))).containsExactly(Value.i64(11));
    }
  }

  /** One table serves all types that are passed alike, however many a module declares. */
  @Test
  void declaredTypesShareWhatTellsTheGenericStubs() {
    try (Engine engine = Engine.create();
        Store<String> store = Store.create(engine, "")) {
      long[] tables = new long[8];
      for (int i = 0; i < tables.length; i++) {
        RefType declared = new RefType(true, new ConcreteHeapType(i));
        FuncType type = FuncType.of(Collections.nCopies(MANY_VALUES, declared), List.of());
        tables[i] = store.internal().moves(type);
      }
      assertThat(tables).containsOnly(tables[0]);
    }
  }

  /** What a guest's imports take of such tables is its store's. */
  @Test
  void importsPayForWhatTellsTheGenericStubs() {
    FuncType type = FuncType.of(Collections.nCopies(MANY_VALUES, NumType.I32), List.of());
    String text = "(module (import \"h\" \"f\" (func" + list("param", type.params()) + ")))";
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<String> paying = Store.create(engine, "");
        Store<String> poor =
            Store.create(engine, "", StoreLimits.UNLIMITED.withMaxMemoryBytes(8))) {
      Linker<String> linker = Linker.create(engine);
      linker.func("h", "f", type, (_, _) -> {});
      assertThat(linker.instantiate(paying, module).exports()).isEmpty();
      assertThat(paying.usage().memoryBytes()).isPositive();
      assertThatThrownBy(() -> linker.instantiate(poor, module))
          .isInstanceOf(InstantiationException.class)
          .hasCauseInstanceOf(AllocationException.class);
    }
  }
}
