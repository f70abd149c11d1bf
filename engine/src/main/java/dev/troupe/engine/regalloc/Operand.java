package dev.troupe.engine.regalloc;

/**
 * Operand descriptors packed into one {@code int}: kind (use or definition), position (early or
 * late), constraint, and the constraint's argument.
 *
 * <p><b>Positions.</b> An instruction reads its early operands, then writes its late ones. Uses are
 * normally early and definitions late, so that a definition may take the register of a use that
 * ends there. A <em>late use</em> is still read after definitions were written and shares no
 * register with any of them. An <em>early definition</em> is written before the uses have all been
 * read and shares no register with any use; one that nobody reads is a temporary.
 *
 * <p><b>Constraints.</b>
 *
 * <ul>
 *   <li>{@link #ANY}: a register or a spill slot (a memory operand).
 *   <li>{@link #REGISTER}: a register of the class of the virtual register.
 *   <li>{@link #FIXED}: exactly the physical register {@link #argument}. It need not be allocatable
 *       when only fixed operands name it. The same virtual register may occur in several operands
 *       of one instruction, also with different fixed registers. A definition and an early use may
 *       name the same physical register. Moves between fixed registers and where values live
 *       otherwise are inserted by the allocator; it tries to need none.
 *   <li>{@link #REUSE}: for late definitions only: same register as the early use operand number
 *       {@link #argument} of the same instruction (x86's two-address form). That use must carry
 *       {@link #ANY} or {@link #REGISTER} and be of the same class; both operands get the same
 *       register, the allocator inserts a copy where the used value is still needed.
 *   <li>{@link #STACK}: for uses only: the spill slot of the virtual register (a value that a stack
 *       map must find). Slot contents stay in place for the whole life of the virtual register from
 *       its definition on.
 * </ul>
 */
public final class Operand {
  /** Constraint: register or spill slot. */
  public static final int ANY = 0;

  /** Constraint: a register. */
  public static final int REGISTER = 1;

  /** Constraint: the physical register in the argument. */
  public static final int FIXED = 2;

  /** Constraint: same register as the use operand in the argument. */
  public static final int REUSE = 3;

  /** Constraint: the spill slot. */
  public static final int STACK = 4;

  private static final int DEFINITION_BIT = 1;
  private static final int LATE_BIT = 2;
  private static final int CONSTRAINT_SHIFT = 2;
  private static final int ARGUMENT_SHIFT = 8;

  private Operand() {}

  /** Early use in a register. */
  public static int useRegister() {
    return pack(false, false, REGISTER, 0);
  }

  /** Early use in a register or a spill slot. */
  public static int useAny() {
    return pack(false, false, ANY, 0);
  }

  /** Early use in physical register {@code register}. */
  public static int useFixed(int register) {
    return pack(false, false, FIXED, register);
  }

  /** Late use in a register: not shared with any definition. */
  public static int lateUseRegister() {
    return pack(false, true, REGISTER, 0);
  }

  /** Late use in a register or spill slot. */
  public static int lateUseAny() {
    return pack(false, true, ANY, 0);
  }

  /** Early use from the spill slot. */
  public static int useStack() {
    return pack(false, false, STACK, 0);
  }

  /** Late definition in a register. */
  public static int defineRegister() {
    return pack(true, true, REGISTER, 0);
  }

  /** Late definition in a register or straight to a spill slot. */
  public static int defineAny() {
    return pack(true, true, ANY, 0);
  }

  /** Late definition in physical register {@code register}. */
  public static int defineFixed(int register) {
    return pack(true, true, FIXED, register);
  }

  /** Late definition in the register of use operand {@code operandIndex} of this instruction. */
  public static int defineReuse(int operandIndex) {
    return pack(true, true, REUSE, operandIndex);
  }

  /** Early definition in a register: a temporary, or a result written before all uses are read. */
  public static int defineEarly() {
    return pack(true, false, REGISTER, 0);
  }

  /** Early definition in physical register {@code register}. */
  public static int defineEarlyFixed(int register) {
    return pack(true, false, FIXED, register);
  }

  /** Packs a descriptor from its parts. */
  public static int pack(boolean definition, boolean late, int constraint, int argument) {
    return (definition ? DEFINITION_BIT : 0)
        | (late ? LATE_BIT : 0)
        | constraint << CONSTRAINT_SHIFT
        | argument << ARGUMENT_SHIFT;
  }

  /** Whether the operand writes. */
  public static boolean isDefinition(int descriptor) {
    return (descriptor & DEFINITION_BIT) != 0;
  }

  /** Whether the operand is at the late position. */
  public static boolean isLate(int descriptor) {
    return (descriptor & LATE_BIT) != 0;
  }

  /** One of {@link #ANY}, {@link #REGISTER}, {@link #FIXED}, {@link #REUSE}, {@link #STACK}. */
  public static int constraint(int descriptor) {
    return descriptor >> CONSTRAINT_SHIFT & 7;
  }

  /** The physical register of FIXED, the operand index of REUSE. */
  public static int argument(int descriptor) {
    return descriptor >> ARGUMENT_SHIFT;
  }

  /** For messages: {@code use early any}. */
  public static String describe(int descriptor) {
    String constraint =
        switch (constraint(descriptor)) {
          case ANY -> "any";
          case REGISTER -> "register";
          case FIXED -> "fixed r" + argument(descriptor);
          case REUSE -> "reuse of operand " + argument(descriptor);
          case STACK -> "stack";
          default -> "unknown";
        };
    return (isDefinition(descriptor) ? "def " : "use ")
        + (isLate(descriptor) ? "late " : "early ")
        + constraint;
  }
}
