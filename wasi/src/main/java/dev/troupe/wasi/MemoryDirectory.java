package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.wasi.MemoryNode.Folder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** An open directory of {@link MemoryFiles}. Errors are those of Linux, as far as there are any. */
final class MemoryDirectory extends DirectoryDescriptor {
  /** Places of the entries that every directory has. */
  private static final int SELF = 1;

  private static final int PARENT = 2;

  private final WasiContext context;
  private final MemoryFiles files;
  private final Folder folder;
  private final byte @Nullable [] preopenName;

  MemoryDirectory(
      WasiContext context,
      MemoryFiles files,
      Folder folder,
      int flags,
      long base,
      long inheriting,
      byte @Nullable [] preopenName) {
    super(flags, base, inheriting);
    this.context = context;
    this.files = files;
    this.folder = folder;
    this.preopenName = preopenName;
    folder.opened(1);
  }

  @Override
  byte[] preopenName() {
    return preopenName == null ? super.preopenName() : preopenName;
  }

  private MemoryWalk walk(GuestPath path, boolean follow) {
    return MemoryWalk.of(folder, path, follow);
  }

  private long now() {
    return context.realtimeNanos();
  }

  private void changed(Folder parent) {
    parent.touch(new FileTimes(FileTimes.KEEP, FileTimes.NOW), now());
  }

  // ---------------------------------------------------------------- opening

  @Override
  Descriptor open(GuestPath path, OpenRequest request) {
    boolean create = request.has(OpenRequest.CREATE);
    boolean exclusive = create && request.has(OpenRequest.EXCLUSIVE);
    MemoryWalk walk =
        create
            ? MemoryWalk.toFile(folder, path, request.follow() && !exclusive)
            : walk(path, request.follow());
    MemoryNode node = walk.node();
    if (node == null) {
      if (!create) {
        throw WasiError.of(WasiErrno.NOENT);
      }
      MemoryNode.File made = files.newFile(now());
      walk.parent().add(walk.name(), made);
      changed(walk.parent());
      return new MemoryFile(
          context, files, made, request.fdFlags(), request.base() & Rights.REGULAR);
    }
    if (exclusive) {
      throw WasiError.of(WasiErrno.EXIST);
    }
    return switch (node) {
      case MemoryNode.Link _ ->
          throw WasiError.of(
              request.has(OpenRequest.DIRECTORY) ? WasiErrno.NOTDIR : WasiErrno.LOOP);
      case Folder opened -> openFolder(opened, request);
      case MemoryNode.File file -> openFile(file, request, walk.directoryWanted());
    };
  }

  private Descriptor openFolder(Folder opened, OpenRequest request) {
    boolean writes = (request.base() & Rights.NEED_WRITING) != 0;
    boolean asDirectory = request.has(OpenRequest.DIRECTORY);
    if (request.has(OpenRequest.CREATE | OpenRequest.TRUNCATE) || writes && !asDirectory) {
      throw WasiError.of(WasiErrno.ISDIR);
    }
    return new MemoryDirectory(
        context,
        files,
        opened,
        request.fdFlags(),
        request.base() & Rights.DIRECTORY,
        request.inheriting(),
        null);
  }

  private Descriptor openFile(MemoryNode.File file, OpenRequest request, boolean slash) {
    if (slash || request.has(OpenRequest.DIRECTORY)) {
      throw WasiError.of(WasiErrno.NOTDIR);
    }
    if (request.has(OpenRequest.TRUNCATE)) {
      files.resize(file, 0);
      file.touch(new FileTimes(FileTimes.KEEP, FileTimes.NOW), now());
    }
    return new MemoryFile(context, files, file, request.fdFlags(), request.base() & Rights.REGULAR);
  }

  // ---------------------------------------------------------------- paths

  @Override
  void filestat(GuestPath path, boolean follow, long address) {
    walk(path, follow).existing().filestat(address);
  }

  @Override
  void setTimes(GuestPath path, boolean follow, FileTimes times) {
    walk(path, follow).existing().touch(times, now());
  }

  @Override
  void makeDirectory(GuestPath path) {
    MemoryWalk walk = MemoryWalk.toName(folder, path, WasiErrno.EXIST);
    if (walk.node() != null) {
      throw WasiError.of(WasiErrno.EXIST);
    }
    walk.parent().add(walk.name(), files.newFolder(now()));
    changed(walk.parent());
  }

  @Override
  void removeDirectory(GuestPath path) {
    MemoryWalk walk = MemoryWalk.toName(folder, path, WasiErrno.INVAL);
    if (!(walk.any() instanceof Folder gone)) {
      throw WasiError.of(WasiErrno.NOTDIR);
    }
    if (!gone.isEmpty()) {
      throw WasiError.of(WasiErrno.NOTEMPTY);
    }
    remove(walk, gone);
  }

  @Override
  void unlink(GuestPath path) {
    MemoryWalk walk = MemoryWalk.toName(folder, path, WasiErrno.ISDIR);
    MemoryNode gone = walk.any();
    if (gone instanceof Folder) {
      throw WasiError.of(WasiErrno.ISDIR);
    }
    if (walk.directoryWanted()) {
      throw WasiError.of(WasiErrno.NOTDIR);
    }
    remove(walk, gone);
  }

  private void remove(MemoryWalk walk, MemoryNode gone) {
    walk.parent().remove(walk.name());
    files.nameGone(gone);
    changed(walk.parent());
  }

  @Override
  long readLink(GuestPath path, long address, long bytes) {
    if (!(walk(path, false).existing() instanceof MemoryNode.Link link)) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    byte[] target = link.target().getBytes(StandardCharsets.UTF_8);
    int count = (int) Math.min(bytes, target.length);
    RawMemory.copyIn(target, 0, address, count);
    return count;
  }

  @Override
  void symbolicLink(GuestPath target, GuestPath path) {
    if (target.isAbsolute()) {
      throw WasiError.of(WasiErrno.PERM);
    }
    MemoryWalk walk = MemoryWalk.toName(folder, path, WasiErrno.EXIST);
    checkFree(walk);
    walk.parent().add(walk.name(), files.newLink(now(), target.bytes()));
    changed(walk.parent());
  }

  /** Insists that a name that is not a directory's can be made. */
  private static void checkFree(MemoryWalk walk) {
    if (walk.node() != null) {
      throw WasiError.of(WasiErrno.EXIST);
    }
    if (walk.directoryWanted()) {
      throw WasiError.of(WasiErrno.NOENT);
    }
  }

  @Override
  void link(GuestPath path, DirectoryDescriptor to, GuestPath newPath) {
    MemoryDirectory target = same(to);
    if (path.endsWithSlash()) {
      MemoryNode unused = walk(path, false).existing();
      throw WasiError.of(WasiErrno.PERM);
    }
    MemoryWalk from = MemoryWalk.toName(folder, path, WasiErrno.PERM);
    MemoryWalk walk = MemoryWalk.toName(target.folder, newPath, WasiErrno.EXIST);
    MemoryNode node = from.any();
    checkFree(walk);
    if (node instanceof Folder) {
      throw WasiError.of(WasiErrno.PERM);
    }
    files.addName();
    walk.parent().add(walk.name(), node);
    changed(walk.parent());
  }

  @Override
  void rename(GuestPath path, DirectoryDescriptor to, GuestPath newPath) {
    MemoryDirectory target = same(to);
    MemoryWalk from = MemoryWalk.toName(folder, path, WasiErrno.BUSY);
    MemoryWalk walk = MemoryWalk.toName(target.folder, newPath, WasiErrno.BUSY);
    MemoryNode node = from.any();
    boolean moving = node instanceof Folder;
    if (!moving && (from.directoryWanted() || walk.directoryWanted())) {
      throw WasiError.of(WasiErrno.NOTDIR);
    }
    for (Folder up = walk.parent(); up != null; up = up.parent()) {
      if (up == node) {
        throw WasiError.of(WasiErrno.INVAL);
      }
    }
    MemoryNode replaced = walk.node();
    if (replaced == node) {
      return;
    }
    if (replaced != null) {
      checkReplaceable(replaced, moving, from.parent());
      walk.parent().remove(walk.name());
      files.nameGone(replaced);
    }
    from.parent().remove(from.name());
    walk.parent().add(walk.name(), node);
    changed(from.parent());
    changed(walk.parent());
  }

  private static void checkReplaceable(MemoryNode replaced, boolean moving, Folder from) {
    if (!(replaced instanceof Folder folder)) {
      if (moving) {
        throw WasiError.of(WasiErrno.NOTDIR);
      }
      return;
    }
    for (Folder up = from; up != null; up = up.parent()) {
      if (up == folder) {
        throw WasiError.of(WasiErrno.NOTEMPTY);
      }
    }
    if (!moving) {
      throw WasiError.of(WasiErrno.ISDIR);
    }
    if (!folder.isEmpty()) {
      throw WasiError.of(WasiErrno.NOTEMPTY);
    }
  }

  private MemoryDirectory same(DirectoryDescriptor other) {
    if (other instanceof MemoryDirectory memory && memory.files == files) {
      return memory;
    }
    throw WasiError.of(WasiErrno.XDEV);
  }

  // ---------------------------------------------------------------- the directory itself

  @Override
  long entries(long address, long bytes, long cookie) {
    if (cookie < 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long written = 0;
    if (cookie < SELF) {
      written += writeEntry(address, bytes, SELF, ".", folder);
    }
    if (cookie < PARENT && written < bytes) {
      // What is above the directory that the guest was given is not its business.
      Folder above = folder.parent();
      MemoryNode parent = above == null ? folder : above;
      written += writeEntry(address + written, bytes - written, PARENT, "..", parent);
    }
    Folder.Entry entry = folder.after(Math.max(0, cookie - PARENT));
    int told = 0;
    while (entry != null && written < bytes) {
      context.checkEntries(++told);
      long next = entry.place() + PARENT;
      written += writeEntry(address + written, bytes - written, next, entry.name(), entry.node());
      entry = folder.after(entry.place());
    }
    return written;
  }

  private long writeEntry(long address, long room, long next, String name, MemoryNode node) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    long copy = context.scratch().entries();
    RawMemory.copyIn(bytes, 0, copy, bytes.length);
    return DirectoryEntry.write(
        address,
        room,
        next,
        node.inode(),
        node.type(),
        copy,
        bytes.length,
        context.scratch().block());
  }

  @Override
  void sync() {
    // There is no device.
  }

  @Override
  void setTimes(FileTimes times) {
    folder.touch(times, now());
  }

  @Override
  void filestat(long address) {
    folder.filestat(address);
  }

  @Override
  void close() {
    folder.opened(-1);
    files.released(folder);
  }
}
