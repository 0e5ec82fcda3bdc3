/// Triton's extensions of the protocol, once for both wires: REST answers are the JSON of the gRPC answers.
@NullMarked
package dev.faultline.server.triton;

import org.jspecify.annotations.NullMarked;
