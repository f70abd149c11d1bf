package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Reg;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.Location;
import dev.troupe.engine.regalloc.Operand;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Prints machine functions, before allocation with virtual registers and after it with locations
/// too. Definitions carry `=`, late uses `~`, fixed operands their register.
final class MachPrinter {
  private final MachFunction function;
  private final @Nullable Allocation allocation;
  private final StringBuilder out = new StringBuilder();

  private MachPrinter(MachFunction function, @Nullable Allocation allocation) {
    this.function = function;
    this.allocation = allocation;
  }

  static String print(MachFunction function) {
    return new MachPrinter(function, null).print();
  }

  static String print(MachFunction function, Allocation allocation) {
    return new MachPrinter(function, allocation).print();
  }

  private String print() {
    for (int b = 0; b < function.blockCount(); b++) {
      out.append("block").append(b);
      if (function.parameterCount(b) > 0) {
        out.append('(');
        for (int i = 0; i < function.parameterCount(b); i++) {
          out.append(i == 0 ? "" : ", ").append('v').append(function.parameter(b, i));
        }
        out.append(')');
      }
      out.append(":\n");
      for (int i = function.firstInstruction(b); i < function.firstInstruction(b + 1); i++) {
        moves(i);
        instruction(i);
        if (i + 1 == function.firstInstruction(b + 1)) {
          edges(b);
        }
        out.append('\n');
      }
    }
    return out.toString();
  }

  private void moves(int instruction) {
    Allocation known = allocation;
    if (known == null) {
      return;
    }
    for (int m = known.firstMove(instruction); m < known.firstMove(instruction + 1); m++) {
      out.append("    move v").append(known.moveVreg(m)).append(": ");
      out.append(location(known.moveDestination(m))).append(" <- ");
      out.append(location(known.moveSource(m))).append('\n');
    }
  }

  private void instruction(int i) {
    String name =
        function.isPseudo(i)
            ? function.pseudo(i).name().toLowerCase(Locale.ROOT)
            : function.op(i).name().toLowerCase(Locale.ROOT);
    out.append("  ").append(name);
    int packed = function.memory(i);
    int end = function.firstOperand(i + 1);
    String separator = " ";
    int start = function.firstOperand(i);
    for (int k = start; k < end; k++) {
      out.append(separator);
      operand(k);
      separator = ", ";
    }
    if (packed != Addr.NONE) {
      out.append(separator).append(memory(packed, function.displacement(i)));
      separator = ", ";
    }
    if (function.isPseudo(i) ? function.immediate(i) != 0 : function.op(i).hasImmediate()) {
      out.append(separator).append('#').append(function.immediate(i));
      separator = ", ";
    }
    if (!function.isPseudo(i) && function.op(i).hasCondition()) {
      out.append(separator).append(MachCond.text((int) function.immediate(i)));
    }
    if (function.trap(i) >= 0) {
      out.append(" !").append(TrapKind.of(function.trap(i)).name().toLowerCase(Locale.ROOT));
    }
  }

  private void operand(int k) {
    int descriptor = function.operandDescriptor(k);
    out.append('v').append(function.operandVreg(k));
    if (allocation != null) {
      out.append('@').append(location(allocation.operandLocation(k)));
    } else if (Operand.constraint(descriptor) == Operand.FIXED) {
      out.append('@').append(X64Reg.name(Operand.argument(descriptor)));
    } else if (Operand.constraint(descriptor) == Operand.ANY) {
      out.append('?');
    }
    if (Operand.isDefinition(descriptor)) {
      out.append(Operand.isLate(descriptor) ? "=" : "=early");
    } else if (Operand.isLate(descriptor)) {
      out.append('~');
    }
  }

  /// Base and index, where present, are the last unfixed operands before this.
  private String memory(int packed, int displacement) {
    String index = Addr.hasIndex(packed) ? "+index*" + (1 << Addr.scaleLog2Of(packed)) : "";
    return switch (Addr.kindOf(packed)) {
      case Addr.VALUE -> "[base" + index + signed(displacement) + "]";
      case Addr.INSTANCE -> "[instance" + index + signed(displacement) + "]";
      case Addr.OUTGOING -> "[outgoing" + signed(displacement) + "]";
      case Addr.INCOMING -> "[incoming" + signed(displacement) + "]";
      case Addr.LITERAL -> "[literal " + function.literals.text(displacement) + "]";
      case Addr.INDEX_ONLY ->
          "[index*" + (1 << Addr.scaleLog2Of(packed)) + signed(displacement) + "]";
      default -> throw new IllegalStateException("memory operand of kind " + packed);
    };
  }

  private static String signed(int displacement) {
    return displacement == 0 ? "" : (displacement > 0 ? "+" : "") + displacement;
  }

  private static String location(int location) {
    return Location.isRegister(location) ? X64Reg.name(location) : Location.describe(location);
  }

  private void edges(int block) {
    for (int i = 0; i < function.successorCount(block); i++) {
      out.append(i == 0 ? " -> " : ", ").append("block").append(function.successor(block, i));
    }
    if (function.argumentCount(block) > 0) {
      out.append('(');
      for (int i = 0; i < function.argumentCount(block); i++) {
        out.append(i == 0 ? "" : ", ").append('v').append(function.branchArgument(block, i));
      }
      out.append(')');
    }
  }
}
