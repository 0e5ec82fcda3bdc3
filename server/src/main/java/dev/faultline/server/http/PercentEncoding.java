package dev.faultline.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// One part of a path as people write it. A plus stays a plus, and what is not percent-encoding stays as it is.
final class PercentEncoding {
  private PercentEncoding() {}

  static String decode(String part) {
    if (part.indexOf('%') < 0) {
      return part;
    }
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }
}
