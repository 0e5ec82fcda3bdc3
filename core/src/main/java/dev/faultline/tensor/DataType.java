package dev.faultline.tensor;

import java.util.Optional;

/// The element types of the Open Inference Protocol V2, plus Triton's `BF16`. The constant's name is the wire name.
public enum DataType {
  BOOL(1, Kind.BOOLEAN),
  UINT8(1, Kind.INTEGER),
  UINT16(2, Kind.INTEGER),
  UINT32(4, Kind.INTEGER),
  UINT64(8, Kind.INTEGER),
  INT8(1, Kind.INTEGER),
  INT16(2, Kind.INTEGER),
  INT32(4, Kind.INTEGER),
  INT64(8, Kind.INTEGER),
  FP16(2, Kind.FLOATING),
  BF16(2, Kind.FLOATING),
  FP32(4, Kind.FLOATING),
  FP64(8, Kind.FLOATING),
  /// Strings or blobs; an element has no fixed width.
  BYTES(0, Kind.TEXT);

  /// What an element is, whatever its width.
  public enum Kind {
    BOOLEAN,
    INTEGER,
    FLOATING,
    TEXT
  }

  private final int width;
  private final Kind kind;

  DataType(int width, Kind kind) {
    this.width = width;
    this.kind = kind;
  }

  /// Bytes per element; 0 for `BYTES`.
  public int width() {
    return width;
  }

  public Kind kind() {
    return kind;
  }

  public boolean isFloating() {
    return kind == Kind.FLOATING;
  }

  public boolean isInteger() {
    return kind == Kind.INTEGER;
  }

  public boolean isUnsigned() {
    return this == UINT8 || this == UINT16 || this == UINT32 || this == UINT64;
  }

  /// Whether the protocol gives the type a JSON form. Half floats travel in binary only.
  public boolean hasJsonForm() {
    return this != FP16 && this != BF16;
  }

  public static Optional<DataType> find(String wireName) {
    for (DataType type : values()) {
      if (type.name().equals(wireName)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
