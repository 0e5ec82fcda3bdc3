package dev.faultline.server.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.LoggerFactory;

/// Which levels are written, package by package, changed while the server runs and until it stops.
public final class Loggers {
  /// As Java names packages and classes; `ROOT` is what all others inherit from.
  private static final Pattern NAME = Pattern.compile("ROOT|[A-Za-z_$][\\w$-]*(\\.[A-Za-z_$][\\w$-]*)*");
  private static final int NAME_CHARACTERS_MAX = 200;
  /// Loggers with a level of their own.
  public static final int SET_MAX = 200;
  public static final List<String> LEVELS = List.of("OFF", "ERROR", "WARN", "INFO", "DEBUG", "TRACE");

  /// `level` is its own, empty when it inherits; `effective` what counts.
  public record Standing(String name, String level, String effective) {}

  /// A program that embeds the server may write its log with something else; then there is nothing to set.
  private static Optional<LoggerContext> context() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext context ? Optional.of(context) : Optional.empty();
  }

  public boolean isOurs() {
    return context().isPresent();
  }

  public static boolean isName(String name) {
    return name.length() <= NAME_CHARACTERS_MAX && NAME.matcher(name).matches();
  }

  /// Those with a level of their own, and the server's own classes that have written something.
  public List<Standing> list() {
    return context().map(context -> context.getLoggerList().stream().filter(each -> each.getLevel() != null || each.getName().startsWith("dev.faultline.")).map(Loggers::standing).toList()).orElse(List.of());
  }

  public Optional<Standing> find(String name) {
    return context().map(context -> context.getLogger(name)).map(Loggers::standing);
  }

  /// @return false when too many have levels of their own already
  public boolean set(String name, String level) {
    LoggerContext context = context().orElseThrow();
    long own = context.getLoggerList().stream().filter(each -> each.getLevel() != null && !each.getName().equals(name)).count();
    if (own >= SET_MAX) {
      return false;
    }
    context.getLogger(name).setLevel(Level.toLevel(level));
    return true;
  }

  /// From now on it has the level of the package around it.
  public void inherit(String name) {
    context().orElseThrow().getLogger(name).setLevel(null);
  }

  private static Standing standing(Logger logger) {
    return new Standing(logger.getName(), logger.getLevel() == null ? "" : logger.getLevel().toString(), logger.getEffectiveLevel().toString());
  }
}
