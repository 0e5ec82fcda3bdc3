package dev.faultline.request;

/// Raw bytes with a content type. Whoever makes one hands the array over and does not write to it again.
public final class Payload {
  public static final Payload EMPTY = new Payload(new byte[0], 0, 0, "");

  private final byte[] bytes;
  private final int offset;
  private final int length;
  private final String contentType;

  private Payload(byte[] bytes, int offset, int length, String contentType) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
    this.contentType = contentType;
  }

  public static Payload of(byte[] bytes, String contentType) {
    return new Payload(bytes, 0, bytes.length, contentType);
  }

  public static Payload of(byte[] bytes, int offset, int length, String contentType) {
    return new Payload(bytes, offset, length, contentType);
  }

  /// The backing array; valid from [#offset] for [#length] bytes. Do not write to it.
  public byte[] array() {
    return bytes;
  }

  public int offset() {
    return offset;
  }

  public int length() {
    return length;
  }

  public String contentType() {
    return contentType;
  }

  public byte[] copyOfBytes() {
    return java.util.Arrays.copyOfRange(bytes, offset, offset + length);
  }
}
