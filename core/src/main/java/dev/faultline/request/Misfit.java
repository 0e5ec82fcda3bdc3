package dev.faultline.request;

/// A JSON value that the tensor's data type cannot hold. Decoding notes it and goes on, so that VALIDATE can report every one.
///
/// `flat` is the element's row-major index; `got` is the JSON text, shortened.
public record Misfit(int flat, Kind kind, String got) {

  public enum Kind {
    /// `null`, or a record without the member.
    NULL,
    /// A JSON value of another type, such as a number in a string.
    WRONG_TYPE,
    /// A number with a fraction for an integer type.
    NOT_INTEGRAL,
    /// A number that the type cannot hold, such as 300 for UINT8 or 1e999.
    OUT_OF_RANGE
  }
}
