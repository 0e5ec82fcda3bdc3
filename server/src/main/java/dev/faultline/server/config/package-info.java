/// What the server is told: keys, where each value came from, and the records the rest of the product is given.
@NullMarked
package dev.faultline.server.config;

import org.jspecify.annotations.NullMarked;
