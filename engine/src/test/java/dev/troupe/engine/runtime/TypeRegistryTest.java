package dev.troupe.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TypeDescriptor;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FieldType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.StructType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.TypeSection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Types of an engine: equal groups are one, displays lead to all supertypes, nothing stays. */
class TypeRegistryTest {
  private static final FuncType NOTHING = new FuncType(List.of(), List.of());

  private final TypeRegistry registry = new TypeRegistry();

  @AfterEach
  void close() {
    registry.close();
  }

  private static RefType reference(int type) {
    return new RefType(true, new ConcreteHeapType(type));
  }

  private static SubType open(int supertype, RefType... fields) {
    List<FieldType> types = new ArrayList<>();
    for (RefType field : fields) {
      types.add(new FieldType(field, false));
    }
    return new SubType(false, supertype, new StructType(types));
  }

  /** Two types that refer to each other, behind {@code before} other types. */
  private static TypeSection pair(int before) {
    TypeSection.Builder types = new TypeSection.Builder();
    for (int i = 0; i < before; i++) {
      types.add(new FuncType(List.of(), List.of(NumType.I32)));
    }
    types.addGroup(
        List.of(
            open(SubType.NO_SUPERTYPE, reference(before + 1)),
            open(SubType.NO_SUPERTYPE, reference(before))));
    return types.build();
  }

  @Test
  void equalGroupsOfTwoModulesAreTheSameTypes() {
    InternedTypes first = registry.intern(pair(0));
    InternedTypes second = registry.intern(pair(3));
    assertThat(second.id(3)).isEqualTo(first.id(0));
    assertThat(second.id(4)).isEqualTo(first.id(1)).isNotEqualTo(first.id(0));
    assertThat(second.id(1)).isEqualTo(second.id(0));
    assertThat(registry.size()).isEqualTo(3);
  }

  @Test
  void aTypeAloneIsNotTheSameTypeInAGroup() {
    TypeSection.Builder alone = new TypeSection.Builder();
    alone.add(NOTHING);
    TypeSection.Builder together = new TypeSection.Builder();
    together.addGroup(List.of(SubType.of(NOTHING), SubType.of(NOTHING)));
    InternedTypes one = registry.intern(alone.build());
    InternedTypes two = registry.intern(together.build());
    assertThat(List.of(one.id(0), two.id(0), two.id(1))).doesNotHaveDuplicates();
  }

  @Test
  void displaysHoldAllSupertypesHoweverDeep() {
    TypeSection.Builder types = new TypeSection.Builder();
    for (int depth = 0; depth < 64; depth++) {
      types.addGroup(List.of(open(depth - 1)));
    }
    InternedTypes chain = registry.intern(types.build());
    for (int type = 0; type < 64; type++) {
      long descriptor = registry.region() + Integer.toUnsignedLong(chain.id(type));
      assertThat(RawMemory.getByte(descriptor + TypeDescriptor.DEPTH)).isEqualTo((byte) type);
      for (int depth = 0; depth <= type; depth++) {
        assertThat(RawMemory.getInt(descriptor + TypeDescriptor.displayEntry(depth)))
            .isEqualTo(chain.id(depth));
        assertThat(registry.extendsType(chain.id(type), chain.id(depth))).isTrue();
      }
      for (int depth = type + 1; depth < TypeDescriptor.INLINE_LEVELS; depth++) {
        assertThat(RawMemory.getInt(descriptor + TypeDescriptor.displayEntry(depth))).isZero();
      }
    }
    assertThat(registry.extendsType(chain.id(3), chain.id(4))).isFalse();
  }

  @Test
  void groupsGoWithTheirLastModuleAndTheirPlaceIsUsedAgain() {
    InternedTypes first = registry.intern(pair(1));
    InternedTypes second = registry.intern(pair(1));
    int id = first.id(1);
    first.release();
    assertThat(registry.size()).isEqualTo(3);
    assertThat(second.id(1)).isEqualTo(id);
    second.release();
    assertThat(registry.size()).isZero();
    assertThatThrownBy(() -> registry.typeOf(TypeRegistry.indexOf(id)))
        .isInstanceOf(IllegalArgumentException.class);
    for (int i = 0; i < 10_000; i++) {
      InternedTypes again = registry.intern(pair(1));
      assertThat(Integer.compareUnsigned(again.id(2), 3 * TypeDescriptor.UNIT_BYTES))
          .isLessThanOrEqualTo(0);
      again.release();
    }
  }

  @Test
  void typesOfTheHostKeepWhatTheyReferTo() {
    InternedTypes module = registry.intern(pair(0));
    int index = module.index(0);
    FuncType type = new FuncType(List.of(reference(index)), List.of());
    int id = registry.idOfHost(type);
    module.release();
    assertThat(registry.functionOf(id)).isEqualTo(type);
    assertThat(registry.typeOf(index).composite()).isInstanceOf(StructType.class);
    assertThat(registry.idOfHost(type)).isEqualTo(id);
  }

  @Test
  void aHostCannotNameTypesThatAreNot() {
    FuncType type = new FuncType(List.of(reference(77)), List.of());
    assertThatThrownBy(() -> registry.idOfHost(type)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void threadsThatInternAndReleaseAgree() throws InterruptedException, ExecutionException {
    List<Callable<Boolean>> work = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      int before = t;
      work.add(() -> {
        boolean same = true;
        for (int i = 0; i < 2_000; i++) {
          InternedTypes one = registry.intern(pair(before));
          InternedTypes two = registry.intern(pair(before + 1));
          same &= one.id(before) == two.id(before + 1);
          one.release();
          two.release();
        }
        return same;
      });
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Boolean> result : threads.invokeAll(work)) {
        assertThat(result.get()).isTrue();
      }
    }
    assertThat(registry.size()).isZero();
  }
}
