/// Tensors as in ONNX and the Open Inference Protocol: data type, shape, elements, and what a glance at the elements says.
@NullMarked
package dev.faultline.tensor;

import org.jspecify.annotations.NullMarked;
