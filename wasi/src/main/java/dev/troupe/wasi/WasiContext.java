package dev.troupe.wasi;

import dev.troupe.engine.Caller;
import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.SocketCalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that one guest can see of the world: arguments, environment, open descriptors. Belongs to one
 * store, and like it is used by one thread at a time. Close it after the store, to close its files.
 */
public final class WasiContext implements AutoCloseable {
  private static final String MEMORY = "memory";
  private static final int STANDARD_DESCRIPTORS = 3;
  private static final int DEFAULT_MAX_DESCRIPTORS = 1024;
  private static final int DEFAULT_MAX_ENTRIES = 16_384;

  private final StringTable arguments;
  private final StringTable environment;
  private final DescriptorTable descriptors;
  private final GuestMemory memory = new GuestMemory();
  private final WriteQuota writeQuota;
  private final WasiClock clock;
  private final RandomBytes random;
  private final boolean walksPaths;
  private final int maxEntriesPerCall;
  private @Nullable Scratch scratch;
  private long progress;

  private WasiContext(Builder b) throws IOException {
    arguments = new StringTable(b.arguments);
    environment = new StringTable(b.environment);
    descriptors = new DescriptorTable(b.maxDescriptors);
    writeQuota = new WriteQuota(b.maxWrittenBytes);
    clock = b.clock == null ? new SystemClock(this) : b.clock;
    random = new RandomBytes(b.randomSeed);
    maxEntriesPerCall = b.maxEntriesPerCall;
    walksPaths = b.walksPaths || b.hasFolders() && !FileCalls.canOpenBeneath();
    int in = descriptors.add(b.stdin.open(this, 0));
    int out = descriptors.add(b.stdout.open(this, 1));
    int err = descriptors.add(b.stderr.open(this, 2));
    if (in != 0 || out != 1 || err != 2) {
      throw new IllegalStateException("standard descriptors got other numbers");
    }
  }

  /** A builder of a guest's world: empty input, output that is thrown away, nothing else. */
  public static Builder builder() {
    return new Builder();
  }

  StringTable arguments() {
    return arguments;
  }

  StringTable environment() {
    return environment;
  }

  DescriptorTable descriptors() {
    return descriptors;
  }

  /** The memory of the calling guest: what it exports by the name that WASI demands. */
  GuestMemory memory(Caller<?> caller) {
    memory.of(caller.memory(MEMORY));
    return memory;
  }

  /** Whether paths beneath folders of the host are walked here, instead of by the kernel. */
  boolean walksPaths() {
    return walksPaths;
  }

  /** Memory for system calls. */
  Scratch scratch() {
    Scratch lent = scratch;
    if (lent == null) {
      lent = new Scratch();
      scratch = lent;
    }
    return lent;
  }

  /** Bytes that a call has moved before it waits for more. */
  void progress(long bytes) {
    progress = bytes;
  }

  /** The same, for the call that has just failed; 0 afterwards. */
  long takeProgress() {
    long bytes = progress;
    progress = 0;
    return bytes;
  }

  WasiClock clock() {
    return clock;
  }

  RandomBytes random() {
    return random;
  }

  /** The time for files of ours. */
  long realtimeNanos() {
    return clock.nanos(WasiClock.REALTIME);
  }

  /** Insists that one call tells no more entries of a directory than it may. */
  void checkEntries(int told) {
    if (told > maxEntriesPerCall) {
      throw WasiError.of(WasiErrno.OVERFLOW);
    }
  }

  /** What may still be written. */
  WriteQuota writeQuota() {
    return writeQuota;
  }

  private void preopen(Preopen preopen) throws IOException {
    long base = Rights.DIRECTORY;
    long inheriting = Rights.ALL;
    if (preopen.readOnly()) {
      base &= ~Rights.CHANGE_DIRECTORY;
      inheriting &= ~(Rights.CHANGE_DIRECTORY | Rights.CHANGE_FILE);
    }
    byte[] name = preopen.guestName().getBytes(StandardCharsets.UTF_8);
    MemoryFiles files = preopen.files();
    DirectoryDescriptor opened =
        files == null
            ? new HostDirectory(this, open(preopen.folder()), 0, base, inheriting, name)
            : new MemoryDirectory(this, files, files.root(), 0, base, inheriting, name);
    int unused = descriptors.add(opened);
  }

  private static int open(Path folder) throws IOException {
    long result = FileCalls.openDirectory(folder);
    if (result < 0) {
      throw new IOException(
          "the folder " + folder + " cannot be opened: " + Errno.describe((int) -result));
    }
    return (int) result;
  }

  private void listen(Inet4Address address, int port) throws IOException {
    int host = ByteBuffer.wrap(address.getAddress()).getInt();
    long result = SocketCalls.listen(host, port, scratch().block());
    if (result < 0) {
      throw new IOException(
          "cannot listen on "
              + address.getHostAddress()
              + ":"
              + port
              + ": "
              + Errno.describe((int) -result));
    }
    int unused =
        descriptors.add(new HostSocket(this, (int) result, 0, Rights.LISTENER, Rights.CONNECTION));
  }

  /** The port on which descriptor {@code number} listens. */
  int localPort(int number) {
    return descriptors.get(number) instanceof HostSocket socket ? socket.localPort() : 0;
  }

  /** Closes every file that the guest has left open. Later calls do nothing. */
  @Override
  public void close() {
    descriptors.closeAll();
  }

  /** Where one of the three standard descriptors leads. */
  private interface Standard {
    Descriptor open(WasiContext context, int number) throws IOException;
  }

  /** Collects what the guest gets. */
  public static final class Builder {
    private final List<String> arguments = new ArrayList<>();
    private final List<String> environment = new ArrayList<>();
    private final Map<String, Preopen> preopens = new LinkedHashMap<>();
    private final List<InetSocketAddress> listeners = new ArrayList<>();
    private long maxWrittenBytes = Long.MAX_VALUE;
    private @Nullable WasiClock clock;
    private @Nullable Long randomSeed;
    private int maxDescriptors = DEFAULT_MAX_DESCRIPTORS;
    private boolean walksPaths;
    private int maxEntriesPerCall = DEFAULT_MAX_ENTRIES;
    private Standard stdin = new Bytes(new byte[0]);
    private Standard stdout = new Output(OutputStream.nullOutputStream());
    private Standard stderr = stdout;

    private Builder() {}

    /** The arguments, the program's name first. */
    public Builder arguments(List<String> values) {
      arguments.clear();
      arguments.addAll(values);
      return this;
    }

    /** Arguments behind those that are there. */
    public Builder moreArguments(List<String> values) {
      arguments.addAll(values);
      return this;
    }

    /** One more environment variable. */
    public Builder environment(String name, String value) {
      environment.add(name + "=" + value);
      return this;
    }

    /** A folder of the host with all that is beneath it, under a name that the guest looks for. */
    public Builder preopen(Path folder, String guestName) {
      preopens.put(guestName, new Preopen(folder, null, guestName, false));
      return this;
    }

    /** The same, to read only: nothing in it or beneath it can be changed. */
    public Builder preopenReadOnly(Path folder, String guestName) {
      preopens.put(guestName, new Preopen(folder, null, guestName, true));
      return this;
    }

    /** Files in memory, under a name that the guest looks for. */
    public Builder preopen(MemoryFiles files, String guestName) {
      preopens.put(guestName, new Preopen(Path.of(""), files, guestName, false));
      return this;
    }

    /** The same, to read only. */
    public Builder preopenReadOnly(MemoryFiles files, String guestName) {
      preopens.put(guestName, new Preopen(Path.of(""), files, guestName, true));
      return this;
    }

    /** What the guest takes for the time; else the kernel's clocks. */
    public Builder clock(WasiClock value) {
      clock = value;
      return this;
    }

    /** Whether the guest gets a folder of the host. */
    private boolean hasFolders() {
      return preopens.values().stream().anyMatch(preopen -> preopen.files() == null);
    }

    /** Random bytes that are the same in every run; else the kernel's, fit for keys. */
    public Builder randomSeed(long value) {
      randomSeed = value;
      return this;
    }

    /**
     * A TCP socket on which the guest accepts connections; behind the folders, in the order given.
     */
    public Builder listener(InetSocketAddress address) {
      listeners.add(address);
      return this;
    }

    /** Bytes that the guest may write in all, to files, streams and connections. */
    public Builder maxWrittenBytes(long value) {
      if (value < 0) {
        throw new IllegalArgumentException("maxWrittenBytes cannot be " + value);
      }
      maxWrittenBytes = value;
      return this;
    }

    /**
     * What the guest reads from its standard input. The host closes it. Where reading would block,
     * a virtual thread reads and the guest is parked.
     */
    public Builder stdin(InputStream in) {
      stdin = new Input(in);
      return this;
    }

    /** What the guest reads from its standard input, and no more. */
    public Builder stdin(byte[] bytes) {
      stdin = new Bytes(bytes.clone());
      return this;
    }

    /** Standard input that comes piece by piece; a guest that finds nothing is parked. */
    public Builder stdin(BytePipe pipe) {
      stdin = new Pipe(pipe, true);
      return this;
    }

    /**
     * Standard output that goes piece by piece; a guest that finds it full is parked. It ends when
     * the guest closes it, or with this world.
     */
    public Builder stdout(BytePipe pipe) {
      stdout = new Pipe(pipe, false);
      return this;
    }

    /** The same for standard error. */
    public Builder stderr(BytePipe pipe) {
      stderr = new Pipe(pipe, false);
      return this;
    }

    /** Standard input that is a file or device; closed with this world. */
    public Builder stdin(Path file) {
      stdin = new Opened(file);
      return this;
    }

    /**
     * Where the guest's standard output goes. The host closes it. Written on the thread that runs
     * the guest, so it must not block for long.
     */
    public Builder stdout(OutputStream out) {
      stdout = new Output(out);
      return this;
    }

    /** Where the guest's standard error goes. The host closes it. */
    public Builder stderr(OutputStream out) {
      stderr = new Output(out);
      return this;
    }

    /** All three standard descriptors are those of this process. */
    public Builder inheritStdio() {
      stdin = new Inherited();
      stdout = stdin;
      stderr = stdin;
      return this;
    }

    /**
     * Resolves paths beneath folders name by name, as on a kernel without openat2, where this is
     * the default.
     */
    public Builder walkPaths() {
      walksPaths = true;
      return this;
    }

    /**
     * Entries of a directory that one call of {@code fd_readdir} may tell; 16,384 unless said
     * otherwise. A guest whose buffer has room for more of them gets an error: fewer entries would
     * mean that there are no more.
     */
    public Builder maxEntriesPerCall(int value) {
      maxEntriesPerCall = value;
      return this;
    }

    /** Descriptors that the guest may have open at once, the first three included. */
    public Builder maxDescriptors(int value) {
      maxDescriptors = value;
      return this;
    }

    /**
     * Opens the folders.
     *
     * @throws IOException when one cannot be opened; the message names it
     * @throws IllegalArgumentException when a setting is wrong
     */
    public WasiContext build() throws IOException {
      for (String variable : environment) {
        if (variable.startsWith("=")) {
          throw new IllegalArgumentException("an environment variable needs a name");
        }
      }
      if (maxDescriptors < STANDARD_DESCRIPTORS + preopens.size() + listeners.size()) {
        throw new IllegalArgumentException(
            "maxDescriptors is " + maxDescriptors + ", less than are open at the start");
      }
      WasiContext context = new WasiContext(this);
      try {
        for (Preopen preopen : preopens.values()) {
          context.preopen(preopen);
        }
        for (InetSocketAddress listener : listeners) {
          if (!(listener.getAddress() instanceof Inet4Address address)) {
            throw new IOException("cannot listen on " + listener + ": IPv4 addresses only");
          }
          context.listen(address, listener.getPort());
        }
      } catch (IOException e) {
        context.close();
        throw e;
      }
      return context;
    }
  }

  private record Preopen(
      Path folder, @Nullable MemoryFiles files, String guestName, boolean readOnly) {}

  private record Input(InputStream in) implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) {
      return new InputDescriptor(in);
    }
  }

  private record Bytes(byte[] bytes) implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) {
      return InputDescriptor.of(bytes);
    }
  }

  private record Pipe(BytePipe pipe, boolean reading) implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) {
      return new PipeDescriptor(pipe, reading);
    }
  }

  private record Opened(Path file) implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) throws IOException {
      return HostFile.standardInput(context, file);
    }
  }

  private record Output(OutputStream out) implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) {
      return new OutputDescriptor(out);
    }
  }

  private record Inherited() implements Standard {
    @Override
    public Descriptor open(WasiContext context, int number) {
      return HostFile.standard(context, number);
    }
  }
}
