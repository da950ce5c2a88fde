package dev.tandem.cli.page;

import io.javalin.config.RoutesConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The page's own files, read once from the class path. A fixed list: no path from a request reaches
 * a file system.
 */
final class StaticFiles {

  private static final List<String> NAMES =
      List.of(
          "index.html",
          "page.css",
          "page.js",
          "arcs.js",
          "card.js",
          "chart.js",
          "format.js",
          "map.js",
          "pods.js",
          "scale.js",
          "summary.js",
          "tree.js",
          "favicon.svg");

  private StaticFiles() {}

  static void addTo(RoutesConfig routes) {
    for (String name : NAMES) {
      byte[] content = read(name);
      String type = type(name);
      String path = name.equals("index.html") ? "/" : "/" + name;
      routes.get(path, ctx -> ctx.contentType(type).result(content));
    }
  }

  private static String type(String name) {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "svg" -> "image/svg+xml";
      default -> throw new IllegalArgumentException("no content type for " + name);
    };
  }

  private static byte[] read(String name) {
    try (InputStream in = StaticFiles.class.getResourceAsStream("/page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("/page/" + name + " is not on the class path");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read /page/" + name, e);
    }
  }
}
