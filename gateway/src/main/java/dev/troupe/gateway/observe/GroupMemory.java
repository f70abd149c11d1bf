package dev.troupe.gateway.observe;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Memory of the control group that this process is in, cgroup v2 or v1, as the kernel's
 * documentation of {@code memory.current} and {@code memory.usage_in_bytes} describes it. Inside of
 * a container the group's own folder is the root of the mount.
 */
public final class GroupMemory {
  /** No group, no limit, or nothing that can be read. */
  public static final long UNKNOWN = -1;

  /** The files of one version of the interface. */
  private record Interface(Path usage, List<Path> limits, Path statistics, String reclaimable) {}

  private final @Nullable Interface files;

  private GroupMemory(@Nullable Interface files) {
    this.files = files;
  }

  /** The group of this process. */
  public static GroupMemory ofThisProcess() {
    return find(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup"));
  }

  static GroupMemory find(Path groups, Path mount) {
    List<String> lines;
    try {
      lines = Files.readAllLines(groups);
    } catch (IOException e) {
      return new GroupMemory(null);
    }
    for (String line : lines) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3 && List.of(fields[1].split(",", -1)).contains("memory")) {
        Path folder = folder(mount.resolve("memory"), fields[2], "memory.usage_in_bytes");
        return new GroupMemory(
            new Interface(
                folder.resolve("memory.usage_in_bytes"),
                List.of(folder.resolve("memory.limit_in_bytes")),
                folder.resolve("memory.stat"),
                "total_inactive_file "));
      }
    }
    for (String line : lines) {
      if (line.startsWith("0::")) {
        Path folder = folder(mount, line.substring("0::".length()), "memory.current");
        return new GroupMemory(
            new Interface(
                folder.resolve("memory.current"),
                List.of(folder.resolve("memory.high"), folder.resolve("memory.max")),
                folder.resolve("memory.stat"),
                "inactive_file "));
      }
    }
    return new GroupMemory(null);
  }

  private static Path folder(Path mount, String group, String file) {
    Path own = mount.resolve(group.startsWith("/") ? group.substring(1) : group);
    return Files.isReadable(own.resolve(file)) ? own : mount;
  }

  /** Bytes in use, without pages of files that the kernel can drop at once; or {@link #UNKNOWN}. */
  public long usedBytes() {
    if (files == null) {
      return UNKNOWN;
    }
    long usage = number(files.usage);
    try {
      for (String line : Files.readAllLines(files.statistics)) {
        if (line.startsWith(files.reclaimable)) {
          return usage - Long.parseLong(line.substring(files.reclaimable.length()).strip());
        }
      }
    } catch (IOException | NumberFormatException e) {
      return usage;
    }
    return usage;
  }

  /** The lowest limit, or {@link #UNKNOWN} when there is none. */
  public long limitBytes() {
    long lowest = UNKNOWN;
    for (Path limit : files == null ? List.<Path>of() : files.limits) {
      long bytes = number(limit);
      // Version 1 says "no limit" by a number near 2^63.
      if (bytes > 0 && bytes < 1L << 60) {
        lowest = lowest == UNKNOWN ? bytes : Math.min(lowest, bytes);
      }
    }
    return lowest;
  }

  private static long number(Path file) {
    try {
      return Long.parseLong(Files.readString(file).strip());
    } catch (IOException | NumberFormatException e) {
      return UNKNOWN;
    }
  }
}
