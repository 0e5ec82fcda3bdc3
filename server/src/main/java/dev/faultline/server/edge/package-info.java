/// The data port: inference, health and metadata as Open Inference Protocol V2 and KServe V1 have them, over HTTP.
@NullMarked
package dev.faultline.server.edge;

import org.jspecify.annotations.NullMarked;
