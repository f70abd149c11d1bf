package dev.troupe.engine.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Which calls are in reach of exception handlers: section {@code .troupe.exceptions}. Code pays
 * nothing for it; who unwinds the stack looks up return addresses here.
 *
 * <pre>
 *   u32 sites, u32 handlers
 *   u32 return address of each site, strictly ascending
 *   u32 end of each site's handlers among all
 *   i32 tag of each handler, -1 for any; with bit 30 set it wants a reference
 *   u32 landing of each handler
 * </pre>
 *
 * <p>All numbers are little-endian, and addresses count from the start of the text.
 */
public final class ExceptionTable {
  /** In the place of a tag: every exception. */
  public static final int ANY = -1;

  /** Handlers stand for a tag of the module or {@link #ANY}, which is this number here. */
  private static final int ENCODED_ANY = (1 << 30) - 1;

  private static final int WANTS_REFERENCE = 1 << 30;
  private static final String SECTION = ArtifactSection.EXCEPTIONS.sectionName();

  private final int[] sites;
  private final int[] ends;
  private final int[] tags;
  private final int[] landings;

  private ExceptionTable(int[] sites, int[] ends, int[] tags, int[] landings) {
    this.sites = sites;
    this.ends = ends;
    this.tags = tags;
    this.landings = landings;
  }

  /**
   * A table over these arrays, which it takes over.
   *
   * @param sites return addresses, strictly ascending
   * @param ends for each site where its handlers end; they start where those before it end
   * @param tags for each handler what {@link #encode} gives
   * @param landings for each handler where the frame goes on
   */
  public static ExceptionTable of(int[] sites, int[] ends, int[] tags, int[] landings) {
    return new ExceptionTable(sites, ends, tags, landings);
  }

  /** A table without entries. */
  public static ExceptionTable empty() {
    return new ExceptionTable(new int[0], new int[0], new int[0], new int[0]);
  }

  /** A handler's tag as the table has it. */
  public static int encode(int tag, boolean wantsReference) {
    return (tag == ANY ? ENCODED_ANY : tag) | (wantsReference ? WANTS_REFERENCE : 0);
  }

  /** The number of sites. */
  public int count() {
    return sites.length;
  }

  /** The site with this return address, or a negative number. */
  public int find(int returnOffset) {
    return Arrays.binarySearch(sites, returnOffset);
  }

  /** The return address of a site. */
  public int site(int site) {
    return sites[site];
  }

  /** The first handler of a site. */
  public int firstHandler(int site) {
    return site == 0 ? 0 : ends[site - 1];
  }

  /** Behind the last handler of a site. */
  public int endOfHandlers(int site) {
    return ends[site];
  }

  /** The index of the tag that a handler catches, or {@link #ANY}. */
  public int tag(int handler) {
    int tag = tags[handler] & ~WANTS_REFERENCE;
    return tag == ENCODED_ANY ? ANY : tag;
  }

  /** Whether a handler gets a reference to the exception. */
  public boolean wantsReference(int handler) {
    return (tags[handler] & WANTS_REFERENCE) != 0;
  }

  /** Where the frame goes on when a handler catches. */
  public int landing(int handler) {
    return landings[handler];
  }

  byte[] bytes() {
    if (sites.length == 0) {
      return new byte[0];
    }
    int words = 2 + 2 * sites.length + 2 * tags.length;
    ByteBuffer out = ByteBuffer.allocate(words * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(sites.length).putInt(tags.length);
    for (int[] column : new int[][] {sites, ends, tags, landings}) {
      for (int number : column) {
        out.putInt(number);
      }
    }
    return out.array();
  }

  /**
   * Reads a table and checks that every handler belongs to the function of its site.
   *
   * @param tagCount exception tags of the module
   */
  static ExceptionTable decode(byte[] bytes, FunctionTable functions, int tagCount) {
    if (bytes.length == 0) {
      return empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 2 * Integer.BYTES) {
      throw ArtifactException.corrupt(SECTION, "a size of " + bytes.length);
    }
    int siteCount = in.getInt();
    int handlerCount = in.getInt();
    if (siteCount <= 0
        || handlerCount < 0
        || bytes.length != (2 + 2L * siteCount + 2L * handlerCount) * Integer.BYTES) {
      throw ArtifactException.corrupt(SECTION, siteCount + " sites, " + handlerCount + " handlers");
    }
    ExceptionTable table =
        new ExceptionTable(
            column(in, siteCount),
            column(in, siteCount),
            column(in, handlerCount),
            column(in, handlerCount));
    table.check(functions, tagCount);
    return table;
  }

  private static int[] column(ByteBuffer in, int count) {
    int[] column = new int[count];
    for (int i = 0; i < count; i++) {
      column[i] = in.getInt();
    }
    return column;
  }

  private void check(FunctionTable functions, int tagCount) {
    int site = 0;
    int handler = 0;
    for (int i = 0; i < sites.length; i++) {
      // A return address may be the first byte behind its function.
      int function = sites[i] <= site ? -1 : functions.at(sites[i] - 1);
      if (function < 0 || ends[i] <= handler || ends[i] > tags.length) {
        throw ArtifactException.corrupt(SECTION, "site " + i + " at " + sites[i]);
      }
      site = sites[i];
      for (; handler < ends[i]; handler++) {
        boolean isTag = tag(handler) == ANY || tag(handler) >= 0 && tag(handler) < tagCount;
        boolean isLanding =
            landings[handler] >= functions.prologueEnd(function)
                && landings[handler] < functions.end(function);
        if (tags[handler] < 0 || !isTag || !isLanding) {
          throw ArtifactException.corrupt(
              SECTION, "handler of tag " + tag(handler) + " at " + landings[handler]);
        }
      }
    }
    if (handler != tags.length) {
      throw ArtifactException.corrupt(SECTION, "handlers of no site");
    }
  }
}
