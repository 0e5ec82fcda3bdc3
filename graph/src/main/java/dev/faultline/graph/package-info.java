/// ONNX graphs as data: read, name, slice, tap.
///
/// [GraphReader] turns bytes into a [Graph]; everything else takes a [Graph] and returns another, and [GraphWriter] turns
/// that into bytes again. Nothing here runs a model.
@NullMarked
package dev.faultline.graph;

import org.jspecify.annotations.NullMarked;
