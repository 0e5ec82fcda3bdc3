package dev.faultline.server.memory;

import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// What the JVM's Native Memory Tracking says by category, committed bytes; empty unless Java was started with
/// `-XX:NativeMemoryTracking=summary`, which costs some per cent. It knows the JVM's own memory, not what the engine takes.
final class NativeTracking {
  private static final Pattern CATEGORY = Pattern.compile("-\\s+(\\S[^(]*?)\\s+\\(reserved=\\d+KB, committed=(\\d+)KB");

  private NativeTracking() {}

  static Map<String, Long> categories() {
    return parse(summary());
  }

  static Map<String, Long> parse(String summary) {
    var categories = new LinkedHashMap<String, Long>();
    Matcher category = CATEGORY.matcher(summary);
    while (category.find()) {
      categories.put(category.group(1), Long.parseLong(category.group(2)) << 10);
    }
    return Collections.unmodifiableMap(categories);
  }

  private static String summary() {
    try {
      var commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
      Object[] arguments = {new String[] {"summary", "scale=KB"}};
      String[] signature = {String[].class.getName()};
      return String.valueOf(ManagementFactory.getPlatformMBeanServer().invoke(commands, "vmNativeMemory", arguments, signature));
    } catch (JMException e) {
      // a JVM that does not have the command tracks nothing either
      return "";
    }
  }
}
