/// The edge, the admin API, configuration, and the hand wiring of the product.
@NullMarked
package dev.faultline.server;

import org.jspecify.annotations.NullMarked;
