package dev.faultline.server;

import dev.faultline.server.config.ServerConfig;
import dev.faultline.server.log.LogFile;
import dev.faultline.server.log.Logging;
import java.io.Console;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The log as the configuration wants it.
final class Logs {
  private Logs() {}

  static Logging start(ServerConfig.Log log) {
    List<LogFile> file = log.file().isEmpty() ? List.of() : List.of(new LogFile(Path.of(log.file()), log.fileBytesMax(), log.keptBytesMax(), log.ageMax()));
    return Logging.start(format(log, file), file, "INFO");
  }

  private static Logging.Format format(ServerConfig.Log log, List<LogFile> file) {
    return switch (log.format()) {
      case JSON -> Logging.Format.JSON;
      case HUMAN -> Logging.Format.HUMAN;
      case AUTO -> file.isEmpty() && isTerminal() ? Logging.Format.HUMAN : Logging.Format.JSON;
    };
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false);
  }
}
