/// ONNX Runtime in this process: loads models, runs them, and turns what the engine says into faults.
///
/// Only this package knows ONNX Runtime. [OnnxBackend] is where to begin reading, [OnnxModel#run] is one run from end to end.
@NullMarked
package dev.faultline.backend.onnx;

import org.jspecify.annotations.NullMarked;
