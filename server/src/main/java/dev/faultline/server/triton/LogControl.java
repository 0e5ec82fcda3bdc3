package dev.faultline.server.triton;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.faultline.protocol.inference.LogSettingsRequest;
import dev.faultline.protocol.inference.LogSettingsResponse;
import dev.faultline.server.triton.Refusal.Kind;
import java.util.List;
import java.util.Map;
import org.slf4j.LoggerFactory;

/// Triton's log settings, as far as this server's log has them: which levels are written. File and format are settled at the start.
public final class LogControl {
  private static final String FILE = "log_file";
  private static final String INFO = "log_info";
  private static final String WARNING = "log_warning";
  private static final String ERROR = "log_error";
  private static final String VERBOSE = "log_verbose_level";
  private static final String FORMAT = "log_format";
  private static final List<String> ALL = List.of(FILE, INFO, WARNING, ERROR, VERBOSE, FORMAT);
  private static final String FORMAT_VALUE = "ISO8601";
  private static final int TRACE_LEVEL = 2;

  private final List<String> names;
  private final String file;

  /// @param file what the log is written to; empty: standard error
  /// @param loggers names of the loggers that follow the settings
  public LogControl(String file, List<String> loggers) {
    this.file = file;
    this.names = List.copyOf(loggers);
  }

  /// Applies what the request names, all or nothing, and says what holds now.
  public synchronized LogSettingsResponse apply(Map<String, LogSettingsRequest.SettingValue> wanted) throws Refusal {
    List<Logger> loggers = loggers();
    Level now = loggers.getFirst().getEffectiveLevel();
    Level next = now;
    for (String name : ALL) {
      LogSettingsRequest.SettingValue value = wanted.get(name);
      if (value != null) {
        next = applied(name, value, next);
      }
    }
    requireKnown(wanted);
    for (Logger logger : next.equals(now) ? List.<Logger>of() : loggers) {
      logger.setLevel(next);
    }
    return settings(next);
  }

  private Level applied(String name, LogSettingsRequest.SettingValue value, Level level) throws Refusal {
    return switch (name) {
      case FILE -> unchangeable(FILE, text(name, value), file, level);
      case FORMAT -> unchangeable(FORMAT, text(name, value), FORMAT_VALUE, level);
      case VERBOSE -> verbose(number(name, value), level);
      case INFO -> flag(name, value, level, Level.INFO, Level.WARN);
      case WARNING -> flag(name, value, level, Level.WARN, Level.ERROR);
      case ERROR -> flag(name, value, level, Level.ERROR, Level.OFF);
      default -> level;
    };
  }

  /// Levels contain each other: what is switched on brings the more serious ones, what is switched off takes the less serious.
  private static Level flag(String name, LogSettingsRequest.SettingValue value, Level level, Level own, Level above) throws Refusal {
    if (!value.hasBoolParam()) {
      throw unfit(name, "a boolean");
    }
    boolean isOn = own.isGreaterOrEqual(level);
    if (value.getBoolParam() == isOn) {
      return level;
    }
    return isOn ? above : own;
  }

  private static Level verbose(int verbosity, Level level) {
    if (verbosity == 0) {
      return level.isGreaterOrEqual(Level.INFO) ? level : Level.INFO;
    }
    return verbosity >= TRACE_LEVEL ? Level.TRACE : Level.DEBUG;
  }

  private static Level unchangeable(String name, String wanted, String there, Level level) throws Refusal {
    if (!wanted.equals(there)) {
      throw new Refusal(Kind.UNIMPLEMENTED, name + " is '" + there + "' and cannot change while the server runs (mend: log.file and log.format of the configuration)");
    }
    return level;
  }

  /// A program that embeds the server may write its log with something else.
  private List<Logger> loggers() throws Refusal {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      return names.stream().map(context::getLogger).toList();
    }
    throw new Refusal(Kind.UNIMPLEMENTED, "the log of this process is not the server's own, so its settings cannot be told or changed here");
  }

  private LogSettingsResponse settings(Level level) {
    return LogSettingsResponse.newBuilder()
        .putSettings(FILE, text(file))
        .putSettings(INFO, flag(Level.INFO.isGreaterOrEqual(level)))
        .putSettings(WARNING, flag(Level.WARN.isGreaterOrEqual(level)))
        .putSettings(ERROR, flag(Level.ERROR.isGreaterOrEqual(level)))
        .putSettings(VERBOSE, LogSettingsResponse.SettingValue.newBuilder().setUint32Param(verbosity(level)).build())
        .putSettings(FORMAT, text(FORMAT_VALUE))
        .build();
  }

  private static int verbosity(Level level) {
    if (level.isGreaterOrEqual(Level.INFO)) {
      return 0;
    }
    return level.isGreaterOrEqual(Level.DEBUG) ? 1 : TRACE_LEVEL;
  }

  private static void requireKnown(Map<String, LogSettingsRequest.SettingValue> wanted) throws Refusal {
    for (String name : wanted.keySet()) {
      if (!ALL.contains(name)) {
        throw new Refusal(Kind.INVALID_ARGUMENT, "there is no log setting '" + name + "' (expected: one of " + String.join(", ", ALL) + ")");
      }
    }
  }

  private static String text(String name, LogSettingsRequest.SettingValue value) throws Refusal {
    if (!value.hasStringParam()) {
      throw unfit(name, "a string");
    }
    return value.getStringParam();
  }

  private static int number(String name, LogSettingsRequest.SettingValue value) throws Refusal {
    if (!value.hasUint32Param() || value.getUint32Param() < 0) {
      throw unfit(name, "a whole number from 0");
    }
    return value.getUint32Param();
  }

  private static Refusal unfit(String name, String want) {
    return new Refusal(Kind.INVALID_ARGUMENT, "log setting '" + name + "' has a value of another kind (expected: " + want + ")");
  }

  private static LogSettingsResponse.SettingValue text(String value) {
    return LogSettingsResponse.SettingValue.newBuilder().setStringParam(value).build();
  }

  private static LogSettingsResponse.SettingValue flag(boolean value) {
    return LogSettingsResponse.SettingValue.newBuilder().setBoolParam(value).build();
  }
}
