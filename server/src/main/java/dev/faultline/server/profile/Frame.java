package dev.faultline.server.profile;

import java.util.List;
import java.util.regex.Pattern;

/// One frame of a stack as people read it: `java.lang.Math.sqrt`, `libjvm.so Parker::park`, or the class of an allocated object.
record Frame(String label, Kind kind) {
  /// Hidden classes are numbered anew in every run.
  private static final Pattern HIDDEN = Pattern.compile("[./+]0x[0-9a-f]+");
  private static final Pattern DESCRIPTOR = Pattern.compile("\\[+[BCDFIJSZ]|\\[+L.*;");
  private static final List<String> PLATFORM = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.");
  private static final String CODES = "BCDFIJSZ";
  private static final List<String> TYPES = List.of("byte", "char", "double", "float", "int", "long", "short", "boolean");

  enum Kind {
    JAVA,
    NATIVE,
    KERNEL,
    OBJECT
  }

  Frame {
    // what parts a collapsed stack must not stand in it
    label = label.replace(';', ',').replace('\n', ' ');
  }

  static Frame java(String type, String method) {
    return new Frame(HIDDEN.matcher(type.replace('/', '.')).replaceAll("") + "." + method, Kind.JAVA);
  }

  static Frame outside(Kind kind, String library, String symbol) {
    return new Frame((library + " " + symbol).strip(), kind);
  }

  /// The class of an object, given as the JVM writes it.
  static Frame object(String type) {
    if (!DESCRIPTOR.matcher(type).matches()) {
      return new Frame(HIDDEN.matcher(type.replace('/', '.')).replaceAll(""), Kind.OBJECT);
    }
    int depth = type.lastIndexOf('[') + 1;
    String element = type.substring(depth);
    String name = element.length() == 1 ? TYPES.get(CODES.indexOf(element)) : element.substring(1, element.length() - 1).replace('/', '.');
    return new Frame(name + "[]".repeat(depth), Kind.OBJECT);
  }

  /// Whether it is Java's own code or made by it, which is seldom what somebody looks for.
  boolean isPlatform() {
    return kind != Kind.JAVA || label.contains("$$Lambda") || PLATFORM.stream().anyMatch(label::startsWith);
  }
}
