package dev.faultline.fault;

/// What to do about a fault; `command` is one that can be pasted, or empty.
public record Mend(String text, String command) {

  public static Mend of(String text) {
    return new Mend(text, "");
  }
}
