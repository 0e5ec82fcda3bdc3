/// The gRPC port: the Open Inference Protocol with Triton's extensions, health and reflection.
@NullMarked
package dev.faultline.server.grpc;

import org.jspecify.annotations.NullMarked;
