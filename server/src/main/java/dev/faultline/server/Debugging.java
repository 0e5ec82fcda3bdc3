package dev.faultline.server;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The JVM's door for remote debuggers (JDWP). Whoever gets in runs any code as the server's user and is asked for no password, so it is open
/// on this machine's loopback address or not at all.
final class Debugging {
  private static final Pattern AGENT = Pattern.compile("-(?:agentlib:jdwp=|Xrunjdwp:|agentpath:[^=]*jdwp[^=]*=)(.*)");
  private static final Pattern ADDRESS = Pattern.compile("(?:^|,)address=([^,]*)");
  private static final Pattern LOOPBACK = Pattern.compile("(?:(?:localhost|127(?:\\.\\d{1,3}){3}|\\[::1]|::1):)?\\d*");

  private Debugging() {}

  /// Where debuggers get in, by the JVM's own arguments; empty when they do not.
  static Optional<String> find(List<String> jvmArguments) {
    return jvmArguments.stream().map(AGENT::matcher).filter(Matcher::matches).map(agent -> address(agent.group(1))).findFirst();
  }

  /// Whether an address is one that only this machine reaches. The JVM takes a bare port for one.
  static boolean isLoopback(String address) {
    return LOOPBACK.matcher(address).matches();
  }

  private static String address(String options) {
    Matcher address = ADDRESS.matcher(options);
    return address.find() ? address.group(1) : "";
  }

  /// @throws StartException when other machines could get in
  static void requireLoopback(List<String> jvmArguments) throws StartException {
    Optional<String> address = find(jvmArguments);
    if (address.isPresent() && !isLoopback(address.get())) {
      throw new StartException(
          "remote debugging listens on '" + address.get() + "', where others than this machine may reach it, and it asks nobody for a password (expected: faultline serve --debug-port N, which listens on"
              + " 127.0.0.1; from elsewhere: ssh -L)",
          new IllegalArgumentException("jdwp address " + address.get()));
    }
  }
}
