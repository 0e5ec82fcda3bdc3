package dev.faultline.server.release;

/// Who changes something: a name, as the caller gave it or as it was let in, and the address it called from, empty for the server itself.
public record Actor(String name, String address) {
  private static final int CHARS_MAX = 128;

  /// The server by itself: a rollout that ended, a plan that was declared.
  public static Actor server(String part) {
    return new Actor(part, "");
  }

  public Actor {
    String printable = name.replaceAll("\\p{Cntrl}", " ").strip();
    name = printable.length() <= CHARS_MAX ? printable : printable.substring(0, CHARS_MAX);
  }
}
