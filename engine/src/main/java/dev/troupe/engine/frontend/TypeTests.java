package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.TypeDescriptor;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.HeapType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.TypeSection;

/**
 * Whether a reference is of some type at run time. A final type is one comparison of ids; another
 * one a comparison with an entry of the display of the type at hand, see {@link TypeDescriptor}.
 */
final class TypeTests {
  private final TranslationState state;

  TypeTests(TranslationState state) {
    this.state = state;
  }

  /** An i32: whether a reference, which may be null, is of a type. */
  int test(int reference, HeapType target, boolean nullable) {
    return switch (target) {
      case AbstractHeapType kind -> test(reference, kind, nullable);
      case ConcreteHeapType concrete -> {
        int type = concrete.typeIndex();
        yield isFunction(type)
            ? unlessNull(reference, nullable, () -> isType(idOf(reference), type))
            : ifObject(reference, nullable, () -> isType(idOf(reference), type));
      }
    };
  }

  private int test(int reference, AbstractHeapType kind, boolean nullable) {
    return switch (kind) {
      case FUNC, EXTERN, ANY, EXN -> nullable ? state.i32(1) : state.not(state.isNull(reference));
      case NO_FUNC, NO_EXTERN, NONE, NO_EXN -> nullable ? state.isNull(reference) : state.i32(0);
      case I31 -> {
        int isI31 = masked(reference, GcLayout.I31_BIT);
        yield nullable ? or(isI31, state.isNull(reference)) : isI31;
      }
      case EQ -> {
        int host = state.i32(GcLayout.HOST_TAG);
        int isHost = state.builder.icmp(IntCondition.EQ, SsaType.I32, tag(reference), host);
        yield state.not(nullable ? isHost : or(isHost, state.isNull(reference)));
      }
      case STRUCT ->
          ifObject(reference, nullable, () -> isKind(reference, CompositeType.Kind.STRUCT));
      case ARRAY ->
          ifObject(reference, nullable, () -> isKind(reference, CompositeType.Kind.ARRAY));
    };
  }

  /** Traps unless a reference is of a type. */
  void cast(int reference, HeapType target, boolean nullable) {
    if (!(target instanceof ConcreteHeapType concrete)) {
      state.builder.trapIf(state.not(test(reference, target, nullable)), TrapKind.CAST_FAILURE);
    } else if (nullable) {
      state.skipIf(state.isNull(reference), () -> castObject(reference, concrete.typeIndex()));
    } else {
      castObject(reference, concrete.typeIndex());
    }
  }

  private void castObject(int reference, int type) {
    if (!isFunction(type)) {
      state.builder.trapIf(tag(reference), TrapKind.CAST_FAILURE);
    }
    state.trapIfNull(reference, TrapKind.CAST_FAILURE);
    requireType(idOf(reference), type, TrapKind.CAST_FAILURE);
  }

  /** Traps unless the id is that of a type or of one that extends it. */
  void requireType(int id, int type, TrapKind kind) {
    state.builder.trapIf(compareType(IntCondition.NE, id, type), kind);
  }

  /** The engine-wide id of the type of what a reference refers to, which is there. */
  int idOf(int reference) {
    return state.function.valueType(reference) == SsaType.REF
        ? state.builder.fieldLoad(
            SsaType.I32, MemoryAccess.INT32_U, Region.INSTANCE, reference, GcLayout.TYPE_ID)
        : state.builder.rawLoad(
            SsaType.I32, MemoryAccess.INT32_U, Region.INSTANCE, reference, FuncRefLayout.TYPE_ID);
  }

  private boolean isFunction(int type) {
    return state.context.module().compositeType(type).compositeKind() == CompositeType.Kind.FUNC;
  }

  private int isType(int id, int type) {
    return compareType(IntCondition.EQ, id, type);
  }

  private int compareType(IntCondition condition, int id, int type) {
    TypeSection types = state.context.module().types();
    int wanted =
        state.builder.ctxLoad(
            SsaType.I32, MemoryAccess.INT32_U, Region.INSTANCE, state.layout().typeId(type));
    if (types.get(type).isFinal()) {
      return state.builder.icmp(condition, SsaType.I32, id, wanted);
    }
    int depth = depth(types, type);
    int descriptor = descriptor(id);
    if (depth < TypeDescriptor.INLINE_LEVELS) {
      return compareEntry(condition, descriptor, depth, wanted);
    }
    int deep = deepMatch(descriptor, depth, wanted);
    return condition == IntCondition.EQ ? deep : state.not(deep);
  }

  private int compareEntry(IntCondition condition, int descriptor, int depth, int wanted) {
    int entry =
        state.builder.rawLoad(
            SsaType.I32,
            MemoryAccess.INT32_U,
            Region.INSTANCE,
            descriptor,
            TypeDescriptor.displayEntry(depth));
    return state.builder.icmp(condition, SsaType.I32, entry, wanted);
  }

  // Only a type that is deep enough has the entry.
  private int deepMatch(int descriptor, int depth, int wanted) {
    int actual =
        state.builder.rawLoad(
            SsaType.I32, MemoryAccess.INT8_U, Region.INSTANCE, descriptor, TypeDescriptor.DEPTH);
    int shallow = state.builder.icmp(IntCondition.ULT, SsaType.I32, actual, state.i32(depth));
    return state.unless(shallow, 0, () -> compareEntry(IntCondition.EQ, descriptor, depth, wanted));
  }

  private static int depth(TypeSection types, int type) {
    int depth = 0;
    for (SubType at = types.get(type); at.hasSupertype(); at = types.get(at.supertype())) {
      depth++;
    }
    return depth;
  }

  private int descriptor(int id) {
    return state.add(state.instanceField(InstanceLayout.TYPES), state.widen(id));
  }

  private int isKind(int reference, CompositeType.Kind kind) {
    int actual =
        state.builder.rawLoad(
            SsaType.I32,
            MemoryAccess.INT8_U,
            Region.INSTANCE,
            descriptor(idOf(reference)),
            TypeDescriptor.KIND);
    return state.builder.icmp(IntCondition.EQ, SsaType.I32, actual, state.i32(kind.ordinal()));
  }

  private int unlessNull(int reference, boolean nullable, TranslationState.Computation test) {
    return state.unless(state.isNull(reference), nullable ? 1 : 0, test);
  }

  /** The test of an object of the store's heap; small integers and host objects fail. */
  private int ifObject(int reference, boolean nullable, TranslationState.Computation test) {
    return unlessNull(reference, nullable, () -> state.unless(tag(reference), 0, test));
  }

  private int tag(int reference) {
    return masked(reference, GcLayout.TAG_MASK);
  }

  private int masked(int reference, int mask) {
    int low = state.lowBits(reference);
    return state.builder.binary(SsaOp.IAND, SsaType.I32, low, state.i32(mask));
  }

  private int or(int left, int right) {
    return state.builder.binary(SsaOp.IOR, SsaType.I32, left, right);
  }
}
