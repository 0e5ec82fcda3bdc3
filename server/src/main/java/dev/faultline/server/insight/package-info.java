/// What lets people look into the running server, gathered for the admin API.
@NullMarked
package dev.faultline.server.insight;

import org.jspecify.annotations.NullMarked;
