package dev.troupe.engine.ssa;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.TrapKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/**
 * A small world for random functions: 64 bytes of linear memory, 256 of instance, callees that hash
 * their arguments and scribble over memory. Its text is everything that a caller could observe.
 */
public final class RecordingMachine implements SsaMachine {
  private static final long INSTANCE = 0x1000;

  /** The callee that only looks at its argument. */
  public static final int OBSERVER = 9;

  private final ByteBuffer memory = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
  private final ByteBuffer instance = ByteBuffer.allocate(256).order(ByteOrder.LITTLE_ENDIAN);
  private final StringBuilder log = new StringBuilder();

  /** A world whose bytes come from {@code seed}. */
  public RecordingMachine(long seed) {
    Random random = new Random(seed);
    random.nextBytes(memory.array());
    random.nextBytes(instance.array());
  }

  /** Runs a function and describes the outcome; the step limit is part of no outcome. */
  public static String observe(SsaFunction function, long seed, long[] arguments, long steps) {
    RecordingMachine machine = new RecordingMachine(seed);
    String end;
    try {
      end = Arrays.toString(SsaInterpreter.run(function, machine, arguments, steps));
    } catch (Trap e) {
      end = e.kind().toString();
    }
    return machine.log
        + end
        + " memory "
        + Arrays.hashCode(machine.memory.array())
        + " instance "
        + Arrays.hashCode(machine.instance.array());
  }

  private static long get(ByteBuffer from, int at, int bytes) {
    return switch (bytes) {
      case 1 -> from.get(at) & 0xFF;
      case 2 -> from.getShort(at) & 0xFFFF;
      case 4 -> from.getInt(at) & 0xFFFF_FFFFL;
      default -> from.getLong(at);
    };
  }

  private static void put(ByteBuffer to, int at, int bytes, long value) {
    switch (bytes) {
      case 1 -> to.put(at, (byte) value);
      case 2 -> to.putShort(at, (short) value);
      case 4 -> to.putInt(at, (int) value);
      default -> to.putLong(at, value);
    }
  }

  private int checked(long index, long offset, int bytes) {
    long limit = (long) memory.capacity() - bytes;
    if (index < 0 || index > limit || offset < 0 || offset > limit - index) {
      throw new Trap(TrapKind.MEMORY_OUT_OF_BOUNDS);
    }
    return (int) (index + offset);
  }

  @Override
  public long load(int memoryIndex, long index, long offset, int bytes) {
    return get(memory, checked(index, offset, bytes), bytes);
  }

  @Override
  public void store(int memoryIndex, long index, long offset, int bytes, long value) {
    put(memory, checked(index, offset, bytes), bytes, value);
  }

  @Override
  public long contextLoad(int offset, int bytes) {
    return get(instance, offset, bytes);
  }

  @Override
  public void contextStore(int offset, int bytes, long value) {
    put(instance, offset, bytes, value);
  }

  @Override
  public long contextAddress(int offset) {
    return INSTANCE + offset;
  }

  @Override
  public long rawLoad(long address, int offset, int bytes) {
    return get(instance, (int) (address - INSTANCE) + offset, bytes);
  }

  @Override
  public void rawStore(long address, int offset, int bytes, long value) {
    put(instance, (int) (address - INSTANCE) + offset, bytes, value);
  }

  private long[] called(String callee, long[] arguments) {
    log.append(callee).append(Arrays.toString(arguments)).append('\n');
    if (callee.equals("call " + OBSERVER)) {
      return new long[0];
    }
    long hash = callee.hashCode();
    for (long argument : arguments) {
      hash = hash * 31 + argument;
    }
    hash = hash * 0x9E37_79B9_7F4A_7C15L ^ Arrays.hashCode(memory.array());
    memory.putLong((int) (hash & 7), hash);
    instance.putInt((int) (hash >>> 8 & 15), (int) hash);
    instance.putInt(128 + (int) (hash >>> 16 & 15), (int) hash);
    if ((hash >>> 20 & 15) == 0) {
      throw new Trap(TrapKind.HOST_ERROR);
    }
    return new long[] {hash, ~hash, hash >>> 7};
  }

  @Override
  public long[] call(int function, long[] arguments) {
    return called("call " + function, arguments);
  }

  @Override
  public long[] callIndirect(long code, long instanceAddress, long[] arguments) {
    return called("indirect " + code + " " + instanceAddress, arguments);
  }

  @Override
  public long[] callBuiltin(Builtin builtin, long[] arguments) {
    return called(builtin.name(), arguments);
  }
}
