package dev.faultline.protocol;

import dev.faultline.request.Payload;
import java.util.OptionalInt;

/// The content type of a payload that is JSON first and binary tensors behind it.
///
/// On the wire the length of the JSON is a header of its own, `Inference-Header-Content-Length`. Here it is a parameter of the content
/// type, so that a payload says by itself how it is to be read, also when it comes back from a file.
public final class BinaryContentType {
  public static final String HEADER = "Inference-Header-Content-Length";
  public static final String BARE = "application/octet-stream";

  private static final String MARK = BARE + ";" + "inference-header-content-length=";

  private BinaryContentType() {}

  /// The content type of a request that came with this value of the header; DECODE judges the value.
  public static String of(String headerValue) {
    return MARK + Excerpt.value(headerValue.strip());
  }

  /// Bytes of JSON at the start of an encoded answer; empty when all of it is JSON.
  public static OptionalInt jsonLength(Payload payload) {
    return isBinary(payload) ? OptionalInt.of(Integer.parseInt(announced(payload))) : OptionalInt.empty();
  }

  /// Whether binary tensors may follow the payload's JSON.
  public static boolean isBinary(Payload payload) {
    return payload.contentType().startsWith(MARK);
  }

  /// What the header said, word for word.
  static String announced(Payload payload) {
    return payload.contentType().substring(MARK.length());
  }
}
