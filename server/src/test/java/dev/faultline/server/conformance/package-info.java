/// The cases that the ONNX project publishes for its operators, sent through a running server by every binary wire.
@NullMarked
package dev.faultline.server.conformance;

import org.jspecify.annotations.NullMarked;
