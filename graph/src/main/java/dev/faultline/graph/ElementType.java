package dev.faultline.graph;

/// The type of a tensor's elements as an ONNX model states it, with ONNX's number for it.
///
/// It has more members than the data types a request can carry: a model may hold eight-bit floats or four-bit integers
/// inside although nobody can send them.
public enum ElementType {
  UNDEFINED(0, Family.OTHER),
  FLOAT(1, Family.FLOAT),
  UINT8(2, Family.INTEGER),
  INT8(3, Family.INTEGER),
  UINT16(4, Family.INTEGER),
  INT16(5, Family.INTEGER),
  INT32(6, Family.INTEGER),
  INT64(7, Family.INTEGER),
  STRING(8, Family.OTHER),
  BOOL(9, Family.OTHER),
  FLOAT16(10, Family.FLOAT),
  DOUBLE(11, Family.FLOAT),
  UINT32(12, Family.INTEGER),
  UINT64(13, Family.INTEGER),
  COMPLEX64(14, Family.OTHER),
  COMPLEX128(15, Family.OTHER),
  BFLOAT16(16, Family.FLOAT),
  FLOAT8E4M3FN(17, Family.FLOAT),
  FLOAT8E4M3FNUZ(18, Family.FLOAT),
  FLOAT8E5M2(19, Family.FLOAT),
  FLOAT8E5M2FNUZ(20, Family.FLOAT),
  UINT4(21, Family.INTEGER),
  INT4(22, Family.INTEGER),
  FLOAT4E2M1(23, Family.FLOAT),
  FLOAT8E8M0(24, Family.FLOAT),
  UINT2(25, Family.INTEGER),
  INT2(26, Family.INTEGER);

  private enum Family {
    FLOAT,
    INTEGER,
    OTHER
  }

  private final int number;
  private final Family family;

  ElementType(int number, Family family) {
    this.number = number;
    this.family = family;
  }

  /// The member with this ONNX number; a number from a newer format is [#UNDEFINED].
  public static ElementType of(long number) {
    ElementType[] all = values();
    return number >= 0 && number < all.length ? all[(int) number] : UNDEFINED;
  }

  /// ONNX's number, as it stands in `TensorProto.data_type` and in the `to` attribute of `Cast`.
  public int number() {
    return number;
  }

  /// Whether an element is a floating-point number; NaN is possible in all of these but `FLOAT4E2M1`.
  public boolean isFloat() {
    return family == Family.FLOAT;
  }

  public boolean isInteger() {
    return family == Family.INTEGER;
  }
}
