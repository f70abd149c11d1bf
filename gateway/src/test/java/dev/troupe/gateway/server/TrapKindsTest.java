package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.port.TrapReason;
import dev.troupe.functions.v1.GuestException;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.Trap;
import dev.troupe.functions.v1.TrapKind;
import io.grpc.StatusException;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every way in which a function can stop has a name of its own on the wire. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrapKindsTest {
  private static final String MODULE =
      """
      (module
        (type $empty (func))
        (type $point (struct (field i32)))
        (type $line (array i32))
        (memory (export "memory") 1)
        (table 2 funcref)
        (elem (i32.const 0) $takes)
        (func $takes (param i32))
        (tag $plain (export "none"))
        (tag $pair (export "two") (param i32 f64))
        (tag $hidden (param i64))
        (tag $object (export "thing") (param (ref null $point)))
        (func (export "unreachable") (unreachable))
        (func $deep (export "stack_overflow") (call $deep))
        (func (export "memory_out_of_bounds") (drop (i32.load (i32.const 65536))))
        (func (export "table_out_of_bounds") (drop (table.get (i32.const 2))))
        (func (export "undefined_element") (call_indirect (type $empty) (i32.const 9)))
        (func (export "indirect_call_to_null") (call_indirect (type $empty) (i32.const 1)))
        (func (export "bad_signature") (call_indirect (type $empty) (i32.const 0)))
        (func (export "integer_overflow")
          (drop (i32.div_s (i32.const 0x80000000) (i32.const -1))))
        (func (export "integer_division_by_zero") (drop (i32.div_s (i32.const 1) (i32.const 0))))
        (func (export "bad_conversion_to_integer") (drop (i32.trunc_f32_s (f32.const nan))))
        (func (export "heap_misaligned") (drop (i32.atomic.load (i32.const 2))))
        (func (export "atomic_wait_non_shared_memory")
          (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const 0))))
        (func (export "null_reference") (drop (ref.as_non_null (ref.null any))))
        (func (export "null_function") (call_ref $empty (ref.null $empty)))
        (func (export "null_i31") (drop (i31.get_s (ref.null i31))))
        (func (export "null_structure") (drop (struct.get $point 0 (ref.null $point))))
        (func (export "null_array") (drop (array.get $line (ref.null $line) (i32.const 0))))
        (func (export "null_exception") (throw_ref (ref.null exn)))
        (func (export "array_out_of_bounds")
          (drop (array.get $line (array.new_default $line (i32.const 3)) (i32.const 3))))
        (func (export "cast_failure")
          (drop (ref.cast (ref $line) (struct.new_default $point))))
        (func (export "uncaught_exception") (throw $plain))
        (func (export "pair") (throw $pair (i32.const -7) (f64.const 0.5)))
        (func (export "hidden") (throw $hidden (i64.const 5)))
        (func (export "object") (throw $object (ref.null $point)))
        (func (export "rethrown")
          (block $caught (result exnref)
            (try_table (catch_all_ref $caught) (throw $pair (i32.const 1) (f64.const 2)))
            (unreachable))
          (throw_ref))
        (func (export "caught") (result i32)
          (block $caught (result i32 f64)
            (try_table (catch $pair $caught) (throw $pair (i32.const 9) (f64.const 2)))
            (unreachable))
          (drop)))
      """;

  private final TestServer server;

  TrapKindsTest(@TempDir Path data) {
    server = TestServer.start(data);
  }

  @BeforeAll
  void deploy() throws StatusException {
    var _ = server.createTenant("acme", TenantQuotas.newBuilder());
    var _ = server.deploy("acme", "f", MODULE);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Trap trap(String export) {
    InvokeResponse response = server.invoke(TestServer.request("acme", "f", export));
    assertThat(response.hasTrap()).as(response.toString()).isTrue();
    return response.getTrap();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unreachable",
        "stack_overflow",
        "memory_out_of_bounds",
        "table_out_of_bounds",
        "undefined_element",
        "indirect_call_to_null",
        "bad_signature",
        "integer_overflow",
        "integer_division_by_zero",
        "bad_conversion_to_integer",
        "heap_misaligned",
        "atomic_wait_non_shared_memory",
        "null_reference",
        "null_function",
        "null_i31",
        "null_structure",
        "null_array",
        "null_exception",
        "array_out_of_bounds",
        "cast_failure",
        "uncaught_exception"
      })
  void trapHasItsName(String name) {
    Trap trap = trap(name);
    assertThat(trap.getKind().name()).isEqualTo("TRAP_KIND_" + name.toUpperCase(Locale.ROOT));
    assertThat(trap.getBacktraceList()).isNotEmpty();
  }

  @Test
  void reasonsAndKindsHaveTheSameNames() {
    for (TrapReason reason : TrapReason.values()) {
      assertThat(CallMessages.kind(reason).name()).isEqualTo("TRAP_KIND_" + reason.name());
    }
    // All but UNSPECIFIED and UNRECOGNIZED.
    assertThat(TrapKind.values()).hasSize(TrapReason.values().length + 2);
  }

  @Test
  void exceptionComesWithItsTagAndItsValues() {
    GuestException plain = trap("uncaught_exception").getException();
    assertThat(plain.getTagName()).isEqualTo("none");
    assertThat(plain.getTagIndex()).isZero();
    assertThat(plain.hasTagIndex()).isTrue();
    assertThat(plain.hasValues()).isTrue();
    assertThat(plain.getValues().getValuesList()).isEmpty();
    GuestException pair = trap("pair").getException();
    assertThat(pair.getTagName()).isEqualTo("two");
    assertThat(pair.getTagIndex()).isEqualTo(1);
    assertThat(pair.getValues().getValues(0).getI32()).isEqualTo(-7);
    assertThat(pair.getValues().getValues(1).getF64()).isEqualTo(0.5);
    assertThat(trap("rethrown").getException().getTagName()).isEqualTo("two");
    GuestException hidden = trap("hidden").getException();
    assertThat(hidden.getTagName()).isEmpty();
    assertThat(hidden.getTagIndex()).isEqualTo(2);
    assertThat(hidden.getValues().getValues(0).getI64()).isEqualTo(5);
  }

  @Test
  void whatIsNoNumberStaysInTheGuest() {
    GuestException object = trap("object").getException();
    assertThat(object.getTagName()).isEqualTo("thing");
    assertThat(object.hasValues()).isFalse();
  }

  @Test
  void whatTheGuestCatchesIsNoTrap() {
    InvokeResponse response = server.invoke(TestServer.request("acme", "f", "caught"));
    assertThat(response.getResults().getValues(0).getI32()).isEqualTo(9);
    assertThat(trap("unreachable").hasException()).isFalse();
  }
}
