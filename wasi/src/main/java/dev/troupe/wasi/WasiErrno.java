package dev.troupe.wasi;

/** Error numbers of WASI preview 1, and how those of Linux become them. */
final class WasiErrno {
  static final int SUCCESS = 0;
  static final int ACCES = 2;
  static final int AGAIN = 6;
  static final int BADF = 8;
  static final int BUSY = 10;
  static final int DQUOT = 19;
  static final int EXIST = 20;
  static final int FAULT = 21;
  static final int FBIG = 22;
  static final int ILSEQ = 25;
  static final int INTR = 27;
  static final int INVAL = 28;
  static final int IO = 29;
  static final int ISDIR = 31;
  static final int LOOP = 32;
  static final int MFILE = 33;
  static final int NAMETOOLONG = 37;
  static final int NOENT = 44;
  static final int NOMEM = 48;
  static final int NOSPC = 51;
  static final int NOTCONN = 53;
  static final int NOTDIR = 54;
  static final int NOTEMPTY = 55;
  static final int NOTSOCK = 57;
  static final int NOTSUP = 58;
  static final int OVERFLOW = 61;
  static final int PERM = 63;
  static final int PIPE = 64;
  static final int SPIPE = 70;
  static final int XDEV = 75;
  static final int NOTCAPABLE = 76;

  /** Numbers are below this. */
  static final int COUNT = 77;

  /** By number of Linux (asm-generic/errno-base.h, errno.h); 0 for what WASI does not know. */
  private static final byte[] OF_HOST = new byte[134];

  static {
    // EPERM to ERANGE, in the order of Linux.
    int[] base = {
      63, 44, 71, 27, 29, 60, 1, 45, 8, 12, 6, 48, 2, 21, 0, 10, 20, 75, 43, 54, 31, 28, 41, 33, 59,
      74, 22, 51, 70, 69, 34, 64, 18, 68, 16, 37, 46, 52, 55, 32
    };
    for (int i = 0; i < base.length; i++) {
      OF_HOST[i + 1] = (byte) base[i];
    }
    OF_HOST[75] = OVERFLOW;
    OF_HOST[84] = ILSEQ;
    OF_HOST[88] = NOTSOCK;
    OF_HOST[95] = NOTSUP;
    OF_HOST[98] = 3; // EADDRINUSE
    OF_HOST[99] = 4; // EADDRNOTAVAIL
    OF_HOST[103] = 13; // ECONNABORTED
    OF_HOST[104] = 15; // ECONNRESET
    OF_HOST[107] = NOTCONN;
    OF_HOST[110] = 73; // ETIMEDOUT
    OF_HOST[116] = 72; // ESTALE
    OF_HOST[111] = 14; // ECONNREFUSED
    OF_HOST[122] = DQUOT;
  }

  private WasiErrno() {}

  /** The number for one of Linux; {@link #IO} where WASI has none. */
  static int ofHost(int errno) {
    int known = errno > 0 && errno < OF_HOST.length ? OF_HOST[errno] : 0;
    return known == 0 ? IO : known;
  }
}
