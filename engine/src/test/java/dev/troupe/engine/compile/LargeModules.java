package dev.troupe.engine.compile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/** Modules as large as those of other toolchains. */
final class LargeModules {
  static final int FUNCTIONS = 20_000;
  static final int BODY_BYTES = 1550;
  private static final int LOCALS = 8;
  private static final int FUNCTION_SECTION = 3;
  private static final int CODE_SECTION = 10;
  private static final byte[] PREAMBLE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private LargeModules() {}

  /** A module that is generated: the same each time. */
  static byte[] generated(int functions, int bodyBytes) {
    Random random = new Random(1);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREAMBLE);
    section(out, 1, bytes(1, 0x60, 1, 0x7F, 1, 0x7F));
    ByteArrayOutputStream types = new ByteArrayOutputStream();
    number(types, functions);
    for (int i = 0; i < functions; i++) {
      types.write(0);
    }
    section(out, 3, types);
    section(out, 5, bytes(1, 0, 16));
    ByteArrayOutputStream exports = bytes(1, 3, 'r', 'u', 'n', 0);
    number(exports, functions - 1);
    section(out, 7, exports);
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    number(code, functions);
    for (int i = 0; i < functions; i++) {
      ByteArrayOutputStream body = body(random, i, bodyBytes);
      number(code, body.size());
      code.writeBytes(body.toByteArray());
    }
    section(out, 10, code);
    return out.toByteArray();
  }

  /** A module with its functions so often that there are 20,000 of them in 30 MB. */
  static byte[] repeated(byte[] wasm) {
    ByteBuffer sections = ByteBuffer.wrap(wasm).position(PREAMBLE.length);
    ByteBuffer functions = ByteBuffer.allocate(0);
    ByteBuffer code = functions;
    while (sections.hasRemaining()) {
      int id = sections.get();
      ByteBuffer contents = take(sections);
      functions = id == FUNCTION_SECTION ? contents : functions;
      code = id == CODE_SECTION ? contents : code;
    }
    int count = number(functions.duplicate());
    int times =
        Math.max(FUNCTIONS / count, FUNCTIONS * BODY_BYTES / Math.max(1, code.remaining())) + 1;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREAMBLE);
    sections.position(PREAMBLE.length);
    while (sections.hasRemaining()) {
      int id = sections.get();
      ByteBuffer contents = take(sections);
      if (id != 0) {
        boolean repeats = id == FUNCTION_SECTION || id == CODE_SECTION;
        section(out, id, repeats ? repeated(contents, times) : copy(contents));
      }
    }
    return out.toByteArray();
  }

  private static ByteArrayOutputStream repeated(ByteBuffer vector, int times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, number(vector) * times);
    byte[] elements = copy(vector).toByteArray();
    for (int i = 0; i < times; i++) {
      out.writeBytes(elements);
    }
    return out;
  }

  private static ByteArrayOutputStream copy(ByteBuffer contents) {
    byte[] bytes = new byte[contents.remaining()];
    contents.get(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(bytes);
    return out;
  }

  private static ByteBuffer take(ByteBuffer in) {
    int bytes = number(in);
    ByteBuffer part = in.slice(in.position(), bytes);
    in.position(in.position() + bytes);
    return part;
  }

  private static int number(ByteBuffer in) {
    int value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7F) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }

  /** Arithmetic, loads and stores, branches and calls of functions before. */
  private static ByteArrayOutputStream body(Random random, int index, int bodyBytes) {
    ByteArrayOutputStream body = bytes(1, LOCALS - 1, 0x7F);
    int[] operations = {0x6A, 0x6B, 0x6C, 0x71, 0x72, 0x73, 0x74, 0x76, 0x46, 0x48};
    while (body.size() < bodyBytes) {
      int a = random.nextInt(LOCALS);
      int b = random.nextInt(LOCALS);
      int c = random.nextInt(LOCALS);
      switch (random.nextInt(12)) {
        case 0 -> body.writeBytes(new byte[] {0x20, (byte) a, 0x41, 0x3F, 0x71, 0x28, 2, 8, 0x21});
        case 1 -> {
          body.writeBytes(
              new byte[] {0x20, (byte) a, 0x41, 0x3F, 0x71, 0x20, (byte) b, 0x36, 2, 4});
          continue;
        }
        case 2 -> {
          // if (local a) { local c = local b }
          body.writeBytes(
              new byte[] {0x20, (byte) a, 0x04, 0x40, 0x20, (byte) b, 0x21, (byte) c, 0x0B});
          continue;
        }
        default -> {
          int operation = operations[random.nextInt(operations.length)];
          body.writeBytes(new byte[] {0x20, (byte) a, 0x20, (byte) b, (byte) operation, 0x21});
        }
      }
      body.write(c);
      if (index > 0 && random.nextInt(60) == 0) {
        // if (0) call: in the code, but never run.
        body.writeBytes(new byte[] {0x41, 0, 0x04, 0x40, 0x20, (byte) a, 0x10});
        number(body, random.nextInt(index));
        body.writeBytes(new byte[] {0x21, (byte) b, 0x0B});
      }
    }
    body.writeBytes(new byte[] {0x20, 0, 0x0B});
    return body;
  }

  private static ByteArrayOutputStream bytes(int... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : values) {
      out.write(value);
    }
    return out;
  }

  private static void section(ByteArrayOutputStream out, int id, ByteArrayOutputStream contents) {
    out.write(id);
    number(out, contents.size());
    out.writeBytes(contents.toByteArray());
  }

  private static void number(ByteArrayOutputStream out, int value) {
    int left = value;
    for (; left >>> 7 != 0; left >>>= 7) {
      out.write(left & 0x7F | 0x80);
    }
    out.write(left);
  }
}
