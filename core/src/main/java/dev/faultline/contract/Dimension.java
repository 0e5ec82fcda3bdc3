package dev.faultline.contract;

/// One axis of a tensor as a contract states it.
public sealed interface Dimension {

  /// Exactly this extent.
  record Fixed(long extent) implements Dimension {
    @Override
    public String toString() {
      return Long.toString(extent);
    }
  }

  /// Any extent, but the same wherever the symbol stands in one request.
  record Symbolic(String symbol) implements Dimension {
    @Override
    public String toString() {
      return symbol;
    }
  }

  /// Any extent.
  record Free() implements Dimension {
    @Override
    public String toString() {
      return "-1";
    }
  }

  /// The extent as the wire writes it: -1 when it is not fixed.
  default long wireExtent() {
    return this instanceof Fixed(long extent) ? extent : -1;
  }
}
