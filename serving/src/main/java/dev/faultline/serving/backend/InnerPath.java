package dev.faultline.serving.backend;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// A file name that a file or a request gave, resolved inside the folder that it is relative to, or not at all.
///
/// Only the name is judged: a symbolic link inside the folder is followed wherever it points, because volumes of Kubernetes and caches of
/// model hubs are made of links, and because whoever may place a link there may place any file there.
public final class InnerPath {
  private InnerPath() {}

  /// @return empty when the name is empty, absolute, no path at all, has a backslash, or leaves the folder
  public static Optional<Path> find(Path folder, String name) {
    try {
      Path home = folder.toAbsolutePath().normalize();
      Path told = Path.of(name);
      Path inner = home.resolve(told).normalize();
      // a backslash separates folders on other systems: the name must not mean another place there
      boolean relative = !name.isBlank() && !told.isAbsolute() && name.indexOf('\\') < 0;
      return relative && inner.startsWith(home) && !inner.equals(home) ? Optional.of(inner) : Optional.empty();
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
