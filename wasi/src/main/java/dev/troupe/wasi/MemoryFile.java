package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;

/** An open file of {@link MemoryFiles}, with a place of its own. */
final class MemoryFile extends Descriptor {
  private static final int PAGE_BYTES = MemoryNode.File.PAGE_BYTES;
  private static final int LAST_ADVICE = 5;

  private final WasiContext context;
  private final MemoryFiles files;
  private final MemoryNode.File node;
  private long position;

  MemoryFile(WasiContext context, MemoryFiles files, MemoryNode.File node, int flags, long base) {
    super(FileType.REGULAR_FILE, flags, base, 0);
    this.context = context;
    this.files = files;
    this.node = node;
    node.opened(1);
  }

  @Override
  long read(long address, long bytes) {
    long count = readAt(address, bytes, position);
    position += count;
    return count;
  }

  @Override
  long write(long address, long bytes) {
    if ((flags() & FdFlags.APPEND) != 0) {
      position = node.size();
    }
    long count = put(address, bytes, position);
    position += count;
    return count;
  }

  @Override
  long readAt(long address, long bytes, long offset) {
    long count = Math.max(0, Math.min(bytes, node.size() - offset));
    for (long done = 0; done < count; ) {
      long at = offset + done;
      int within = (int) (at % PAGE_BYTES);
      int part = (int) Math.min(count - done, PAGE_BYTES - within);
      byte[] page = node.page(at / PAGE_BYTES);
      if (page == null) {
        node.readMissing(address + done, part, at);
      } else {
        RawMemory.copyIn(page, within, address + done, part);
      }
      done += part;
    }
    return count;
  }

  @Override
  long writeAt(long address, long bytes, long offset) {
    // As on Linux: what is open for appending appends, whatever the offset.
    return put(address, bytes, (flags() & FdFlags.APPEND) != 0 ? node.size() : offset);
  }

  /** Writes as much as there is room for. */
  private long put(long address, long bytes, long offset) {
    if (bytes > Long.MAX_VALUE - offset) {
      throw WasiError.of(WasiErrno.FBIG);
    }
    long done = 0;
    while (done < bytes) {
      long at = offset + done;
      int within = (int) (at % PAGE_BYTES);
      int part = (int) Math.min(bytes - done, PAGE_BYTES - within);
      byte[] page;
      try {
        page = files.writable(node, at / PAGE_BYTES);
      } catch (WasiError full) {
        if (done == 0) {
          throw full;
        }
        break;
      }
      RawMemory.copyOut(address + done, page, within, part);
      done += part;
    }
    if (done > 0) {
      files.resize(node, Math.max(node.size(), offset + done));
      touched();
    }
    return done;
  }

  private void touched() {
    node.touch(new FileTimes(FileTimes.KEEP, FileTimes.NOW), context.realtimeNanos());
  }

  @Override
  long seek(long offset, int whence) {
    long from =
        switch (whence) {
          case 0 -> 0;
          case 1 -> position;
          default -> node.size();
        };
    long target = from + offset;
    if (target < 0) {
      throw WasiError.of(offset > 0 ? WasiErrno.OVERFLOW : WasiErrno.INVAL);
    }
    position = target;
    return target;
  }

  @Override
  void sync() {
    // There is no device.
  }

  @Override
  void advise(long offset, long bytes, int advice) {
    if (advice < 0 || advice > LAST_ADVICE || offset < 0 || bytes < 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
  }

  @Override
  void allocate(long offset, long bytes) {
    files.reserve(node, offset / PAGE_BYTES, (offset + bytes - 1) / PAGE_BYTES);
    files.resize(node, Math.max(node.size(), offset + bytes));
    touched();
  }

  @Override
  long size() {
    return node.size();
  }

  @Override
  void setSize(long bytes) {
    files.resize(node, bytes);
    touched();
  }

  @Override
  void setTimes(FileTimes times) {
    node.touch(times, context.realtimeNanos());
  }

  @Override
  long readable() {
    return Math.max(0, node.size() - position);
  }

  @Override
  void filestat(long address) {
    node.filestat(address);
  }

  @Override
  void close() {
    node.opened(-1);
    if (!node.isOpen()) {
      node.closeLower();
    }
    files.released(node);
  }
}
