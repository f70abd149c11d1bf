package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.TypeDescriptor;
import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.Subtyping;
import dev.troupe.engine.wasm.TypeGroupKey;
import dev.troupe.engine.wasm.TypeHierarchy;
import dev.troupe.engine.wasm.TypeRewriter;
import dev.troupe.engine.wasm.TypeSection;
import dev.troupe.engine.wasm.ValType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The types of an engine: recursion groups that are equal, whatever modules they come from, are one
 * group here, so that types are compared by comparing integers. Thread-safe.
 *
 * <p>A type has an <em>index</em>, which stands in the {@link RefType}s of what belongs to a store
 * (tables, globals, functions), and an <em>id</em>, which compiled code compares; the id is the
 * index times {@link TypeDescriptor#UNIT_BYTES}, and 0 is neither. A group lives as long as a
 * module that has it, or a function of the host with such a type, which are few and stay. Then
 * index and memory are used again: whoever can hold a reference of a type is an instance of a
 * module that has the type.
 */
public final class TypeRegistry implements TypeHierarchy, AutoCloseable {
  private static final long REGION_BYTES =
      (long) TypeDescriptor.MAX_UNITS * TypeDescriptor.UNIT_BYTES;
  private static final long COMMIT_BYTES = 256 << 10;

  /** A recursion group. Guarded by the registry. */
  static final class Group {
    private final TypeGroupKey key;
    private final Group[] uses;
    private final int[] indexes;
    private int holders;

    Group(TypeGroupKey key, Group[] uses, int[] indexes) {
      this.key = key;
      this.uses = uses;
      this.indexes = indexes;
    }
  }

  private record Entry(SubType type, int depth, Group group) {}

  private final long region = VirtualMemory.reserve(REGION_BYTES);
  private final Map<TypeGroupKey, Group> groups = new HashMap<>();
  private final Map<FuncType, Integer> hostIds = new ConcurrentHashMap<>();
  private final UnitAllocator units = new UnitAllocator(TypeDescriptor.MAX_UNITS);
  // Written under the lock; whoever has an index got it from the registry after the write.
  private volatile @Nullable Entry[] entries = new @Nullable Entry[64];
  private long committedBytes;
  private int typeCount;

  /** The id of the type with this index. */
  public static int idOf(int index) {
    return index * TypeDescriptor.UNIT_BYTES;
  }

  /** The index of the type with this id. */
  public static int indexOf(int id) {
    return Integer.divideUnsigned(id, TypeDescriptor.UNIT_BYTES);
  }

  /** Address of what ids are offsets into. */
  public long region() {
    return region;
  }

  /**
   * The types of a module, whose references and supertypes have been checked.
   *
   * @throws AllocationException when the engine has too many types
   */
  public InternedTypes intern(TypeSection types) {
    Group[] held = new Group[types.groupCount()];
    int[] indexes = new int[types.size()];
    int count = 0;
    try {
      for (; count < held.length; count++) {
        held[count] = intern(types, count, indexes);
      }
    } finally {
      if (count < held.length) {
        release(Arrays.copyOf(held, count));
      }
    }
    return new InternedTypes(this, held, indexes);
  }

  private synchronized Group intern(TypeSection types, int number, int[] indexes) {
    int start = types.groupStart(number);
    TypeGroupKey key = TypeGroupKey.of(types, number, type -> indexes[type]);
    Group group = groups.get(key);
    if (group != null) {
      System.arraycopy(group.indexes, 0, indexes, start, group.indexes.length);
    } else {
      group = define(key, types, number, indexes);
    }
    group.holders++;
    return group;
  }

  private Group define(TypeGroupKey key, TypeSection types, int number, int[] indexes) {
    int start = types.groupStart(number);
    int end = types.groupEnd(number);
    int[] depths = new int[end - start];
    int done = start;
    try {
      for (; done < end; done++) {
        SubType type = types.get(done);
        int depth = type.hasSupertype() ? depthBelow(type.supertype(), start, depths, indexes) : 0;
        depths[done - start] = depth;
        indexes[done] = allocate(depth);
      }
    } finally {
      if (done < end) {
        for (int i = start; i < done; i++) {
          units.free(indexes[i], TypeDescriptor.units(depths[i - start]));
        }
      }
    }
    TypeRewriter rewriter = new TypeRewriter(indexes);
    Group[] uses = usesOf(types, number, indexes);
    Group group = new Group(key, uses, Arrays.copyOfRange(indexes, start, end));
    for (Group used : uses) {
      used.holders++;
    }
    groups.put(key, group);
    for (int i = start; i < end; i++) {
      add(indexes[i], new Entry(rewriter.rewrite(types.get(i)), depths[i - start], group));
    }
    return group;
  }

  private int depthBelow(int supertype, int start, int[] depths, int[] indexes) {
    return 1 + (supertype >= start ? depths[supertype - start] : entry(indexes[supertype]).depth());
  }

  private int allocate(int depth) {
    int index = units.allocate(TypeDescriptor.units(depth));
    if (index == 0) {
      throw new AllocationException("no room for more types in this engine");
    }
    int bytes = TypeDescriptor.units(depth) * TypeDescriptor.UNIT_BYTES;
    boolean committed = false;
    try {
      // Now, when nothing refers to the type yet.
      commit(Integer.toUnsignedLong(idOf(index)) + bytes);
      committed = true;
    } catch (OsException e) {
      throw new AllocationException("the kernel refused memory for types", e);
    } finally {
      if (!committed) {
        units.free(index, TypeDescriptor.units(depth));
      }
    }
    return index;
  }

  private Group[] usesOf(TypeSection types, int number, int[] indexes) {
    int start = types.groupStart(number);
    return TypeRewriter.references(types, number)
        .filter(type -> type < start)
        .mapToObj(type -> entry(indexes[type]).group())
        .distinct()
        .toArray(Group[]::new);
  }

  private void add(int index, Entry entry) {
    @Nullable Entry[] known = entries;
    if (index >= known.length) {
      known = Arrays.copyOf(known, Math.max(index + 1, known.length * 2));
    }
    known[index] = entry;
    entries = known;
    typeCount++;
    int size = TypeDescriptor.units(entry.depth()) * TypeDescriptor.UNIT_BYTES;
    long descriptor = region + Integer.toUnsignedLong(idOf(index));
    RawMemory.fill(descriptor, size, (byte) 0);
    RawMemory.putByte(
        descriptor + TypeDescriptor.KIND,
        (byte) entry.type().composite().compositeKind().ordinal());
    RawMemory.putByte(descriptor + TypeDescriptor.DEPTH, (byte) entry.depth());
    int ancestor = index;
    for (int depth = entry.depth(); depth >= 0; depth--) {
      RawMemory.putInt(descriptor + TypeDescriptor.displayEntry(depth), idOf(ancestor));
      ancestor = entry(ancestor).type().supertype();
    }
  }

  private void commit(long bytes) {
    if (bytes > committedBytes) {
      long wanted = Math.min(REGION_BYTES, Math.ceilDiv(bytes, COMMIT_BYTES) * COMMIT_BYTES);
      VirtualMemory.protect(
          region + committedBytes, wanted - committedBytes, Protection.READ_WRITE);
      committedBytes = wanted;
    }
  }

  private Entry entry(int index) {
    @Nullable Entry[] known = entries;
    Entry entry = index > 0 && index < known.length ? known[index] : null;
    if (entry == null) {
      throw new IllegalArgumentException("the engine has no type " + index);
    }
    return entry;
  }

  /** One holder less of each; later groups before those that they refer to. */
  synchronized void release(Group[] held) {
    for (int i = held.length - 1; i >= 0; i--) {
      release(held[i]);
    }
  }

  private void release(Group group) {
    if (--group.holders != 0) {
      return;
    }
    groups.remove(group.key);
    for (int index : group.indexes) {
      units.free(index, TypeDescriptor.units(entry(index).depth()));
      entries[index] = null;
      typeCount--;
    }
    for (Group used : group.uses) {
      release(used);
    }
  }

  /**
   * The id of the type of a host's function; type indexes in it are the engine's. Such types stay:
   * there are as many as the embedder's code has.
   *
   * @throws IllegalArgumentException when it names a type that the engine does not have
   */
  public int idOfHost(FuncType type) {
    Integer known = hostIds.get(type);
    return known != null ? known : hostIds.computeIfAbsent(type, this::internHost);
  }

  private synchronized int internHost(FuncType type) {
    SubType declared = SubType.of(type);
    TypeGroupKey key = TypeGroupKey.ofCanonical(declared);
    Group group = groups.get(key);
    if (group == null) {
      Group[] uses =
          TypeRewriter.references(type)
              .mapToObj(index -> entry(index).group())
              .distinct()
              .toArray(Group[]::new);
      group = new Group(key, uses, new int[] {allocate(0)});
      for (Group used : uses) {
        used.holders++;
      }
      groups.put(key, group);
      add(group.indexes[0], new Entry(declared, 0, group));
    }
    group.holders++;
    return idOf(group.indexes[0]);
  }

  /** The type with this index; type indexes in it are the engine's. */
  public SubType typeOf(int index) {
    return entry(index).type();
  }

  /** The function type with this id. */
  public FuncType functionOf(int id) {
    if (typeOf(indexOf(id)).composite() instanceof FuncType type) {
      return type;
    }
    throw new IllegalArgumentException("type " + id + " is no function type");
  }

  @Override
  public CompositeType.Kind kindOf(int type) {
    return typeOf(type).composite().compositeKind();
  }

  @Override
  public int supertypeOf(int type) {
    return typeOf(type).supertype();
  }

  /** Whether a value of type {@code actual} may stand for {@code wanted}; both of this engine. */
  public boolean matches(ValType actual, ValType wanted) {
    return Subtyping.matches(actual.code(), wanted.code(), this);
  }

  /** Whether the type with id {@code actual} is that with id {@code wanted}, or extends it. */
  public boolean extendsType(int actual, int wanted) {
    return actual == wanted || Subtyping.isSubtype(indexOf(actual), indexOf(wanted), this);
  }

  /** Number of distinct types. */
  public synchronized int size() {
    return typeCount;
  }

  /** Gives the descriptors' memory back. No instance exists any more. */
  @Override
  public void close() {
    VirtualMemory.unmap(region, REGION_BYTES);
  }
}
