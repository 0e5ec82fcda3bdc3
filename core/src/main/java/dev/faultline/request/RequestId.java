package dev.faultline.request;

import java.util.regex.Pattern;

/// What a request is called everywhere: header `X-Request-Id`, logs, captures. Given by the caller when well-formed, else minted.
public record RequestId(String value) {
  private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z0-9._~-]{1,128}");

  public static boolean isWellFormed(String text) {
    return WELL_FORMED.matcher(text).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
