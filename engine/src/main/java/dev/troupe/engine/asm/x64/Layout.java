package dev.troupe.engine.asm.x64;

import java.util.Arrays;

/**
 * Places the variable-length pieces of a function: branches, which are short where they reach, and
 * alignment padding.
 *
 * <p>Bytes of fixed length go to a raw buffer; the variable pieces ("items") stand between them and
 * occupy no raw bytes. A position is therefore a raw offset and the number of items before it, and
 * its final offset is the raw offset plus the size of those items.
 *
 * <p>All branches start short; those that do not reach grow, until nothing changes. Branches only
 * grow, so this ends, and the last round has checked every short one.
 */
final class Layout {
  private static final int ALIGN = -1;
  private static final int SHORT_BYTES = 2;

  private int itemCount;
  private int[] itemRaw = new int[16];

  /** Ordinal of the branch row, or {@link #ALIGN}. */
  private int[] itemKind = new int[16];

  /** Target label of a branch, or the alignment in bytes. */
  private int[] itemTarget = new int[16];

  private int[] itemCondition = new int[16];
  private boolean[] itemLong = new boolean[16];

  /** Size of the first {@code i} items. */
  private int[] sizeBefore = new int[17];

  private int positionCount;
  private int[] positionRaw = new int[32];
  private int[] positionItems = new int[32];
  private int maxAlignment = 1;

  void clear() {
    itemCount = 0;
    positionCount = 0;
    maxAlignment = 1;
  }

  int itemCount() {
    return itemCount;
  }

  int maxAlignment() {
    return maxAlignment;
  }

  /** Reserves a position that is not yet known. */
  int newPosition() {
    if (positionCount == positionRaw.length) {
      positionRaw = Arrays.copyOf(positionRaw, positionCount * 2);
      positionItems = Arrays.copyOf(positionItems, positionCount * 2);
    }
    positionRaw[positionCount] = -1;
    return positionCount++;
  }

  boolean isSet(int position) {
    return positionRaw[position] >= 0;
  }

  /** Sets a position to "here". */
  void set(int position, int raw) {
    positionRaw[position] = raw;
    positionItems[position] = itemCount;
  }

  /** Final offset of a position; valid after {@link #relax()}. */
  int offset(int position) {
    int raw = positionRaw[position];
    if (raw < 0) {
      throw new IllegalStateException("label " + position + " is used but not bound");
    }
    return raw + sizeBefore[positionItems[position]];
  }

  /** Final offset of a raw offset with this number of items before it. */
  int offset(int raw, int items) {
    return raw + sizeBefore[items];
  }

  void branch(int raw, X64Op op, int condition, int label) {
    addItem(raw, op.ordinal(), label, condition);
  }

  void align(int raw, int alignment) {
    maxAlignment = Math.max(maxAlignment, alignment);
    addItem(raw, ALIGN, alignment, 0);
  }

  private void addItem(int raw, int kind, int target, int condition) {
    if (itemCount == itemRaw.length) {
      int capacity = itemCount * 2;
      itemRaw = Arrays.copyOf(itemRaw, capacity);
      itemKind = Arrays.copyOf(itemKind, capacity);
      itemTarget = Arrays.copyOf(itemTarget, capacity);
      itemCondition = Arrays.copyOf(itemCondition, capacity);
      itemLong = Arrays.copyOf(itemLong, capacity);
      sizeBefore = Arrays.copyOf(sizeBefore, capacity + 1);
    }
    itemRaw[itemCount] = raw;
    itemKind[itemCount] = kind;
    itemTarget[itemCount] = target;
    itemCondition[itemCount] = condition;
    itemLong[itemCount] = false;
    itemCount++;
  }

  /** Decides the size of every item. */
  void relax() {
    do {
      for (int i = 0; i < itemCount; i++) {
        sizeBefore[i + 1] = sizeBefore[i] + size(i);
      }
    } while (grow());
  }

  private int size(int item) {
    if (itemKind[item] == ALIGN) {
      return -(itemRaw[item] + sizeBefore[item]) & itemTarget[item] - 1;
    }
    return itemLong[item] ? longBytes(X64Op.of(itemKind[item])) : SHORT_BYTES;
  }

  private static int longBytes(X64Op op) {
    return op == X64Op.JMP ? 5 : 6;
  }

  private boolean grow() {
    boolean grown = false;
    for (int i = 0; i < itemCount; i++) {
      if (itemKind[i] == ALIGN || itemLong[i]) {
        continue;
      }
      int distance = offset(itemTarget[i]) - (itemRaw[i] + sizeBefore[i] + SHORT_BYTES);
      if (distance != (byte) distance) {
        itemLong[i] = true;
        grown = true;
      }
    }
    return grown;
  }

  /** Writes the raw bytes with the items between them. */
  byte[] write(CodeBuffer raw) {
    CodeBuffer out = new CodeBuffer();
    int done = 0;
    for (int i = 0; i < itemCount; i++) {
      out.put(raw.array(), done, itemRaw[i] - done);
      done = itemRaw[i];
      writeItem(out, i);
    }
    out.put(raw.array(), done, raw.size() - done);
    return Arrays.copyOf(out.array(), out.size());
  }

  private void writeItem(CodeBuffer out, int item) {
    int size = sizeBefore[item + 1] - sizeBefore[item];
    if (itemKind[item] == ALIGN) {
      Nops.put(out, size);
      return;
    }
    X64Encoding encoding = X64Op.of(itemKind[item]).row().encodings[itemLong[item] ? 1 : 0];
    int distance = offset(itemTarget[item]) - (out.size() + size);
    if (encoding.map != 0) {
      out.put8(0x0F);
    }
    out.put8(encoding.opcode + (encoding.conditionInOpcode ? itemCondition[item] : 0));
    out.putLow(distance, encoding.relativeBytes);
  }
}
