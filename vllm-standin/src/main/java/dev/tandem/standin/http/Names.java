package dev.tandem.standin.http;

import dev.tandem.standin.EngineConfig;
import org.jspecify.annotations.Nullable;

/** The model names a client may ask for. */
record Names(EngineConfig.Model model) {
  /** The name an answer carries. */
  String shown(@Nullable String asked) {
    return asked == null ? model.servedNames().getFirst() : asked;
  }

  /**
   * The adapter of that name, null for the base model.
   *
   * @throws RequestError 404 for a name nobody serves
   */
  @Nullable String lora(@Nullable String asked) throws RequestError {
    if (asked == null || model.servedNames().contains(asked)) {
      return null;
    }
    if (model.loraNames().contains(asked)) {
      return asked;
    }
    throw new RequestError(
        404, "NotFoundError", "The model `" + asked + "` does not exist.", "model");
  }
}
