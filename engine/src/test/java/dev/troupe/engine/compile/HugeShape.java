package dev.troupe.engine.compile;

import dev.troupe.engine.testing.ByteWriter;

/**
 * Functions of any size whose shape is hard on some part of a compiler. Each is a module that
 * exports {@code f: [i32] -> [i32]}, which ends after a number of steps proportional to its size.
 */
enum HugeShape {
  /** One block of arithmetic over sixteen locals; the size is in instructions. */
  STRAIGHT(100_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(16);
      for (int i = 0; i < n / 4; i++) {
        w.get(i % 17).get(i * 7 % 17).op(w.arithmetic(i)).set(1 + i * 5 % 16);
      }
      w.sum(17);
    }
  },

  /** As many values at once on the operand stack. */
  DEEP_STACK(50_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(0);
      for (int i = 0; i < n; i++) {
        w.get(0).constant(i * 77).op(HugeBody.XOR);
      }
      for (int i = 1; i < n; i++) {
        w.op(HugeBody.ADD);
      }
    }
  },

  /** As many locals, all assigned before and inside of a loop. */
  LOCALS(24_900) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(n);
      for (int i = 1; i <= n; i++) {
        w.get(0).constant(i).op(HugeBody.ADD).set(i);
      }
      w.loop();
      for (int i = 1; i <= n; i++) {
        w.get(i).get(1 + i * 7 % n).op(HugeBody.XOR).set(i);
      }
      w.get(0).constant(1).op(HugeBody.SUB).tee(0).constant(0).op(HugeBody.GT_S).brIf(0).end();
      w.sum(n + 1);
    }
  },

  /** As many diamonds, with 500 values alive from the first to the last. */
  LIVE_THROUGH(5_000) {
    @Override
    void body(HugeBody w, int n) {
      int alive = 500;
      w.locals(alive + 2);
      for (int i = 1; i <= alive; i++) {
        w.get(0).constant(i).op(HugeBody.MUL).set(i);
      }
      diamonds(w, n, alive, 2);
      w.sum(alive + 3);
    }
  },

  /** A jump table with as many entries and eight targets. */
  TABLE(65_536) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(1);
      for (int i = 0; i < 8; i++) {
        w.block();
      }
      w.get(0).table(n, i -> i * 5 % 8);
      for (int i = 0; i < 8; i++) {
        w.end().get(1).constant(i).op(HugeBody.ADD).set(1);
      }
      w.get(1);
    }
  },

  /** A jump table with as many entries, each with a target of its own. */
  TABLE_DISTINCT(20_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(1);
      for (int i = 0; i < n; i++) {
        w.block();
      }
      w.get(0).table(n, i -> i);
      for (int i = 0; i < n; i++) {
        w.end().get(1).constant(i).op(HugeBody.XOR).set(1);
      }
      w.get(1);
    }
  },

  /** A jump table in a loop whose cases work on the same few locals: an interpreter. */
  INTERPRETER(10_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(8);
      w.loop();
      for (int i = 0; i <= n; i++) {
        w.block();
      }
      w.get(0).table(n + 1, i -> i);
      for (int i = 0; i < n; i++) {
        w.end().get(1 + i % 8).get(1 + i * 3 % 8).op(w.arithmetic(i)).constant(i);
        w.op(HugeBody.ADD).set(1 + i * 5 % 8).get(0).constant(1 + i % 3).op(HugeBody.ADD).set(0);
        w.br(n - i);
      }
      w.end().end();
      w.sum(9);
    }
  },

  /** Blocks inside of each other, with conditional branches to the outermost. */
  NESTED_BLOCKS(10_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(4);
      for (int i = 0; i < n; i++) {
        w.block().get(1 + i % 4).get(0).op(HugeBody.ADD).tee(1 + i % 4);
        w.constant(-3).op(HugeBody.EQ).brIf(i);
      }
      for (int i = 0; i < n; i++) {
        w.end().get(1 + i * 3 % 4).constant(i).op(HugeBody.XOR).set(1 + i * 3 % 4);
      }
      w.sum(5);
    }
  },

  /** Loops inside of each other, each left the first time round. */
  NESTED_LOOPS(1_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(8);
      for (int i = 0; i < n; i++) {
        w.loop().get(1 + i % 8).constant(1).op(HugeBody.ADD).set(1 + i % 8);
      }
      for (int i = 0; i < n; i++) {
        w.get(1 + i * 5 % 8).constant(-1 - i).op(HugeBody.EQ).brIf(0).end();
      }
      w.sum(9);
    }
  },

  /** Arms of conditionals inside of each other. */
  NESTED_ELSE(10_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(4);
      for (int i = 0; i < n; i++) {
        w.get(0).constant(i).op(HugeBody.EQ).begin(HugeBody.IF);
        w.get(1 + i % 4).constant(i).op(HugeBody.XOR).set(1 + i % 4).op(HugeBody.ELSE);
      }
      for (int i = 0; i < n; i++) {
        w.end();
      }
      w.sum(5);
    }
  },

  /** Conditionals one behind the other that assign two of eight locals. */
  DIAMONDS(10_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(8);
      diamonds(w, n, 0, 8);
      w.sum(9);
    }
  },

  /** Loops one behind the other. */
  LOOPS(5_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(8);
      for (int i = 0; i < n; i++) {
        int a = 1 + i % 7;
        w.constant(2).set(8).loop().get(a).get(1 + i * 3 % 7).op(w.arithmetic(i)).set(a);
        w.get(8).constant(1).op(HugeBody.SUB).tee(8).brIf(0).end();
      }
      w.sum(9);
    }
  },

  /** Conditional branches to one place with a value. */
  JOIN(10_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(4);
      w.begin(HugeBody.BLOCK, HugeBody.I32);
      for (int i = 0; i < n; i++) {
        w.get(1 + i % 4).get(0).op(w.arithmetic(i)).tee(1 + i % 4);
        w.get(1 + i * 3 % 4).constant(i + 5).op(HugeBody.EQ).brIf(0).set(1 + i * 5 % 4);
      }
      w.get(1).end();
      w.set(0).sum(5);
    }
  },

  /** Direct calls, with twenty values alive across all of them. */
  CALLS(20_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(20);
      for (int i = 0; i < n; i++) {
        w.get(i % 21).call().get(i * 3 % 21).op(HugeBody.XOR).set(1 + i % 20);
      }
      w.sum(21);
    }
  },

  /** Calls through a table. */
  INDIRECT_CALLS(10_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(4);
      for (int i = 0; i < n; i++) {
        w.get(i % 5).constant(0).callIndirect().set(1 + i % 4);
      }
      w.sum(5);
    }
  },

  /** Loads and stores at constant and computed addresses. */
  MEMORY(25_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(4);
      for (int i = 0; i < n; i++) {
        w.get(i % 5).constant(0xFFC).op(HugeBody.AND);
        w.get(i * 3 % 5).constant(0xFFC).op(HugeBody.AND).load(i * 4 % 4096).store(i * 8 % 4096);
        w.constant(0).load(i * 12 % 8192).set(1 + i % 4);
      }
      w.sum(5);
    }
  },

  /** Conditional moves. */
  SELECTS(20_000) {
    @Override
    void body(HugeBody w, int n) {
      w.locals(8);
      for (int i = 0; i < n; i++) {
        w.get(i % 9).constant(i).get(i * 5 % 9).get(i * 7 % 9).op(HugeBody.GT_S);
        w.op(HugeBody.SELECT).get(i * 3 % 9).op(HugeBody.ADD).set(1 + i % 8);
      }
      w.sum(9);
    }
  };

  private final int size;

  HugeShape(int size) {
    this.size = size;
  }

  /** The size that a compiler must be at ease with; what is counted depends on the shape. */
  int size() {
    return size;
  }

  /** Declares the locals and writes instructions that leave the result on the operand stack. */
  abstract void body(HugeBody w, int n);

  /** A module of size {@code n}. */
  byte[] module(int n) {
    HugeBody body = new HugeBody();
    body(body, n);
    return module(body.finish());
  }

  /** Conditionals that assign two of some locals in each arm. */
  private static void diamonds(HugeBody w, int n, int firstLocal, int locals) {
    for (int i = 0; i < n; i++) {
      int a = 1 + firstLocal + i % locals;
      int b = 1 + firstLocal + i * 3 % locals;
      w.get(0).get(a).op(HugeBody.GT_S).begin(HugeBody.IF);
      w.get(a).constant(i).op(HugeBody.ADD).set(a);
      w.get(b).get(a).op(HugeBody.XOR).set(b).op(HugeBody.ELSE);
      w.get(b).constant(i).op(HugeBody.SUB).set(a).end();
    }
  }

  private static byte[] module(ByteWriter body) {
    ByteWriter types = new ByteWriter().u32(1).u8(0x60).u32(1).u8(0x7F).u32(1).u8(0x7F);
    ByteWriter helper = new ByteWriter().u32(0).u8(0x20).u32(0);
    helper.u8(0x41).s64(-1640531527).u8(0x6C).u8(0x0B);
    return new ByteWriter()
        .header()
        .section(1, types)
        .section(3, new ByteWriter().u32(2).u32(0).u32(0))
        .section(4, new ByteWriter().u32(1).u8(0x70).u8(0).u32(1))
        .section(5, new ByteWriter().u32(1).u8(0).u32(1))
        .section(7, new ByteWriter().u32(1).name("f").u8(0).u32(0))
        .section(9, new ByteWriter().u32(1).u32(0).u8(0x41).u32(0).u8(0x0B).u32(1).u32(1))
        .section(10, new ByteWriter().u32(2).sized(body).sized(helper))
        .toBytes();
  }
}
