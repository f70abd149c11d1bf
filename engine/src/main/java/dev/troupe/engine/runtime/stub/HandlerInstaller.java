package dev.troupe.engine.runtime.stub;

import dev.troupe.engine.os.Signals;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts our signal handlers in front of those that are there: once per process, whatever the number
 * of class loaders that have loaded this engine, and for good. HotSpot's handlers get everything
 * that is not ours.
 */
public final class HandlerInstaller {
  /**
   * Where a class loader finds what another one has installed: the block's address in hex. The
   * version is part of the name; different versions install handlers of their own, one in front of
   * the other.
   */
  private static final String PROPERTY = "dev.troupe.engine.signals.v1";

  private static final long FAULT_SIGNALS =
      Signals.maskOf(Signals.SIGSEGV)
          | Signals.maskOf(Signals.SIGBUS)
          | Signals.maskOf(Signals.SIGFPE)
          | Signals.maskOf(Signals.SIGILL);

  private HandlerInstaller() {}

  /** A monitor that all class loaders of this JVM share. */
  private static Object processLock() {
    return PROPERTY.intern();
  }

  /**
   * Makes the handlers know a region. Call once per class loader, before its first guest runs.
   *
   * @throws SignalHandlerException when there is no room for one more
   */
  public static void register(GuestRegion region) {
    synchronized (processLock()) {
      block().add(region);
    }
  }

  /**
   * Installs the handlers of SIGSEGV, SIGBUS, SIGFPE and SIGILL; does nothing when they are.
   *
   * @throws SignalHandlerException when one of the signals has no handler of the JVM to pass on to
   */
  public static void installFaultHandlers() {
    synchronized (processLock()) {
      SignalBlock block = block();
      for (int i = 0; i < SignalBlock.SIGNALS.length; i++) {
        if (isFault(i)) {
          install(block, i);
        }
      }
    }
  }

  /** Installs the handler of SIGURG; does nothing when it is. */
  public static void installPreemptionHandler() {
    synchronized (processLock()) {
      SignalBlock block = block();
      for (int i = 0; i < SignalBlock.SIGNALS.length; i++) {
        if (!isFault(i)) {
          install(block, i);
        }
      }
    }
  }

  /**
   * Looks whether the handlers that we installed are still the first to be called.
   *
   * @return one sentence for every signal that somebody else has taken since; empty if all is well
   */
  public static List<String> diagnose() {
    List<String> replaced = new ArrayList<>();
    synchronized (processLock()) {
      SignalBlock block = block();
      for (int i = 0; i < SignalBlock.SIGNALS.length; i++) {
        long ours = block.ours(i);
        if (ours == 0) {
          continue;
        }
        Signals.Action now = Signals.action(SignalBlock.SIGNALS[i]);
        if (now.handler() != ours) {
          replaced.add(
              "The handler of "
                  + name(i)
                  + " was replaced after the engine had installed its own; it is now "
                  + describe(now.handler())
                  + ".");
        }
      }
    }
    return replaced;
  }

  /**
   * {@link #diagnose()}, refusing to go on.
   *
   * @throws SignalHandlerException when somebody has replaced a handler of ours
   */
  public static void requireInstalled() {
    List<String> replaced = diagnose();
    if (!replaced.isEmpty()) {
      throw new SignalHandlerException(
          String.join(" ", replaced)
              + " Guests cannot run safely; create the engine after that library, or with"
              + " traps=explicit and preemption=epoch.");
    }
  }

  private static String describe(long handler) {
    if (handler == Signals.Action.DEFAULT) {
      return "the default action";
    }
    return handler == Signals.Action.IGNORE ? "ignored" : "code at 0x" + Long.toHexString(handler);
  }

  private static boolean isFault(int index) {
    return SignalBlock.SIGNALS[index] != Signals.SIGURG;
  }

  private static String name(int index) {
    return switch (SignalBlock.SIGNALS[index]) {
      case Signals.SIGSEGV -> "SIGSEGV";
      case Signals.SIGBUS -> "SIGBUS";
      case Signals.SIGFPE -> "SIGFPE";
      case Signals.SIGILL -> "SIGILL";
      case Signals.SIGURG -> "SIGURG";
      default -> "signal " + SignalBlock.SIGNALS[index];
    };
  }

  /** This process's block, allocated by the first who asks. */
  private static SignalBlock block() {
    String known = System.getProperty(PROPERTY);
    if (known != null) {
      return new SignalBlock(Long.parseUnsignedLong(known, 16));
    }
    SignalBlock block = SignalBlock.allocate();
    System.setProperty(PROPERTY, Long.toHexString(block.address()));
    return block;
  }

  private static void install(SignalBlock block, int index) {
    if (block.ours(index) != 0) {
      return;
    }
    int signal = SignalBlock.SIGNALS[index];
    Signals.Action before = Signals.action(signal);
    if (isFault(index) && before.handler() <= Signals.Action.IGNORE && before.handler() >= 0) {
      throw new SignalHandlerException(
          "The JVM has no handler for "
              + name(index)
              + ", so there is nothing to pass foreign faults on to; use traps=explicit.");
    }
    long handler = block.entry(index);
    block.setPrevious(index, before.handler());
    Signals.replace(signal, action(handler, before, isFault(index)));
    block.setOurs(index, handler);
  }

  private static Signals.Action action(long handler, Signals.Action before, boolean fault) {
    int flags = Signals.SA_SIGINFO | Signals.SA_RESTART;
    if (!fault) {
      return new Signals.Action(handler, flags, 0);
    }
    // A fault in a handler must reach HotSpot: with its full mask it would end the process
    // silently.
    int kept = before.flags() & Signals.SA_ONSTACK;
    return new Signals.Action(
        handler, flags | kept | Signals.SA_NODEFER, before.mask() & ~FAULT_SIGNALS);
  }
}
