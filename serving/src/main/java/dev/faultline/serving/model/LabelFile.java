package dev.faultline.serving.model;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.backend.InnerPath;
import dev.faultline.serving.model.TritonConfig.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Names of an output's classes from the file that `config.pbtxt` names as its `label_filename`: one name a line, in the classes' order.
final class LabelFile {
  private static final long BYTES_MAX = 16L << 20;

  private LabelFile() {}

  static void read(Path modelFolder, Port port, Draft draft) {
    String where = TritonConfigReader.FILE + ": output '" + port.name() + "': label_filename";
    Optional<Path> file = InnerPath.find(modelFolder, port.labelFilename());
    if (file.isEmpty()) {
      draft.outside(where, port.labelFilename(), "a name inside the model's folder");
    } else if (!Files.isRegularFile(file.get())) {
      draft.problems.add(where, "is '" + port.labelFilename() + "', which is not in " + modelFolder + " (expected: a file with one name a line)");
    } else {
      read(file.get(), where, port, draft);
    }
  }

  private static void read(Path file, String where, Port port, Draft draft) {
    try {
      if (Files.size(file) > BYTES_MAX) {
        draft.problems.add(where, "is " + Files.size(file) + " bytes long (expected: at most " + BYTES_MAX + ")");
        return;
      }
      List<String> names = Files.readAllLines(file);
      draft.labels.put(port.name(), names);
      Agreement.find(draft.outputs, port.name()).ifPresent(spec -> compare(spec, names, where, draft));
    } catch (IOException e) {
      draft.problems.add(where, "cannot be read as UTF-8 text: " + e);
    }
  }

  private static void compare(TensorSpec spec, List<String> names, String where, Draft draft) {
    if (!spec.dimensions().isEmpty() && spec.dimensions().getLast() instanceof Dimension.Fixed(long classes) && classes != names.size()) {
      draft.warnings.add(where + ": has " + names.size() + " names, but '" + spec.name() + "' has " + classes + " classes");
    }
  }
}
